// The row menu: one for all rows, filled for the row whose button was pressed. Its items say what they take from the row:
// data-take=".theirs" its text, ".c-link@title" or "@data-orders" an attribute. A link leads there, a button copies it.
// data-onto is put behind the row's data-href; data-only and data-unless say which rows an item is for. What data-beside leads
// to is shown beside the list, where there is one, and not in its place.
import { all, copy, one, plain } from "./0-dom.js";
import { linkOf } from "./2-rows.js";
import { open } from "./3-drawer.js";

let row = null;
const menu = () => one("#row-menu");
export const isChoosing = () => Boolean(menu()?.matches(":popover-open"));

function taken(take) {
  const [where, name] = take.split("@"), from = where ? one(where, row) : row;
  return name ? from?.getAttribute(name) : from?.textContent.trim();
}
function fit(item) {
  const { only, unless, onto, take } = item.dataset;
  const told = take === undefined ? row.dataset.href + onto : taken(take);
  item.hidden = !told || Boolean((only && !row.matches(only)) || (unless && row.matches(unless)));
  if (!told) return;
  item.dataset.place = told;
  for (const name of ["href", "action"]) if (item.hasAttribute(name)) item.setAttribute(name, told);
}
export function openMenu(button) {
  const at = button.getBoundingClientRect(), box = menu();
  row = button.closest("tr");
  all("[data-take], [data-onto]", box).forEach(fit);
  box.showPopover();
  const start = document.dir === "rtl" ? at.left : at.right - box.offsetWidth;
  box.style.left = `${Math.max(4, start)}px`;
  box.style.top = `${Math.max(4, Math.min(at.bottom + 2, innerHeight - box.offsetHeight - 4))}px`;
  items()[0]?.focus();
}
export function menuOf(at) {
  const button = at && one(".dots", at);
  if (button) openMenu(button);
}
export function ask(item) {
  menu().hidePopover();
  htmx.ajax("POST", item.dataset.place, { source: item, target: item.dataset.asks, swap: "outerHTML" }).catch(() => {});
}
const isBeside = (link, event) => link.matches("[data-beside]") && plain(event) && one("#rows") && one("#drawer");
export function beside(link, event) {
  if (!isBeside(link, event)) return;
  event.preventDefault();
  open(null, link.href);
}
export function choose(item, event) {
  menu().hidePopover();
  if (!item.href) copy(item.dataset.place);
  else if (isBeside(item, event) || (item.href === linkOf(row)?.href && plain(event) && one("#drawer"))) {
    event.preventDefault();
    open(row, item.href);
  }
}

const items = () => all("a, button, input:not([type=hidden])", menu()).filter((item) => item.checkVisibility());
const MOVES = {
  ArrowDown: (at, list) => (at + 1) % list.length, ArrowUp: (at, list) => (at + list.length - 1) % list.length,
  Home: () => 0, End: (at, list) => list.length - 1,
};
export function walk(event) {
  const list = items(), typing = event.target.matches("input") && !event.key.startsWith("Arrow");
  if (typing || !Object.hasOwn(MOVES, event.key) || !list.length) return;
  event.preventDefault();
  list[MOVES[event.key](list.indexOf(document.activeElement), list)].focus();
}
