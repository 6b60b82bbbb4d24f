// Somebody saves figures as a file; and once the session has ended, is asked to sign in, and comes back to the page.

import { scenario, expect, signIn, enter } from "./browser.mjs";

await scenario({}, async (page, step) => {
  step("signing in");
  await signIn(page, "/console/activities?days=7");

  step("saving a file");
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  const name = (await saved).suggestedFilename();
  expect(`the file is called ${name}`, /^activities-activities-.*\.csv$/.test(name));
  expect("the page waits for nothing more", !(await page.locator("body").getAttribute("class"))?.includes("leaving"));

  step("saving a file after the session");
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Download CSV" }).click();
  await page.waitForURL("**/console/signin?to=*");
  await enter(page);
  await page.waitForURL("**/console/activities?days=7");
});
