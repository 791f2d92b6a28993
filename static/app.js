// The console's own behaviour on top of htmx: rows that open, a selection, keys, live tints.
// Words come from data-* attributes of the templates; there is none in here.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (event, act) => document.addEventListener(event, act);
  const words = document.body.dataset;
  const fill = (pattern, n) => pattern.replace("{n}", n);
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let hush;
  function say(text) {
    one("#toast").textContent = text;
    clearTimeout(hush);
    hush = setTimeout(() => say(""), 2500);
  }

  function copy(text) {
    const told = fill(words.copied, text.length > 40 ? `${text.slice(0, 40)}…` : text);
    const writing = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("not a secure address"));
    writing.then(() => say(told), () => say(words.notCopied));
  }

  // --- selection: kept by row id, since a live update sets every box anew ---
  const selected = new Set();
  let lastPicked = null;
  const rows = () => all("#rows tbody tr[id]");
  const boxOf = (row) => one(".c-select input", row);
  const idOf = (row) => one(".open", row).textContent;
  const mark = (row, on) => (on ? selected.add(row.id) : selected.delete(row.id));
  function showSelection() {
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
  function pick(row, on, reach) {
    const list = rows(), to = list.indexOf(row);
    const from = reach ? list.findIndex((other) => other.id === lastPicked) : -1;
    const span = from < 0 ? [row] : list.slice(Math.min(from, to), Math.max(from, to) + 1);
    span.forEach((each) => mark(each, on));
    lastPicked = row.id;
    showSelection();
  }
  const toggle = (row, reach) => row && boxOf(row) && pick(row, !selected.has(row.id), reach);
  const pickEvery = (on) => { rows().forEach((row) => mark(row, on)); showSelection(); };
  function copySelected() {
    const chosen = rows().filter((row) => selected.has(row.id));
    if (chosen.length) copy(chosen.map(idOf).join(","));
  }

  // --- the drawer: one row, opened beside the list ---
  let current = null, opening = false;
  const isOpen = () => Boolean(one("#rows")) && one("#drawer")?.hidden === false;
  const currentRow = () => document.activeElement.closest("#rows tr[id]") || document.getElementById(current);
  function showCurrent() {
    const opened = isOpen() ? current : null;
    rows().forEach((row) => row.toggleAttribute("aria-current", row.id === opened));
  }
  function open(row) {
    current = row.id;
    opening = true;
    htmx.ajax("GET", one(".open", row).href, { target: "#drawer", swap: "outerHTML" }).catch(() => {});
  }
  function close() {
    one("#drawer").replaceWith(Object.assign(document.createElement("aside"), { id: "drawer", hidden: true }));
    showCurrent();
    one(`#${CSS.escape(current)} .open`)?.focus();
  }
  function step(by) {
    const list = rows(), at = list.indexOf(currentRow());
    const row = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (!row) return;
    row.scrollIntoView({ block: "nearest" });
    if (isOpen()) open(row); else one(".open", row).focus({ preventScroll: true });
  }

  // --- the row menu: one for all rows, filled for the row whose button was pressed ---
  let menuRow = null;
  const TOLD = {
    open: (row) => one(".open", row).href, id: idOf, theirs: (row) => one(".theirs", row)?.textContent,
    link: (row) => one(".c-link", row).title, visit: (row) => "visit" in row.dataset && TOLD.link(row),
  };
  function openMenu(button) {
    const menu = one("#row-menu"), at = button.getBoundingClientRect();
    menuRow = button.closest("tr");
    for (const item of all("[data-do]", menu)) {
      const told = TOLD[item.dataset.do](menuRow);
      item.hidden = !told;
      if (item.href && told) item.href = told;
    }
    for (const item of all("[data-onto]", menu)) {
      const { only, unless, onto } = item.dataset;
      item.hidden = Boolean((only && !menuRow.matches(only)) || (unless && menuRow.matches(unless)));
      item.dataset.place = menuRow.dataset.href + onto;
      for (const name of ["href", "action"]) if (item.hasAttribute(name)) item.setAttribute(name, item.dataset.place);
    }
    menu.showPopover();
    const start = document.dir === "rtl" ? at.left : at.right - menu.offsetWidth;
    menu.style.left = `${Math.max(4, start)}px`;
    menu.style.top = `${Math.min(at.bottom + 2, innerHeight - menu.offsetHeight - 4)}px`;
    one(":is([data-do], [data-onto]):not([hidden])", menu).focus();
  }
  function ask(item) {
    one("#row-menu").hidePopover();
    htmx.ajax("POST", item.dataset.place, { source: item, target: item.dataset.asks, swap: "outerHTML" }).catch(() => {});
  }
  function choose(item, event) {
    one("#row-menu").hidePopover();
    if (item.dataset.do === "open" && plain(event)) { event.preventDefault(); open(menuRow); return; }
    if (!item.href) copy(TOLD[item.dataset.do](menuRow));
  }

  // --- clicks and keys ---
  const plain = (event) => !(event.ctrlKey || event.metaKey || event.altKey);
  const CLICKS = {
    "[data-copy]": (hit) => copy(hit.dataset.copy),
    "[data-copy-selected]": copySelected,
    "[data-clear-selected]": () => pickEvery(false),
    "[data-select-all]": (hit) => pickEvery(hit.checked),
    "tbody .c-select input": (hit, event) => pick(hit.closest("tr"), hit.checked, event.shiftKey),
    ".c-select": (hit, event) => toggle(hit.closest("tr[id]"), event.shiftKey),
    "[data-checks]": (hit) => all("li:not([hidden]) [type=checkbox]", hit.form)
      .forEach((check) => { check.checked = hit.dataset.checks === "all"; }),
    "[data-keys]": () => one("#keys").showModal(),
    ".dots": openMenu,
    "[data-do]": choose,
    "[data-asks]": ask,
    "[data-dialog]": (hit) => document.getElementById(hit.dataset.dialog).showModal(),
    "td .btn": () => {},
    "[data-close]": (hit, event) => { if (isOpen()) { event.preventDefault(); close(); } },
    "#rows tbody tr[id]": (hit, event) => {
      if (!plain(event) || event.shiftKey || getSelection().type === "Range") return;
      event.preventDefault();
      open(hit);
    },
  };
  on("click", (event) => {
    all("details.pop[open]").forEach((pop) => { if (!pop.contains(event.target)) pop.open = false; });
    const selector = Object.keys(CLICKS).find((key) => event.target.closest(key));
    if (selector) CLICKS[selector](event.target.closest(selector), event);
  });
  function escape() {
    const pop = one("details.pop[open]");
    if (pop) { pop.open = false; one("summary", pop).focus(); }
    else if (isOpen() && !one(":popover-open")) close();
  }
  const KEYS = {
    j: () => step(1), k: () => step(-1), x: () => toggle(currentRow()), c: copySelected, Escape: escape,
    "/": () => one("#filters input:not([type=hidden])")?.focus(),
    "?": () => one("#keys")?.showModal(),
  };
  on("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select") && event.key !== "Escape";
    if (typing || !plain(event) || one("dialog[open]") || !Object.hasOwn(KEYS, event.key)) return;
    if (event.key === "/") event.preventDefault();
    KEYS[event.key]();
  });
  on("input", ({ target }) => {
    const sought = target.value.trim().toLowerCase();
    for (const item of document.getElementById(target.dataset.narrows)?.children ?? [])
      item.hidden = !item.textContent.toLowerCase().includes(sought);
  });
  // Short addresses: nothing empty in them, and all panels is none named.
  on("formdata", ({ target, formData }) => {
    if (target.method !== "get") return;
    [...formData].forEach(([name, value]) => value === "" && formData.delete(name));
    if (all("[name=panel]", target).every((check) => check.checked)) formData.delete("panel");
  });

  // --- live updates ---
  const polls = (element) => element?.matches?.("[hx-trigger^=every]");
  const moving = (row) => all(".c-charge, .c-start, .c-status, .c-remains", row);
  const figures = (row) => moving(row).map((cell) => cell.textContent.trim());
  const offline = (yes) => { if (one("#offline")) one("#offline").hidden = !yes; };
  const failed = ({ detail }) => (polls(detail.elt) ? offline(true) : say(words.failed));
  let before = new Map(), news = one(".newer");
  function tint(row) {
    const was = before.get(row.id), now = figures(row);
    moving(row).forEach((cell, i) => cell.classList.toggle("changed", Boolean(was) && was[i] !== now[i]));
  }
  const isAway = () => document.hidden || one("dialog[open]"); // what a question is about must not change under it
  on("htmx:beforeRequest", (event) => { if (isAway() && polls(event.detail.elt)) event.preventDefault(); });
  on("visibilitychange", () => {
    if (!document.hidden) all("[hx-trigger^=every]").forEach((element) => htmx.trigger(element, "live"));
  });
  on("htmx:beforeSwap", ({ detail }) => {
    offline(false);
    if (/^\s*<!doctype/i.test(detail.serverResponse)) { detail.shouldSwap = false; location.reload(); } // signed out
    if (detail.target.id === "rows") before = new Map(rows().map((row) => [row.id, figures(row)]));
  });
  on("htmx:afterSettle", ({ detail }) => {
    if (detail.target.id === "drawer" && opening) { opening = false; one("#drawer-title")?.focus(); }
    if (detail.target.id === "rows") rows().forEach(tint);
    showSelection();
    showCurrent();
    if (one(".newer") && !news) one("#live").textContent = one(".newer").textContent.trim();
    news = one(".newer");
  });
  ["htmx:responseError", "htmx:sendError"].forEach((event) => on(event, failed));
  showSelection();
})();
