/** The page of timelines: which days and stations, the table of a selection, limits, comparison, corrections. */

import { Refused, send, showTrouble } from "/static/common/send.js";
import { language, say, w } from "/static/common/words.js";
import { openCorrection } from "./correction.js";
import { arrange } from "./data.js";
import { intervalsIn, samplesOf } from "./intervals.js";
import { duration, instant } from "./numbers.js";
import "./timeline.js";
import { indexTotals } from "./totals.js";
import { nameOf, wordsFor } from "./words.js";

const MOST = 200;
const FEWEST = 5; // samples below which limits say nothing
const DAY_MS = 86_400_000;

const place = (id) => document.getElementById(id);
const form = place("period");
const element = document.querySelector("ft-timeline");
const words = wordsFor(language);
let shown = null; // {query, data}
let picked = [];

function queryOf(first, last) {
  const query = new URLSearchParams({ first, last });
  const [kind, ...name] = place("where").value.split(":");
  if (kind) query.append(kind, name.join(":"));
  return query;
}

const get = (query) => send(`/v1/timelines?${query}`, { method: "GET" });

/** Limits of each state's portion: every shift of every station is one sample. */
function statisticsFor(data) {
  const timeline = arrange(data, "station");
  const index = indexTotals(timeline);
  return async ({ rows, pieces }) => {
    const samples = samplesOf(timeline, index, rows.map(({ station }) => station), pieces);
    if ((samples[0]?.length ?? 0) < FEWEST) return [];
    const { limits } = await send("/v1/mean-limits", { body: { samples } });
    return limits.map(({ low, high, n }, state) => (
      { state: timeline.states[state].name, low: Math.max(0, low), high: Math.min(1, high), n }
    ));
  };
}

function daysBetween(earlier, later) {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / DAY_MS);
}

function shifted(day, days) {
  return new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);
}

async function compare(first, last) {
  const from = place("compare").value;
  if (!from) return null;
  const days = daysBetween(from, first);
  if (days <= 0) return null;
  return { days, data: await get(queryOf(shifted(first, days), shifted(last, days))) };
}

async function show() {
  const [first, last] = [place("first").value, place("last").value];
  const trouble = form.querySelector(".trouble");
  const button = form.querySelector("button");
  trouble.replaceChildren();
  button.disabled = true;
  try {
    const query = queryOf(first, last);
    const data = await get(query);
    const ghost = await compare(first, last);
    shown = { query, data };
    element.hidden = false;
    element.statistics = statisticsFor(data);
    element.data = data;
    element.ghost = ghost;
    place("picked").hidden = data.columns.start_ms.length === 0;
    list(null);
    const address = new URL(location.href);
    address.search = query;
    history.replaceState(null, "", address);
  } catch (error) {
    showTrouble(trouble, error);
  } finally {
    button.disabled = false;
  }
}

function cell(tag, text, look = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = look;
  return made;
}

function rowOf(row) {
  const { data } = shown;
  const line = document.createElement("tr");
  const start = instant(row.startMs, data.zone, words);
  const state = cell("td", nameOf(words, row.state));
  if (data.columns.corrected?.[row.source]) state.append(" ", cell("span", w.corrected, "tag"));
  line.append(cell("th", row.station), cell("td", start), state, cell("td", duration(BigInt(row.duration), words), "number"),
    cell("td", `${Math.round(row.confidence / 10)} %`, "number"));
  line.firstChild.scope = "row";
  const last = document.createElement("td");
  if (place("correction") && data.columns.batch) {
    const button = cell("button", w.correct, "quiet");
    button.type = "button";
    button.setAttribute("aria-label", say("correct_which", { state: nameOf(words, row.state), station: row.station, start }));
    button.addEventListener("click", () => openCorrection({
      batch: data.columns.batch[row.source], position: data.columns.position[row.source], state: row.state,
      told: `${row.station}, ${start}, ${duration(BigInt(row.duration), words)}`, zone: data.zone, words, saved: show,
    }));
    last.append(button);
  }
  line.append(last);
  return line;
}

function list(selection) {
  const table = place("picked").querySelector("table");
  const found = selection && element.arranged ? intervalsIn(element.arranged, selection, MOST) : { rows: [], all: 0 };
  picked = found.rows;
  table.hidden = picked.length === 0;
  place("export").hidden = picked.length === 0;
  table.querySelector("tbody").replaceChildren(...picked.map(rowOf));
  place("picked-hint").textContent = found.all > picked.length ? say("first_of", { n: picked.length, all: found.all })
    : w.intervals_hint;
}

/** The selection's intervals as a file, as `fairtakt evaluate` reads them: time counts from the first of them. */
function exportPicked() {
  const first = picked.reduce((least, { startMs }) => Math.min(least, startMs), Infinity);
  const quoted = (text) => `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const lines = picked.map(({ station, state, startMs, duration: ns }) => {
    const start = (startMs - first) / 1000;
    return [quoted(station), quoted(state), start.toFixed(3), (start + ns / 1e9).toFixed(3)].join(",");
  });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([["station,state,start_s,end_s", ...lines, ""].join("\n")], { type: "text/csv" }));
  link.download = "intervals.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  element.addEventListener("ft-select", ({ detail }) => list(detail));
  element.addEventListener("ft-error", ({ detail }) => showTrouble(form.querySelector(".trouble"),
    new Refused({ title: w.problem, detail: String(detail?.message ?? "") })));
  place("export").addEventListener("click", exportPicked);
  const asked = new URLSearchParams(location.search);
  for (const name of ["first", "last"]) if (asked.get(name)) place(name).value = asked.get(name);
  for (const kind of ["place", "station"]) if (asked.get(kind)) place("where").value = `${kind}:${asked.get(kind)}`;
  if (asked.get("first")) show(); // a link to an exact view
}
