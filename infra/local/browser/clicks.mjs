// A manager clicks through: from the overview to a course and its modules, from what needs a look to a learner, narrows the figures, downloads them, and
// looks at statements by what they have in common.

import { scenario, expect, drawn, signIn } from "./browser.mjs";

await scenario({}, async (page, step) => {
  const heading = page.locator("h1");
  await signIn(page);

  step("a course from the overview");
  const course = page.locator("#courses tbody th a").first();
  const name = await course.textContent();
  await course.click();
  await heading.filter({ hasText: name }).waitFor();
  await drawn(page, "trend", "standing");

  step("a module of the course");
  const module = page.locator("#funnel tbody th a").first();
  const part = await module.textContent();
  await module.click();
  await heading.filter({ hasText: part }).waitFor();
  expect("it says whose module it is", (await page.locator(".trail a").textContent()) === name);

  step("questions of the course");
  await page.locator(".trail a").click();
  await heading.filter({ hasText: name }).waitFor();
  await page.locator("#questions summary").first().click();
  await page.locator("#questions details[open] tbody tr").first().waitFor();

  step("a learner from what needs a look");
  await page.getByRole("link", { name: "Overview" }).click();
  const notice = page.locator("#notices li a").first();
  const told = Number((await notice.textContent()).split(" ")[0]);
  await notice.click();
  await heading.filter({ hasText: "Learners" }).waitFor();
  const learners = page.locator("tbody th a");
  expect("the list has those who are told of", (await learners.count()) === Math.min(told, 25) && (await page.locator("[name=course]").last().inputValue()) !== "");
  const who = await learners.first().textContent();
  await learners.first().click();
  await heading.filter({ hasText: who }).waitFor();
  await page.locator("#path summary").first().click();
  await page.locator("#path details[open] tbody tr").first().waitFor();

  step("narrowing");
  await page.getByRole("link", { name: "Overview" }).click();
  const statements = async () => Number((await page.locator(".tile", { hasText: "Statements" }).locator(".large").textContent()).replaceAll(",", ""));
  const all = await statements();
  await page.getByText("Filter", { exact: true }).click();
  await page.locator("[name=modality]").selectOption("mobile");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL("**modality=mobile**");
  const some = await statements();
  expect(`of ${all} statements ${some} are of phones`, some > 0 && some < all);
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  const file = (await saving).suggestedFilename();
  expect(`what is saved is named ${file}`, file.endsWith(".csv"));
  await page.getByRole("link", { name: "Modality: Mobile" }).click();
  await page.waitForURL((at) => !at.search.includes("modality"));
  expect("the filter is gone", (await statements()) === all);
  await page.getByRole("link", { name: "Time spent" }).click();
  await page.locator("#trend [aria-current]", { hasText: "Time spent" }).waitFor();

  step("statements with the same verb");
  await page.getByRole("link", { name: "Statements", exact: true }).first().click();
  const lines = page.locator(".statements > li");
  const verb = lines.first().locator(".told a").nth(1);
  const did = await verb.textContent();
  await verb.click();
  await page.waitForURL("**verb=**");
  const verbs = await lines.evaluateAll((list) => list.map((l) => l.querySelectorAll(".told a")[1].textContent));
  expect(`each line says ${did}: ${verbs}`, verbs.length > 0 && verbs.every((v) => v === did));
  await lines.first().locator("summary").click();
  expect("the statement is shown as it is stored", JSON.parse(await lines.first().locator("pre").textContent()).stored);
  expect("the query is for the same", (await page.locator("#query").textContent()).includes("/xapi/statements?verb="));
});
