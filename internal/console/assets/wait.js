// Shows that a page is on its way when it takes longer than a moment.
let saves = false; // what was followed saves a file, and the page stays. The attribute download would save the sign-in form when the session has ended.
addEventListener("click", (e) => { saves = !!e.target.closest?.("a[data-saves]"); }, true);
addEventListener("beforeunload", () => saves || document.body.classList.add("leaving"));
addEventListener("pageshow", () => document.body.classList.remove("leaving")); // come back to as it was left
