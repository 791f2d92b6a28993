// The console tells a page what changed; the page asks again for the block that this concerns. A block says by data-live
// whose news it hears (streams, with spaces between), by data-since as of which of them it was made, by data-row that it is
// about one row, by data-moves that a change brings a row to its top, by data-whole that every change concerns it, by
// data-narrow that one elsewhere may, and by data-slow that it costs much: twice a minute is enough.
import { all, isAway, on, one } from "./0-dom.js";
import { age } from "./1-ages.js";
import { offline } from "./5-updates.js";

const SOON = 2000, STEP = 500, AT_MOST = 5000, LATER = 10000, SLOWLY = 30000, MINUTE = 60000;
const ALONE = 15000, AGAIN = 30000;
const due = new Map(), asked = new Map(), began = Date.now();
let source = null, about = "", last = null, failures = 0, timer;
const blocks = () => all("[data-live]");

/* What changes all the time is asked for ever less often, down to every five seconds. */
function want(block, wait) {
  const before = asked.get(block.id) ?? { at: began - wait, streak: 0 };
  const pace = wait === SOON ? Math.min(AT_MOST, SOON + STEP * before.streak) : wait;
  const since = before.at + pace * (1 + Math.random() / 4);
  const at = Math.max(Date.now() + Math.random() * 500, since);
  due.set(block.id, Math.min(at, due.get(block.id) ?? Infinity));
  plan();
}
function plan() {
  clearTimeout(timer);
  if (due.size && !document.hidden) timer = setTimeout(run, Math.max(0, Math.min(...due.values()) - Date.now()));
}
function run() {
  if (isAway()) { timer = setTimeout(run, 1000); return; }
  for (const [id, at] of due) if (at <= Date.now()) { due.delete(id); refresh(document.getElementById(id)); }
  plan();
}
function refresh(block) {
  if (!block?.matches("[data-live]")) return;
  const now = Date.now(), before = asked.get(block.id);
  asked.set(block.id, { at: now, streak: before && now - before.at < AT_MOST + SOON ? before.streak + 1 : 0 });
  htmx.trigger(block, "live");
}

/* A row's id is a letter, its panel and its own id: o-eu-1-4711. */
const place = (id) => id.slice(id.indexOf("-") + 1);
function concern(block, { stream, panel, ids, arrived }) {
  const { live, row, whole, moves, narrow, slow } = block.dataset;
  if (!live.split(" ").includes(stream)) return 0;
  if (slow !== undefined) return SLOWLY;
  const mine = new Set((row ? [row] : all("tbody tr[id]", block).map((each) => each.id)).map(place));
  const isHere = ids ? ids.some((id) => mine.has(`${panel}-${id}`)) : [...mine].some((id) => id.startsWith(`${panel}-`));
  if (isHere) return SOON;
  if (row) return 0;
  const isTop = !mine.size || /[?&]at=/.test(block.getAttribute("hx-get"));
  if (isTop && (arrived || moves !== undefined)) return one(".newer", block) ? LATER : SOON;
  return whole !== undefined || narrow !== undefined || !mine.size ? LATER : 0;
}
function hear(news) {
  for (const block of blocks()) {
    const wait = concern(block, news);
    if (wait) want(block, wait);
  }
}
function aged({ at, state }) {
  const chip = one("#as-of [data-state]"), time = chip && one("time", chip), drawer = one("#drawer[data-live]");
  if (chip && chip.dataset.state !== state) blocks().forEach((block) => want(block, SOON));
  if (time && at && Date.parse(at) > Date.parse(time.dateTime)) {
    time.dateTime = at;
    time.removeAttribute("title");
    age(time);
    if (drawer) want(drawer, MINUTE);
  }
}

/* Signed out, disabled, or away for too long: what stands here is nobody's any more. After another sign-in one is back here. */
function leave() {
  const back = new URLSearchParams({ next: location.pathname + location.search });
  location.replace(`/sign-in?${back}`);
}

/* The panels of the list; where one record is the whole page, its own. */
function address() {
  const streams = [...new Set(blocks().flatMap((block) => block.dataset.live.split(" ")))].sort();
  const chosen = [...new URLSearchParams(location.search)].filter(([name]) => name === "panel" || name === "group");
  const only = one("#rows") ? null : one("[data-live][data-panel]");
  return `/live?${new URLSearchParams([["streams", streams], ...(only ? [["panel", only.dataset.panel]] : chosen)])}`;
}
function since() {
  const made = blocks().map((block) => Number(block.dataset.since ?? NaN)).filter((number) => number >= 0);
  return last ?? (made.length ? Math.min(...made) : null);
}
function connect() {
  const wanted = document.hidden || !blocks().length ? "" : address();
  if (wanted === about) return;
  disconnect();
  if (!wanted) return;
  about = wanted;
  const from = since();
  source = new EventSource(from === null ? wanted : `${wanted}&since=${from}`);
  source.onopen = () => { failures = 0; offline(false); };
  source.onerror = lost;
  const told = { news: hear, ages: aged, over: leave, resync: () => blocks().forEach((block) => want(block, SOON)) };
  for (const [name, act] of Object.entries(told))
    source.addEventListener(name, ({ data, lastEventId }) => { last = Number(lastEventId); act(JSON.parse(data)); });
}
function disconnect() {
  source?.close();
  source = null;
  about = "";
}
/* A stream ends by itself now and then, and the browser comes again; where it is refused, only we do. */
function lost() {
  failures += 1;
  if (failures > 1) offline(true);
  if (source?.readyState !== EventSource.CLOSED) return;
  blocks().forEach((block) => want(block, SOON));
  source = null;
  setTimeout(() => { if (!source) { about = ""; connect(); } }, AGAIN * (1 + Math.random()));
}
setInterval(() => { if (failures > 0 && !isAway()) blocks().forEach((block) => want(block, SOON)); }, ALONE);

on("visibilitychange", () => { connect(); plan(); });
on("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id === "drawer") asked.set("drawer", { streak: 0, ...asked.get("drawer"), at: Date.now() });
  connect();
});
addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect);
connect();
