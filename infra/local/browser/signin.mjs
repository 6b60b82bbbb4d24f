// Somebody asks for a page, signs in with a key, by keyboard alone, lands on it, and signs out.

import { scenario, expect, accessible } from "./browser.mjs";

const { KEY, SECRET } = process.env;

await scenario({}, async (page, step) => {
  step("asking for the dashboard");
  await page.goto("/console/");
  expect(`the form is shown, not ${page.url()}`, new URL(page.url()).pathname === "/console/signin");
  await accessible(page);

  step("signing in");
  await page.getByLabel("Key").focus();
  await page.keyboard.type(KEY);
  await page.keyboard.press("Tab");
  await page.keyboard.type(SECRET);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/console/");
  await page.getByText(KEY).first().waitFor();
  await accessible(page);
  const [cookie] = await page.context().cookies();
  expect("the cookie is for the server alone", cookie.httpOnly && cookie.sameSite === "Lax");

  step("signing out");
  await page.getByText(KEY).first().click(); // opens the menu
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/console/signin");
  expect("the cookie is gone", (await page.context().cookies()).length === 0);
  await page.goto("/console/");
  expect("the page is shown to nobody", new URL(page.url()).pathname === "/console/signin");
});
