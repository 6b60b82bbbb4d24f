// Somebody asks for a page, mistypes the secret, signs in with a key, by keyboard alone, lands on the page, and signs out.

import { scenario, expect, accessible } from "./browser.mjs";

const { KEY, SECRET } = process.env;

await scenario({ refused: ["/console/signin"] }, async (page, step) => {
  step("asking for the dashboard");
  await page.goto("/console/?days=7");
  expect(`the form is shown, not ${page.url()}`, new URL(page.url()).pathname === "/console/signin");
  await accessible(page);

  step("signing in");
  await page.getByLabel("Key").focus();
  await page.keyboard.type(KEY);
  await page.keyboard.press("Tab");
  await page.keyboard.type("not the secret");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "do not match" }).waitFor();
  await accessible(page);
  const focused = await page.evaluate(() => document.activeElement.name);
  expect(`the secret can be typed again at once, not ${focused}`, focused === "secret" && (await page.getByLabel("Key").inputValue()) === KEY);
  await page.keyboard.type(SECRET);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/console/?days=7");
  const [cookie] = await page.context().cookies();
  expect("the cookie is for the server alone", cookie.httpOnly && cookie.sameSite === "Lax");

  step("signing out");
  await page.getByText(KEY, { exact: true }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/console/signin");
  expect("the cookie is gone", (await page.context().cookies()).length === 0);
  await page.goto("/console/");
  expect("the page is shown to nobody", new URL(page.url()).pathname === "/console/signin");
});
