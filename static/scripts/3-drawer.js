// One row, opened beside its list; and going from row to row.
import { one } from "./0-dom.js";
import { linkOf, rows } from "./2-rows.js";

let current = null, opening = false;
export const isOpen = () => Boolean(one("#rows")) && one("#drawer")?.hidden === false;
export const currentRow = () => document.activeElement.closest("#rows tr[id]") || document.getElementById(current);

export function showCurrent() {
  const opened = isOpen() ? current : null;
  rows().forEach((row) => row.toggleAttribute("aria-current", row.id === opened));
}
export function open(row, href = linkOf(row).href) {
  current = row?.id ?? current;
  opening = true;
  htmx.ajax("GET", href, { target: "#drawer", swap: "outerHTML" }).catch(() => {});
}
export function close() {
  one("#drawer").replaceWith(Object.assign(document.createElement("aside"), { id: "drawer", hidden: true }));
  showCurrent();
  focus(document.getElementById(current));
}
export function arrived() {
  if (!opening) return;
  opening = false;
  (one("#drawer [autofocus]") ?? one("#drawer-title"))?.focus();
}
export function focus(row) {
  const at = row ?? rows()[0];
  if (at) linkOf(at)?.focus({ preventScroll: true });
}
export function step(by) {
  const list = rows(), at = list.indexOf(currentRow());
  const row = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  if (!row) return;
  row.scrollIntoView({ block: "nearest" });
  if (isOpen()) open(row); else focus(row);
}
