// What an update does to what is being read: changed figures are tinted, focus and selection stay, nothing jumps.
import { all, isAway, on, one, say, words } from "./0-dom.js";
import { arrived, focus, showCurrent } from "./3-drawer.js";
import { linkOf, rows, showSelection } from "./2-rows.js";

const asksItself = (element) => element?.matches?.("[hx-trigger^=every], [data-live]");
const moving = (row) => all("td:not(.c-select, .c-menu)", row);
const figure = (cell) => one("time", cell)?.dateTime ?? cell.textContent.trim();
const figures = (row) => new Map(moving(row).map((cell) => [cell.className.split(" ")[0], figure(cell)]));
let before = new Map(), held = null, news = one(".newer");

export const offline = (yes) => { if (one("#offline")) one("#offline").hidden = !yes; };
const failed = ({ detail }) => (asksItself(detail.elt) ? offline(true) : say(words.failed));

function tint(row) {
  const was = before.get(row.id);
  for (const cell of moving(row)) {
    const name = cell.className.split(" ")[0];
    cell.classList.toggle("changed", Boolean(was?.has(name)) && was.get(name) !== figure(cell));
  }
}
/* The row that had the focus may be gone: the one in its place has it then. */
function refocus() {
  if (held && document.activeElement === document.body)
    focus(document.getElementById(held.id) ?? rows()[Math.min(held.at, rows().length - 1)]);
  held = null;
}
on("htmx:beforeRequest", (event) => { if (isAway() && asksItself(event.detail.elt)) event.preventDefault(); });
on("visibilitychange", () => {
  if (!document.hidden) all("[hx-trigger^=every]").forEach((element) => htmx.trigger(element, "live"));
});
on("htmx:beforeSwap", ({ detail }) => {
  offline(false);
  if (/^\s*<!doctype/i.test(detail.serverResponse)) { detail.shouldSwap = false; location.reload(); } // signed out
  if (detail.target.id !== "rows") return;
  before = new Map(rows().map((row) => [row.id, figures(row)]));
  const row = document.activeElement.closest("#rows tr[id]");
  held = row && linkOf(row) ? { id: row.id, at: rows().indexOf(row) } : null;
});
on("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id === "drawer") arrived();
  if (detail.target.id === "rows") { rows().forEach(tint); refocus(); }
  showSelection();
  showCurrent();
  if (one(".newer") && !news) one("#live").textContent = one(".newer").textContent.trim();
  news = one(".newer");
});
["htmx:responseError", "htmx:sendError"].forEach((event) => on(event, failed));
