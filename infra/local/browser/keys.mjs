// Whoever looks after keys makes one, gives it another secret, and revokes it. A secret is shown once.

import { scenario, expect, accessible, signIn, send } from "./browser.mjs";

const statement = { actor: { mbox: "mailto:ben@example.com" }, verb: { id: "http://adlnet.gov/expapi/verbs/experienced" }, object: { id: "https://example.com/by-a-new-key" } };

await scenario({}, async (page, step) => {
  const shown = () => page.locator("#secret").textContent();
  await signIn(page, "/console/keys");

  step("making a key");
  await page.getByLabel("What it is for").fill("The simulator");
  await page.locator("input[value='statements/write']").check();
  await page.getByRole("button", { name: "Make the key" }).click();
  await page.getByText("The key is ready").waitFor();
  const id = await page.locator(".secret code").first().textContent();
  const first = await shown();
  await accessible(page);
  expect("it stores statements", (await send(statement, id, first)) === 200);

  step("a new secret");
  await page.goto("/console/keys");
  expect("the secret is shown once", !(await page.content()).includes(first));
  const line = page.locator(".keys > li", { hasText: "The simulator" });
  await line.locator("summary").click();
  await line.getByRole("button", { name: "Make a new secret" }).click();
  await page.getByText("The key is ready").waitFor();
  const second = await shown();
  expect("it is another", second !== first);
  expect("it stores statements", (await send(statement, id, second)) === 200);
  expect("the one before does still", (await send(statement, id, first)) === 200);

  step("revoking");
  await page.goto("/console/keys");
  await line.locator("summary").click();
  await line.getByRole("button", { name: "Revoke" }).click();
  expect("nothing is revoked by mistake", await line.getByLabel("I know").evaluate((box) => !box.checkValidity()));
  await line.getByLabel("I know").check();
  await line.getByRole("button", { name: "Revoke" }).click();
  await line.getByText("revoked on").waitFor();
  expect("nothing more can be done to it", (await line.locator("summary").count()) === 0);
});
