// Shows that a page is on its way when it takes longer than a moment.
addEventListener("beforeunload", () => document.body.classList.add("leaving"));
addEventListener("pageshow", () => document.body.classList.remove("leaving")); // come back to as it was left
