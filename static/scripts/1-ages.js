// Ages grow while a page stands still, and what is cut off or rounded is told where the pointer is,
// so that a page need not carry every text twice. Steps and words are the server's.
import { number, words } from "./0-dom.js";

const exact = new Intl.DateTimeFormat(document.documentElement.lang,
  { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23", timeZone: words.zone });
const UNITS = [[60, 1, "Seconds"], [3600, 60, "Minutes"], [172800, 3600, "Hours"], [7776000, 86400, "Days"]];

export function age(time) {
  const passed = Math.round((Date.now() - Date.parse(time.dateTime)) / 1000);
  const seconds = Math.max(0, time.matches("[data-until]") ? -passed : passed);
  const unit = UNITS.find(([limit]) => seconds < limit);
  if (!unit) return;
  const text = words[`ago${unit[2]}`].replace("{n}", number.format(Math.floor(seconds / unit[1])));
  if (text !== time.textContent) time.textContent = text;
}
setInterval(() => document.querySelectorAll("time[data-ago], time[data-until]").forEach(age), 15000);

document.addEventListener("mouseover", ({ target }) => {
  const time = target.closest("time[datetime]"), cell = target.closest("td, .status, .cut");
  if (time && !time.title) time.title = exact.format(new Date(time.dateTime));
  const inner = cell && (cell.querySelector("bdi, .status") || cell);
  if (inner && !cell.title && inner.scrollWidth > inner.clientWidth) cell.title = inner.textContent.trim();
});
