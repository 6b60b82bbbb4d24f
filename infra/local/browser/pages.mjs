// Every page, on a desk and on a phone, light and dark, in both languages: axe finds nothing serious, no chart is empty, nothing is wider than the window, each asks for
// its data at most three times, and gives it as CSV too. The first load is small.

import { scenario, expect, accessible, drawn, fits, signIn } from "./browser.mjs";

const course = "https://learn.example.org/courses/medication-safety";
const video = "https://video.example.org/courses/medication-safety/double-check";
const largest = 300_000; // bytes of all that is loaded first

// pages by their names: the address, or which link of the page before leads there; and the parts that must have a chart.
const pages = {
  overview: ["/console/", "trend"],
  "a year": ["/console/?days=365&measure=time", "trend"],
  activities: ["/console/activities"],
  course: ["/console/activity?id=" + encodeURIComponent(course), "trend", "standing", "time", "scores"],
  video: ["/console/activity?id=" + encodeURIComponent(video), "trend", "standing", "video"],
  learners: ["/console/learners?course=" + encodeURIComponent(course)],
  learner: ["tbody th a", "trend", "path"], // whoever comes first in the list
  sessions: ['a[href*="/console/sessions?"]'],
  statements: ["/console/statements"],
  keys: ["/console/keys"],
};

const languages = { "en-GB": ["en", "Overview"], "fr-FR": ["fr", "Aperçu"] };

for (const look of [
  { colorScheme: "light", locale: "en-GB" },
  { colorScheme: "dark", locale: "fr-FR", viewport: { width: 390, height: 844 } },
]) {
  await scenario(look, async (page, step) => {
    step("the form");
    const asked = [];
    page.on("request", (r) => asked.push(r));
    await page.goto("/console/signin");
    await accessible(page);
    await fits(page);

    step("the first load");
    await signIn(page);
    await page.waitForLoadState();
    let size = 0;
    for (const r of asked) if (await r.response()) size += (await r.sizes()).responseBodySize;
    console.log(`first load: ${size} bytes in ${asked.length} requests`);
    expect(`the first load is ${size} bytes`, size > 0 && size <= largest);

    for (const [name, [path, ...charts]] of Object.entries(pages)) {
      step(`${name}, ${look.colorScheme}, ${look.locale}`);
      const to = path.startsWith("/") ? path : await page.locator(path).first().getAttribute("href");
      asked.length = 0;
      await page.goto(to);
      const data = asked.filter((r) => !new URL(r.url()).pathname.startsWith("/console/assets/"));
      expect(`it asks for its data ${data.length} times`, data.length <= 3);

      const [lang, first] = languages[look.locale];
      expect("it speaks the language", (await page.locator("html").getAttribute("lang")) === lang && (await page.locator("nav a").first().textContent()) === first);
      await drawn(page, ...charts);
      await fits(page);
      if (name !== "a year") await accessible(page); // it has the parts of the overview

      const csv = page.locator("a[data-saves]");
      if (name === "statements" || name === "keys") continue;
      const answer = await page.request.get(await csv.getAttribute("href"));
      const lines = (await answer.text()).trim().split("\n");
      expect(`its CSV is answered ${answer.status()}, in ${lines.length} lines`, answer.ok() && answer.headers()["content-type"].startsWith("text/csv") && lines.length > 1);
    }
  });
}
