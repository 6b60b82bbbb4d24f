// Says what a mark of a chart shows: under the pointer, and by the arrow keys. Without this script the marks' own titles do.
const tip = document.createElement("div");
tip.className = "tip";
tip.setAttribute("role", "status");
document.body.append(tip);

const words = new WeakMap(); // of marks, once their titles are taken away so that nothing is said twice

function say(mark) {
  const title = mark.querySelector("title");
  if (title) {
    words.set(mark, title.textContent);
    title.remove();
  }
  return words.get(mark) ?? "";
}

let shown;

function show(mark) {
  if (mark === shown) return;
  shown?.classList.remove("chosen");
  shown = mark;
  if (!mark) {
    tip.classList.remove("shown");
    return;
  }
  mark.classList.add("chosen");
  tip.textContent = say(mark);
  tip.classList.add("shown");
  const at = mark.getBoundingClientRect();
  const plot = mark.closest("svg.plot").getBoundingClientRect();
  const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
  tip.style.left = `${Math.max(8, Math.min(at.left + at.width / 2 - tip.offsetWidth / 2, room)) + scrollX}px`;
  tip.style.top = `${plot.top + scrollY - tip.offsetHeight - 4}px`;
}

// prepare lets the keyboard reach the charts; again after a part of the page has changed.
function prepare() {
  for (const plot of document.querySelectorAll("svg.plot:not([tabindex])")) plot.setAttribute("tabindex", "0");
}

addEventListener("pointermove", (e) => show(e.target.closest?.(".mark")), { passive: true });
addEventListener("pointerdown", (e) => show(e.target.closest?.(".mark")), { passive: true });
addEventListener("focusout", () => show());
addEventListener("keydown", (e) => {
  const plot = document.activeElement?.closest("svg.plot");
  if (!plot) return;
  const marks = [...plot.querySelectorAll(".mark")];
  const at = marks.indexOf(shown);
  const to = { ArrowRight: at + 1, ArrowLeft: at < 0 ? marks.length - 1 : at - 1, Home: 0, End: marks.length - 1 }[e.key];
  if (e.key === "Escape") show();
  if (to === undefined) return;
  e.preventDefault();
  show(marks[Math.max(0, Math.min(to, marks.length - 1))]);
});
addEventListener("cairn:changed", prepare);
prepare();
