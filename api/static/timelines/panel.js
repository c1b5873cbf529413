/** Tables beside the canvas, as elements of the page. Texts are set as texts, never as markup. */

import { drawBar, makeBrush } from "./bars.js";
import { duration } from "./numbers.js";
import { fill } from "./words.js";

const SWATCH = { width: 26, height: 16 };

/** Return a new element with attributes (undefined ones are left out) and children (elements or texts). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Return a small picture of a state's bar, drawn as the bars themselves are. */
function swatch(paint, theme, ratio) {
  const [width, height] = [Math.round(SWATCH.width * ratio), Math.round(SWATCH.height * ratio)];
  const canvas = make("canvas", { width, height, class: "swatch", "aria-hidden": "true" });
  const image = new ImageData(width, height);
  const zeros = () => new Uint8Array(width);
  const columns = { state: zeros(), other: zeros(), edge: zeros() };
  drawBar(new Uint32Array(image.data.buffer), width, 0, height, columns, makeBrush([paint], theme, ratio), 0);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function stateCell(row, { paints, theme, ratio, words }) {
  const notes = [row.category, row.valueAdding ? words.valueAdding : ""].filter((note) => note !== "").join(", ");
  const text = make("span", {}, row.name);
  if (notes) text.append(make("small", {}, ` ${notes}`));
  return make("th", { scope: "row" }, make("span", { class: "state" }, swatch(paints[row.state], theme, ratio), text));
}

const number = (text, ns) => make("td", { class: "number", "data-ns": ns }, text);

/**
 * Return a table of totals. `look` is {paints, theme, ratio, words}; `earlier` holds texts by state, `limits` texts
 * by state, each null if the column is not wanted.
 */
export function totalsTable(caption, summary, look, { earlier = null, limits = null } = {}) {
  const { words } = look;
  const titles = [words.state, words.total, words.portion];
  if (limits) titles.push(words.limits);
  if (earlier) titles.push(words.earlier);
  const head = make("tr", {}, ...titles.map((title, i) => make("th", { scope: "col", class: i ? "number" : "" }, title)));
  const extra = (row) => [limits, earlier].filter(Boolean).map((texts) => number(texts[row.state] ?? "–"));
  const body = summary.rows.map((row) => make("tr", {}, stateCell(row, look), number(row.time, String(row.ns)),
    number(row.portion), ...extra(row)));
  const sum = make("tr", {}, make("th", { scope: "row" }, words.sum), number(summary.sum.time, String(summary.sum.ns)),
    number(summary.sum.portion), ...[limits, earlier].filter(Boolean).map(() => number("")));
  const foot = [sum];
  if (summary.missing > 0n) {
    foot.push(make("tr", { class: "missing" }, make("th", { scope: "row" }, words.missing),
      number(duration(summary.missing, words), String(summary.missing)), number(""),
      ...[limits, earlier].filter(Boolean).map(() => number(""))));
  }
  return make("table", {}, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body),
    make("tfoot", {}, ...foot));
}

/**
 * Return the table that says for each row what the canvas shows; for those who do not see it. `states` are rows of a
 * summary, `summaries` one summary for each name.
 */
export function rowsTable(names, states, summaries, words) {
  const titles = [words.row, ...states.map(({ name }) => name)];
  const head = make("tr", {}, ...titles.map((title) => make("th", { scope: "col" }, title)));
  const body = names.map((name, i) => make("tr", {}, make("th", { scope: "row" }, name),
    ...summaries[i].rows.map(({ portion }) => make("td", {}, portion))));
  return make("table", {}, make("caption", {}, words.perRow), make("thead", {}, head), make("tbody", {}, ...body));
}

/** Return the notes that keep the legend honest. */
export function notes(timeline, hidden, look) {
  const { words } = look;
  const lines = [words.portionNote, fill(words.resolution, { time: duration(timeline.resolution, words) })];
  if (hidden > 0n) lines.push(fill(words.hidden, { time: duration(hidden, words) }));
  const mark = make("p", { class: "note more" }, make("span", { class: "mark", "aria-hidden": "true" }), words.more);
  return [mark, ...lines.map((line) => make("p", { class: "note" }, line))];
}

/** Return a labelled choice; `options` are [value, text]. */
export function choice(label, options, value, chosen) {
  const select = make("select", {}, ...options.map(([key, text]) => make("option", { value: key }, text)));
  select.value = value;
  select.addEventListener("change", () => chosen(select.value));
  return make("label", {}, `${label} `, select);
}

/** Return a button whose sign is explained by its label. */
export function button(sign, label, pressed) {
  const element = make("button", { type: "button", title: label, "aria-label": label }, sign);
  element.addEventListener("click", pressed);
  return element;
}
