// Somebody saves figures as a file; and once the session has ended, is asked to sign in, and comes back to the page.

import { scenario, expect } from "./browser.mjs";

const { KEY, SECRET } = process.env;

async function signIn(page) {
  await page.getByLabel("Key").fill(KEY);
  await page.getByLabel("Secret").fill(SECRET);
  await page.getByLabel("Secret").press("Enter");
}

await scenario({}, async (page, step) => {
  step("signing in");
  await page.goto("/console/activities?days=7");
  await signIn(page);
  await page.waitForURL("**/console/activities?days=7");

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
  await signIn(page);
  await page.waitForURL("**/console/activities?days=7");
});
