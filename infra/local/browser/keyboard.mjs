// Somebody who has no mouse: what has the focus can be seen, comes in the order of the page, and does what it says.

import { scenario, expect, signIn } from "./browser.mjs";

await scenario({}, async (page, step) => {
  // Where the focus is, in words; and that it can be seen.
  const focus = () => page.evaluate(() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    if (style.outlineStyle === "none" && at.id !== "main") throw new Error("the focus cannot be seen on " + at.outerHTML.slice(0, 200));
    return (at.getAttribute("aria-label") ?? at.textContent).trim().replaceAll(/\s+/g, " ") || at.name || at.tagName;
  });
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key); };
  // tabTo presses Tab until something has the focus.
  const tabTo = async (name) => {
    const passed = [];
    for (let i = 0; i < 40; i++) {
      await press("Tab");
      passed.push(await focus());
      if (passed.at(-1) === name) return passed;
    }
    throw new Error(`Tab does not lead to ${name}: ${passed.join(", ")}`);
  };

  step("the skip link");
  await signIn(page);
  await page.goto("/console/");
  await press("Tab");
  expect("it comes first", (await focus()) === "Skip to the content");
  const top = (await page.locator(".skip").boundingBox()).y;
  await press("Enter");
  expect("it leads to the content", await page.evaluate(() => document.activeElement.id === "main"));

  step("the order of the page");
  await page.goto("/console/");
  const passed = await tabTo("key");
  expect(`the head is passed in order: ${passed}`, passed.join() === "Skip to the content,Cairn,Overview,Activities,Learners,Statements,Keys,key");
  expect(`the skip link was in sight, at ${top}`, top >= 0 || (await page.locator(".skip").evaluate((e) => e.matches(":focus"))) === false);

  step("the menu");
  await press("Enter");
  await tabTo("Dark");
  await press("Enter");
  await page.locator("html[data-theme=dark]").waitFor();

  step("a chart");
  await page.goto("/console/");
  await tabTo(await page.locator("#trend svg.plot").getAttribute("aria-label"));
  await press("Home", "ArrowRight");
  const tip = await page.locator(".tip.shown").textContent();
  expect(`a mark says what it is: ${tip}`, tip.includes("Learners: "));
  await press("Escape");
  expect("it can be sent away", (await page.locator(".tip.shown").count()) === 0);

  step("a filter");
  await page.goto("/console/");
  await tabTo("Filter");
  await press("Enter");
  await page.locator("[name=platform]").waitFor();
  await tabTo("platform");
  await page.keyboard.type("Calderwood Pocket");
  await press("Enter");
  await page.waitForURL("**platform=Calderwood+Pocket**");
  await page.getByRole("link", { name: "Platform: Calderwood Pocket" }).waitFor();
});
