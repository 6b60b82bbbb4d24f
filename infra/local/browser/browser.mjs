// A scenario is a script of its own that drives one browser, and fails by its exit status. What the browser must not do fails it too: log an error, ask
// for what is refused or not there, or leave the address under test.

import { createRequire } from "node:module";

const { ADDRESS, CHROMIUM, KEY, PARTS, PATIENCE, SECRET } = process.env;
const require = createRequire(PARTS + "/package.json");
const { chromium } = require("playwright-core");
const axe = require("axe-core");

// Chromium asks Google for this and that as it starts; and its sandbox does not work for root.
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const args = process.getuid() === 0 ? [...quiet, "--no-sandbox"] : quiet;

// step is what was tried last.
let step = "starting";

// scenario runs the steps of a scenario on a new page. options are those of a browser's context: its size, its language, light or dark; and refused, the
// paths at which it means to be refused.
export async function scenario({ refused = [], ...options }, steps) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  const context = await browser.newContext({ baseURL: ADDRESS, viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const faults = [];
  const meant = (url) => URL.canParse(url) && refused.includes(new URL(url).pathname);
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && !meant(m.location().url) && faults.push(`the console says: ${m.text()} (${m.location().url})`));
  page.on("pageerror", (e) => faults.push(`a script fails: ${e}`));
  // Whoever leaves a page, or saves a file, aborts what it was still asking for.
  page.on("requestfailed", (r) => r.failure()?.errorText !== "net::ERR_ABORTED" && faults.push(`a request fails: ${r.url()}: ${r.failure()?.errorText}`));
  page.on("response", (r) => r.status() >= 400 && !meant(r.url()) && faults.push(`${r.request().method()} ${r.url()} is answered ${r.status()}`));
  page.on("request", (r) => r.url().startsWith(ADDRESS + "/") || faults.push(`the page asks elsewhere: ${r.url()}`));
  page.setDefaultTimeout(Number(PATIENCE));
  page.setDefaultNavigationTimeout(60_000); // however much else the machine does
  try {
    await steps(page, (name) => { step = name; });
  } catch (e) {
    faults.push(`${step}: ${e.message}`);
  }
  await browser.close();
  for (const fault of faults) console.log(fault);
  if (faults.length > 0) process.exitCode = 1;
}

// expect holds that something is so.
export function expect(what, is) {
  if (!is) throw new Error(what);
}

// accessible holds that axe finds nothing serious on the page.
export async function accessible(page) {
  await page.evaluate(axe.source); // by the debugger, which no policy of the page's keeps out
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
  expect(serious.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(" ")}`).join("\n"), serious.length === 0);
}

// signIn signs in with the first key, and lands on a page.
export async function signIn(page, to = "/console/") {
  await page.goto("/console/signin?to=" + encodeURIComponent(to));
  await enter(page);
  await page.waitForURL((at) => at.pathname + at.search === to);
}

// enter fills in the form that a page shows, and sends it.
export async function enter(page) {
  await page.locator("[name=key]").fill(KEY);
  await page.locator("[name=secret]").fill(SECRET);
  await page.locator("[name=secret]").press("Enter");
}

// send stores a statement as a provider would, by a key.
export async function send(statement, key = KEY, secret = SECRET) {
  const answer = await fetch(ADDRESS + "/xapi/statements", {
    method: "POST", body: JSON.stringify(statement),
    headers: { "Content-Type": "application/json", "X-Experience-API-Version": "1.0.3", Authorization: "Basic " + btoa(key + ":" + secret) },
  });
  return answer.status;
}

// drawn holds that these parts of a page have a chart, and that no chart of the page is empty.
export async function drawn(page, ...parts) {
  for (const part of parts) expect(`#${part} has a chart`, (await page.locator(`#${part} svg.plot`).count()) > 0);
  const empty = await page.locator("svg.plot").evaluateAll((plots) => plots.filter((plot) => {
    const shapes = [...plot.querySelectorAll("rect:not(.hit), circle, polyline")];
    return !shapes.some((shape) => { const box = shape.getBoundingClientRect(); return box.width > 0 && box.height > 0; });
  }).map((plot) => plot.getAttribute("aria-label")));
  expect(`no chart is empty, as are: ${empty.join("; ")}`, empty.length === 0);
}

// fits holds that nothing of the page is wider than the window.
export async function fits(page) {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(`the page fits: it is ${wide} wide in ${room}`, wide <= room);
}
