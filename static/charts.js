// What a chart can do beyond being looked at: tell a point exactly, and be saved as a picture in the page's own colours. static/scripts/5-charts.js
// loads this and hands on what happens. Nothing is drawn through an image, which the page's content policy would have to allow.
const all = (chart, selector) => [...chart.querySelectorAll(selector)];
const pointsOf = (chart) => all(chart, ".bars > g");
const SCALE = 2;
const MARGIN = 16;

function tell(chart, place) {
  const points = pointsOf(chart);
  points.forEach((point, at) => point.classList.toggle("told", at === place));
  chart.querySelector(".tip").textContent = points[place]?.textContent.trim() ?? "";
}
function walk(event) {
  const slider = event.target;
  const chart = slider.closest(".chart");
  tell(chart, slider.value - 1);
  slider.setAttribute("aria-valuetext", chart.querySelector(".tip").textContent);
}
export function pointerover(event) {
  const chart = event.target.closest(".chart");
  const point = event.target.closest(".bars > g");
  if (point) tell(chart, pointsOf(chart).indexOf(point));
  chart.onpointerleave = () => tell(chart, -1);
}
export function focusin(event) {
  if (!event.target.matches(".along")) return;
  event.target.oninput = walk;
  event.target.onblur = () => tell(event.target.closest(".chart"), -1);
  walk(event);
}
export function click(event) {
  if (event.target.closest("[data-picture]")) save(event.target.closest(".chart"));
}

async function save(chart) {
  tell(chart, -1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await picture(chart));
  link.download = `${chart.id}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
function picture(chart) {
  const box = chart.getBoundingClientRect();
  const foot = chart.querySelector(".chart-foot").getBoundingClientRect();
  const canvas = document.createElement("canvas");
  canvas.width = (box.width + 2 * MARGIN) * SCALE;
  canvas.height = (foot.top - box.top + 2 * MARGIN) * SCALE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = ground(chart);
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.scale(SCALE, SCALE);
  pen.translate(MARGIN - box.left, MARGIN - box.top);
  frameOf(pen, chart);
  all(chart, "figcaption svg, .bars").forEach((svg) => draw(pen, svg));
  all(chart, ".chart-title, figcaption > .muted, .legend > span, .ticks > *, .edges > *").forEach((part) => write(pen, part));
  return new Promise((done) => canvas.toBlob(done));
}
/* The colour behind it: of the first around it that has one. */
function ground(part) {
  const colour = getComputedStyle(part).backgroundColor;
  return /^rgba\(.*, 0\)$/.test(colour) && part.parentElement ? ground(part.parentElement) : colour;
}
function frameOf(pen, chart) {
  const svg = chart.querySelector(".bars");
  const { left, top, width, height } = svg.getBoundingClientRect();
  pen.strokeStyle = getComputedStyle(svg).borderTopColor;
  pen.lineWidth = 1;
  for (const share of svg.matches(".lines") ? [0, 1] : [0, 0.5, 1]) pen.stroke(new Path2D(`M${left} ${top + height * share}h${width}`));
}
/* From the drawing's own space to the screen, turned round where the page runs from right to left. */
function draw(pen, svg) {
  const space = svg.viewBox.baseVal;
  const { left, right, top, width, height } = svg.getBoundingClientRect();
  const isTurned = svg.matches('[dir="rtl"] .bars');
  const across = (isTurned ? -width : width) / space.width;
  const matrix = new DOMMatrix([across, 0, 0, height / space.height, isTurned ? right : left, top]);
  for (const shape of all(svg, "path, .fill")) {
    const look = getComputedStyle(shape);
    const way = new Path2D();
    way.addPath(shape.matches("path") ? new Path2D(shape.getAttribute("d")) : rectangle(shape), matrix);
    pen.fillStyle = look.fill;
    pen.strokeStyle = look.stroke;
    pen.lineWidth = parseFloat(look.strokeWidth);
    pen.lineCap = look.strokeLinecap;
    pen.setLineDash(look.strokeDasharray === "none" ? [] : look.strokeDasharray.split(",").map(parseFloat));
    if (look.fill !== "none") pen.fill(way);
    if (look.stroke !== "none") pen.stroke(way);
  }
}
function rectangle(shape) {
  const made = new Path2D();
  made.rect(shape.x.baseVal.value, shape.y.baseVal.value, shape.width.baseVal.value, shape.height.baseVal.value);
  return made;
}
/* Each word where it stands, so that lines break as they do on the page. */
function write(pen, part) {
  const look = getComputedStyle(part);
  pen.fillStyle = look.color;
  pen.font = `${look.fontWeight} ${look.fontSize} ${look.fontFamily}`;
  pen.textBaseline = "middle";
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    for (const word of texts.currentNode.data.matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      const { left, top, width, height } = range.getBoundingClientRect();
      if (width) pen.fillText(word[0], left, top + height / 2);
    }
  }
}
