// What the other scripts share. Words come from data-* attributes of the templates; there is none in here.
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const on = (event, act) => document.addEventListener(event, act);
export const words = document.body.dataset;
export const fill = (pattern, n) => pattern.replace("{n}", n);
export const number = new Intl.NumberFormat(document.documentElement.lang);
export const plain = (event) => !(event.ctrlKey || event.metaKey || event.altKey);

/* What is asked about, or chosen from, must not change meanwhile. */
export const isAway = () => document.hidden || one("dialog[open], .menu:popover-open");

let hush;
export function say(text) {
  one("#toast").textContent = text;
  clearTimeout(hush);
  hush = setTimeout(() => say(""), 2500);
}

export function copy(text) {
  const told = fill(words.copied, text.length > 40 ? `${text.slice(0, 40)}…` : text);
  const writing = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("not a secure address"));
  writing.then(() => say(told), () => say(words.notCopied));
}
