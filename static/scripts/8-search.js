// Search everything: Ctrl-K opens the box, arrows choose, Enter opens. Enter right after a paste waits for the answer and then goes.
// The links become options of a list once a script is there to choose among them. What was typed is kept nowhere.
import { all, on, one } from "./0-dom.js";

let isAwaited = false;
const seekBox = () => one("#seek");
const hits = () => all("#hits .hit");
const chosenHit = () => one("#hits .hit[aria-selected=true]");
const isAnswer = () => one("#hits")?.dataset.q === seekBox().value;

export function seekAnything() {
  const dialog = one("#search");
  if (dialog && !dialog.open) dialog.showModal();
  seekBox()?.focus();
  seekBox()?.select();
}
function dress() {
  const list = one("#hits .hit-list");
  if (!list || !seekBox()) return;
  list.id = "hit-list";
  list.role = "listbox";
  all(".hit-group", list).forEach((group) => {
    group.role = "group";
    group.setAttribute("aria-labelledby", one("h2", group).id);
    one("h2", group).role = "presentation";
  });
  hits().forEach((hit, place) => {
    Object.assign(hit, { id: `hit-${place}`, role: "option", tabIndex: -1, ariaSelected: "false" });
  });
  seekBox().ariaExpanded = String(hits().length > 0);
  seekBox().setAttribute("aria-controls", "hit-list");
  seekBox().removeAttribute("aria-activedescendant");
  if (!hits().length) list.hidden = true;
}
function chooseHit(by) {
  const list = hits(), before = chosenHit();
  if (!list.length) return;
  const at = list.indexOf(before), next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length];
  if (before) before.ariaSelected = "false";
  next.ariaSelected = "true";
  seekBox().setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}
/* Of many numbers no one is meant: they are shown together. */
function goTo(hit) {
  isAwaited = false;
  if (one("#hits").dataset.many !== undefined && !chosenHit()) seekBox().form.submit();
  else if (hit) location.assign(hit.href);
}
function enter() {
  if (isAnswer()) goTo(chosenHit() ?? hits()[0]);
  else { isAwaited = true; htmx.trigger(seekBox(), "seek"); }
}
on("keydown", (event) => {
  const isK = event.key.toLowerCase() === "k" || (event.code === "KeyK" && !/^\p{Script=Latin}$/u.test(event.key));
  if ((event.ctrlKey !== event.metaKey) && isK && !event.altKey && !event.shiftKey) {
    if (!seekBox() || (one("dialog[open]") && !one("#search[open]"))) return;
    event.preventDefault();
    seekAnything();
  }
  if (event.target !== seekBox() || event.isComposing) return;
  const act = { ArrowDown: () => chooseHit(1), ArrowUp: () => chooseHit(-1), Enter: enter }[event.key];
  if (act && !(event.key === "Enter" && !seekBox().value.trim())) { event.preventDefault(); act(); }
});
/* A field of one line would run the lines of a column together. */
on("paste", (event) => {
  const text = event.clipboardData?.getData("text") ?? "";
  if (event.target !== seekBox() || !/[\r\n\t]/.test(text.trim())) return;
  event.preventDefault();
  const box = seekBox();
  box.setRangeText(text.trim().replace(/\s+/g, " "), box.selectionStart, box.selectionEnd, "end");
  htmx.trigger(box, "seek");
});
on("input", ({ target }) => { if (target === seekBox()) isAwaited = false; });
on("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id !== "hits" && detail.elt?.id !== "hits") return;
  dress();
  if (isAwaited && isAnswer()) goTo(hits()[0]);
});
dress();
