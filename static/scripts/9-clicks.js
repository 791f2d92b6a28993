// The console's own behaviour on top of htmx, and what a click does. Each concern has a file of its own.
import { all, copy, on, one, plain } from "./0-dom.js";
import { copySelected, pick, pickEvery, showSelection, toggle } from "./2-rows.js";
import { close, isOpen, open } from "./3-drawer.js";
import { ask, beside, choose, openMenu } from "./4-menu.js";
import { checkAll } from "./7-forms.js";
import { seekAnything } from "./8-search.js";

const CLICKS = {
  "[data-copy]": (hit) => copy(hit.dataset.copy),
  "[data-copy-selected]": copySelected,
  "[data-clear-selected]": () => pickEvery(false),
  "[data-select-all]": (hit) => pickEvery(hit.checked),
  "tbody .c-select input": (hit, event) => pick(hit.closest("tr"), hit.checked, event.shiftKey),
  ".c-select": (hit, event) => toggle(hit.closest("tr[id]"), event.shiftKey),
  "[data-checks]": checkAll,
  "[data-keys]": () => one("#keys").showModal(),
  ".dots": openMenu,
  "[data-take]": choose,
  "[data-asks]": ask,
  "[data-beside]": beside,
  "[data-search]": (hit, event) => { if (plain(event) && !event.shiftKey) { event.preventDefault(); seekAnything(); } },
  "[data-dialog]": (hit) => document.getElementById(hit.dataset.dialog).showModal(),
  "td .btn": () => {},
  "[data-close]": (hit, event) => { if (isOpen()) { event.preventDefault(); close(); } },
  "#rows tbody tr[id]": (hit, event) => {
    const link = event.target.closest("a");
    if (!plain(event) || event.shiftKey || getSelection().type === "Range" || (link && !link.matches(".open"))) return;
    event.preventDefault();
    open(hit);
  },
};
on("click", (event) => {
  all("details.pop[open]").forEach((pop) => { if (!pop.contains(event.target)) pop.open = false; });
  const selector = Object.keys(CLICKS).find((key) => event.target.closest(key));
  if (selector) CLICKS[selector](event.target.closest(selector), event);
});
showSelection();
