// What needs a look is said in one line each, also in French and of thousands of learners, beside the trend on a desk.

import { scenario, expect, signIn } from "./browser.mjs";

for (const locale of ["en-GB", "fr-FR"]) {
  await scenario({ locale }, async (page, step) => {
    step(`notices, ${locale}`);
    await signIn(page);
    const notices = await page.locator("#live .notices a:visible").evaluateAll((all) => all.map((a) => {
      let numbers = 0;
      a.textContent = a.textContent.replace(/\d+/g, (n) => (numbers++ < 2 ? "1 234" : n));
      return { text: a.textContent, lines: Math.round(a.getBoundingClientRect().height / parseFloat(getComputedStyle(a).lineHeight)) };
    }));
    const wrapped = notices.filter((n) => n.lines !== 1).map((n) => n.text);
    expect(`none wraps of ${notices.length}, as do: ${wrapped.join("; ")}`, notices.length > 2 && wrapped.length === 0);
  });
}
