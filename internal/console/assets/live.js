// Has the overview follow new statements: asks whether what it shows has changed, and swaps the parts that did. What is open stays open, and
// what has the focus keeps it.
const live = document.getElementById("live");
const asOf = document.getElementById("as-of");
const news = document.getElementById("news");

const often = 1500; // ms between questions: a figure is to follow within two seconds where it is counted at once
const seldom = 60000; // at most, when they fail; and between two words to a screen reader
let mark = live.dataset.mark;
let wait = often;
const sent = new Map(); // each part as it was sent, by its id: other scripts change what stands in the page
for (const part of live.querySelectorAll("section[id]")) sent.set(part.id, part.innerHTML);
let said = 0;

async function ask() {
  const address = new URL(live.dataset.from, location.href);
  address.searchParams.set("mark", mark);
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (response.redirected || response.status === 401) return location.reload(); // the session has ended
  if (!response.ok) throw new Error(response.statusText);
  const answer = await response.json();
  if (answer.mark === mark) return;
  asOf.dateTime = answer.asOf;
  asOf.textContent = answer.when;
  if (swap(answer.html)) tell();
  mark = answer.mark;
}

// swap replaces what differs, part by part, and says whether anything did.
function swap(html) {
  const next = document.createElement("div");
  next.innerHTML = html;
  let changed = false;
  const parts = [...next.querySelectorAll("section[id]")];
  if (!parts.every((part) => sent.has(part.id))) { // from nothing to something
    live.replaceChildren(...next.childNodes);
    for (const part of parts) sent.set(part.id, part.innerHTML);
    changed = true;
  }
  for (const fresh of parts) {
    const part = document.getElementById(fresh.id);
    if (sent.get(part.id) === fresh.innerHTML) continue;
    sent.set(part.id, fresh.innerHTML);
    replace(part, fresh);
    changed = true;
  }
  if (changed) dispatchEvent(new Event("cairn:changed"));
  return changed;
}

function replace(part, fresh) {
  const path = pathTo(part, document.activeElement);
  const open = [...part.querySelectorAll("details")].map((d) => d.open);
  part.replaceChildren(...fresh.cloneNode(true).childNodes);
  part.querySelectorAll("details").forEach((d, i) => (d.open = open[i] ?? false));
  if (path) {
    const again = path.reduce((at, i) => at?.children[i], part);
    if (again instanceof SVGElement) again.setAttribute("tabindex", "0");
    again?.focus({ preventScroll: true });
  }
}

// pathTo is which child of which child has the focus; undefined if none has.
function pathTo(part, element) {
  if (!part.contains(element)) return undefined;
  const path = [];
  for (; element !== part; element = element.parentElement) path.unshift([...element.parentElement.children].indexOf(element));
  return path;
}

function tell() {
  if (Date.now() - said < seldom) return;
  said = Date.now();
  news.textContent = "";
  setTimeout(() => (news.textContent = news.dataset.text), 100);
}

async function follow() {
  if (!document.hidden) {
    try {
      await ask();
      wait = often;
    } catch {
      wait = Math.min(2 * wait, seldom);
    }
  }
  setTimeout(follow, wait);
}
document.addEventListener("visibilitychange", () => document.hidden || (wait = often));
if (asOf) follow();
