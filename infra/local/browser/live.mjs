// The overview follows: a statement changes its figures without a reload, and leaves the focus where it is. How long that took is printed.

import { scenario, expect, signIn, send } from "./browser.mjs";

const longest = 10_000; // ms, on a machine that does other things too

await scenario({}, async (page, step) => {
  await signIn(page);
  const figure = () => page.locator(".tile", { hasText: "Statements" }).locator(".large").textContent();
  await page.evaluate(() => (globalThis.here = true));
  await page.locator("#trend .segments a").nth(1).focus();
  const took = [];
  for (let i = 1; i <= 3; i++) {
    step(`statement ${i}`);
    const before = await figure();
    const began = performance.now();
    const status = await send({
      actor: { mbox: `mailto:newcomer-${i}@example.com`, name: `Newcomer ${i}` }, verb: { id: "http://adlnet.gov/expapi/verbs/completed" },
      object: { id: "https://example.com/courses/live", definition: { type: "http://adlnet.gov/expapi/activities/course" } },
    });
    expect(`it is stored: ${status}`, status === 200);
    await page.waitForFunction((text) => [...document.querySelectorAll(".tile")].find((t) => t.textContent.includes("Statements")).querySelector(".large").textContent !== text,
      before, { timeout: longest });
    took.push(Math.round(performance.now() - began));
    await page.locator("#newest", { hasText: `Newcomer ${i}` }).waitFor();
  }
  console.log(`from a statement to the figure: ${took.join(", ")} ms`);
  expect("the page was not loaded anew", await page.evaluate(() => globalThis.here));
  expect("the focus stays", (await page.evaluate(() => document.activeElement.textContent)) === "Statements");
  await page.getByText("The figures have changed.").waitFor({ state: "attached" });
});
