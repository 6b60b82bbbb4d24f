// A scenario is a script of its own that drives one browser, and fails by its exit status. What the browser must not do fails it too: log an error, ask
// for what is refused or not there, or leave the address under test.

import { createRequire } from "node:module";

const { ADDRESS, CHROMIUM, PARTS, PATIENCE } = process.env;
const require = createRequire(PARTS + "/package.json");
const { chromium } = require("playwright-core");
const axe = require("axe-core");

// Chromium asks Google for this and that as it starts; and its sandbox does not work for root.
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const args = process.getuid() === 0 ? [...quiet, "--no-sandbox"] : quiet;

// step is what was tried last.
let step = "starting";

// scenario runs the steps of a scenario on a new page. options are those of a browser's context: its size, its language, light or dark.
export async function scenario(options, steps) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  const context = await browser.newContext({ baseURL: ADDRESS, viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && faults.push(`the console says: ${m.text()} (${m.location().url})`));
  page.on("pageerror", (e) => faults.push(`a script fails: ${e}`));
  // Whoever leaves a page, or saves a file, aborts what it was still asking for.
  page.on("requestfailed", (r) => r.failure()?.errorText !== "net::ERR_ABORTED" && faults.push(`a request fails: ${r.url()}: ${r.failure()?.errorText}`));
  page.on("response", (r) => r.status() >= 400 && faults.push(`${r.request().method()} ${r.url()} is answered ${r.status()}`));
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
  process.exitCode = faults.length > 0 ? 1 : 0;
}

// expect holds that something is so.
export function expect(what, is) {
  if (!is) throw new Error(what);
}

// accessible holds that axe finds nothing serious on the page.
export async function accessible(page) {
  await page.evaluate(axe.source); // by the debugger, which no policy of the page's keeps out
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const serious = violations.filter((v) => ["serious", "critical"].includes(v.impact));
  expect(serious.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html).join(" ")}`).join("\n"), serious.length === 0);
}
