// An answer of a model grows on the page while it comes. A form says by data-ai the id of the block that it grows in, by data-doing what
// stands there before the first word, by data-done what is said when it is there. Its answer comes in lines of JSON: so_far (text, shown
// as text), then html (takes the block's place) or refused (a sentence, below what stood there).
import { all, on, one, say, words } from "./0-dom.js";

const aiComing = new Map(), aiLately = new Map(), aiAlone = new Set();
const LINED = "application/x-ndjson", LATELY = 15000;
let aiEvery = "";

/* A live page may have been made anew meanwhile: blocks are looked up each time, and told again what they were told. */
function growAi(id) {
  const state = aiComing.get(id), block = document.getElementById(id);
  if (!state || !block) return;
  all("form[data-ai]").forEach((form) => form.dataset.ai === id && form.setAttribute("aria-busy", "true"));
  let text = one(":scope > .ai-so-far", block);
  if (!text) {
    state.before ??= [...block.childNodes];
    text = Object.assign(document.createElement("p"), { className: "ai-so-far", dir: "auto" });
    block.replaceChildren(text);
  }
  block.hidden = false;
  block.classList.add("ai-coming");
  text.textContent = state.text || state.doing;
  text.classList.toggle("ai-waits", !state.text);
}
function settleAi(id) {
  all("form[data-ai]").forEach((form) => form.dataset.ai === id && form.removeAttribute("aria-busy"));
  const state = aiComing.get(id), block = document.getElementById(id);
  aiComing.delete(id);
  block?.classList.remove("ai-coming");
  return { block, before: state?.before ?? [] };
}
function putAi(id, html) {
  const { block } = settleAi(id);
  if (!block) return;
  const made = document.createElement("template");
  made.innerHTML = html;
  const fresh = [...made.content.children];
  block.replaceWith(...fresh);
  fresh.forEach((element) => htmx.process(element));
}
/* What was asked for before an answer was there may come after it, without it. */
function putAgain(begun) {
  for (const [id, { html, at }] of aiLately) {
    if (begun >= at || Date.now() - at > LATELY) aiLately.delete(id);
    else if (!aiComing.has(id)) putAi(id, html);
  }
}
function refuseAi(id, sentence) {
  const { block, before } = settleAi(id);
  const told = Object.assign(document.createElement("p"), { className: "ai-refused", textContent: sentence });
  block?.replaceChildren(...before.filter((node) => !node.classList?.contains("ai-refused")), told);
  all("form[aria-busy]", block ?? document.createElement("p")).forEach((form) => form.removeAttribute("aria-busy"));
  say(sentence);
}

function hearAi(id, form, line) {
  if (!line.trim()) return;
  const told = JSON.parse(line), state = aiComing.get(id);
  if (told.so_far !== undefined) { state.text = told.so_far; growAi(id); }
  if (told.html !== undefined) { state.ended = "done"; aiLately.set(id, { html: told.html, at: Date.now() }); putAi(id, told.html); say(form.dataset.done ?? ""); }
  if (told.refused !== undefined) { state.ended = "refused"; refuseAi(id, told.refused); }
}
async function readAi(id, form, answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = "";;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = lines.pop();
    lines.forEach((line) => hearAi(id, form, line));
    if (done) return;
  }
}

/* Gives whether there is an answer now. The focus stays where it was: on the block, if its button was pressed. */
async function askAi(form, by) {
  const id = form.dataset.ai, had = form.contains(document.activeElement);
  if (aiComing.has(id)) return false;
  const state = { text: "", doing: form.dataset.doing ?? "…", ended: "" };
  const body = new URLSearchParams([...new FormData(form, by)].filter(([, value]) => typeof value === "string"));
  aiComing.set(id, state);
  growAi(id);
  try {
    const told = await fetch(form.action, { method: "POST", body, headers: { Accept: LINED }, redirect: "manual" });
    if (told.type === "opaqueredirect") { location.reload(); return false; }
    if (!told.headers.get("content-type")?.startsWith(LINED)) throw new Error(told.status);
    await readAi(id, form, told);
    if (!state.ended) throw new Error("the answer broke off");
  } catch {
    if (!state.ended) refuseAi(id, words.failed);
  }
  if (had && document.activeElement === document.body) one("button, a", document.getElementById(id) ?? document.body)?.focus({ preventScroll: true });
  return state.ended === "done";
}

/* All of a kind, one after another; the first refusal ends it. */
async function askEvery(button) {
  if (aiEvery) return;
  const { every: kind, most, progress } = button.dataset;
  const ids = all(`form[data-kind="${kind}"]`).map((form) => form.dataset.ai).slice(0, Number(most));
  for (const [n, id] of ids.entries()) {
    aiEvery = progress.replace("{n}", n + 1).replace("{all}", ids.length);
    noteEvery();
    const form = all(`form[data-kind="${kind}"]`).find((each) => each.dataset.ai === id);
    if (form && !(await askAi(form))) break;
  }
  aiEvery = "";
  noteEvery();
}
function noteEvery() {
  const button = one("button[data-every]");
  if (!button) return;
  const left = all(`form[data-kind="${button.dataset.every}"]`).length;
  button.dataset.label ??= one("span", button).textContent;
  button.setAttribute("aria-disabled", String(Boolean(aiEvery)));
  button.hidden = !aiEvery && !left;
  one("span", button).textContent = aiEvery || button.dataset.again;
}

/* The translation alone, without what it was made of. */
function showOriginals() {
  for (const button of all("[data-original]")) {
    const isAlone = aiAlone.has(button.dataset.original);
    button.closest(".message").classList.toggle("only-translated", isAlone);
    button.textContent = isAlone ? button.dataset.other : button.dataset.hide;
  }
}

on("submit", (event) => {
  if (!event.target.matches("form[data-ai]")) return;
  event.preventDefault();
  askAi(event.target, event.submitter);
});
on("click", ({ target }) => {
  const every = target.closest("button[data-every]"), original = target.closest("[data-original]")?.dataset.original;
  if (every) askEvery(every);
  if (!original) return;
  if (!aiAlone.delete(original)) aiAlone.add(original);
  showOriginals();
});
on("htmx:beforeRequest", ({ detail }) => { detail.xhr.begun = Date.now(); });
on("htmx:afterSwap", ({ detail }) => {
  putAgain(detail.xhr?.begun ?? Infinity);
  [...aiComing.keys()].forEach(growAi);
  showOriginals();
  if (aiEvery) noteEvery();
});
