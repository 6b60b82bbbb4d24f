// On a new server each page says what to do next; somebody does it, and sees the first statement arrive.

import { scenario, expect, accessible, fits, signIn, send } from "./browser.mjs";

const pages = ["/console/", "/console/activities", "/console/learners", "/console/statements", "/console/keys"];

await scenario({}, async (page, step) => {
  await signIn(page);
  for (const [i, path] of pages.entries()) {
    step(`nothing at ${path}`);
    await page.setViewportSize(i % 2 ? { width: 390, height: 844 } : { width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: i % 2 ? "dark" : "light" });
    await page.goto(path);
    if (!path.endsWith("keys")) await page.getByText("Send a first statement").waitFor();
    await accessible(page);
    await fits(page);
  }

  step("the first statement");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto("/console/");
  await page.evaluate(() => (globalThis.here = true));
  const status = await send({
    actor: { mbox: "mailto:ada@example.com", name: "Ada" }, verb: { id: "http://adlnet.gov/expapi/verbs/completed" }, object: { id: "https://example.com/courses/first" },
  });
  expect(`it is stored: ${status}`, status === 200);
  await page.getByRole("link", { name: "Ada" }).waitFor();
  await page.locator("#trend svg.plot").waitFor();
  expect("the page was not loaded anew", await page.evaluate(() => globalThis.here));
});
