// The rows of a list: which are selected (kept by row id, since a live update sets every box anew), and the one at hand.
import { all, copy, fill, number, one } from "./0-dom.js";

const selected = new Set();
let lastPicked = null;
export const rows = () => all("#rows tbody tr[id]");
export const linkOf = (row) => one(".open", row);
const boxOf = (row) => one(".c-select input", row);
const idOf = (row) => row.dataset.id ?? linkOf(row).textContent.trim();
const mark = (row, on) => (on ? selected.add(row.id) : selected.delete(row.id));

export function showSelection() {
  const present = rows();
  for (const id of selected) if (!document.getElementById(id)) selected.delete(id);
  for (const row of present) {
    if (boxOf(row)) boxOf(row).checked = selected.has(row.id);
    row.classList.toggle("selected", selected.has(row.id));
  }
  const every = one("[data-select-all]"), bar = one(".selection"), label = one("[data-selected]");
  if (every) every.checked = selected.size > 0 && selected.size === present.length;
  if (every) every.indeterminate = selected.size > 0 && !every.checked;
  if (bar) bar.hidden = selected.size === 0;
  if (label) label.textContent = fill(label.dataset.selected, number.format(selected.size));
}

export function pick(row, on, reach) {
  const list = rows(), to = list.indexOf(row);
  const from = reach ? list.findIndex((other) => other.id === lastPicked) : -1;
  const span = from < 0 ? [row] : list.slice(Math.min(from, to), Math.max(from, to) + 1);
  span.forEach((each) => mark(each, on));
  lastPicked = row.id;
  showSelection();
}
export const toggle = (row, reach) => row && boxOf(row) && pick(row, !selected.has(row.id), reach);
export const pickEvery = (on) => { rows().forEach((row) => mark(row, on)); showSelection(); };
export function copySelected() {
  const chosen = rows().filter((row) => selected.has(row.id));
  if (chosen.length) copy(chosen.map(idOf).join(","));
}
