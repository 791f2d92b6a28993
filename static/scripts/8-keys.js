// The keyboard. Letters are what stands on the key where the layout is Latin, else the key's place: j is where ο or ت is.
// They do nothing while somebody types, chooses from a menu or is asked something.
import { all, one, on, plain } from "./0-dom.js";
import { copySelected, toggle } from "./2-rows.js";
import { close, currentRow, isOpen, step } from "./3-drawer.js";
import { isChoosing, menuOf, walk } from "./4-menu.js";

const GOES_FOR = 1500;
let going = 0;

function escape() {
  const pop = one("details.pop[open]");
  if (pop) { pop.open = false; one("summary", pop).focus(); }
  else if (isOpen() && !one(":popover-open")) close();
}
function seek() {
  const field = all("#filters input:not([type=hidden])").find((input) => input.checkVisibility());
  field?.focus();
  field?.select();
}
const KEYS = {
  j: () => step(1), k: () => step(-1), x: () => toggle(currentRow()), c: copySelected, m: () => menuOf(currentRow()),
  n: () => one(".pager [rel=next]")?.click(), p: () => one(".pager [rel=prev]")?.click(),
  g: () => { going = Date.now(); }, Escape: escape, "/": seek, "?": () => one("#keys")?.showModal(),
};
KEYS["؟"] = KEYS["?"];

function named(event) {
  if (event.key.length > 1) return event.key;
  const place = /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
  const isLatin = /^\p{Script=Latin}$/u.test(event.key);
  const name = place && !isLatin ? place : event.key.toLowerCase();
  return event.shiftKey && /^[a-z]$/.test(name) ? "" : name;
}
function go(name) {
  going = 0;
  one(`.nav-main [data-key="${CSS.escape(name)}"]`)?.click();
}
on("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select") && event.key !== "Escape";
  if (isChoosing()) { walk(event); return; }
  if (typing || !plain(event) || event.isComposing || one("dialog[open]")) return;
  const name = named(event);
  if (Date.now() - going < GOES_FOR && name.length === 1) { event.preventDefault(); go(name); return; }
  if (!Object.hasOwn(KEYS, name)) return;
  if (name === "/") event.preventDefault();
  KEYS[name]();
});
