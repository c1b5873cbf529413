/** The example page: ?n=100000&stations=12&lang=de&data=empty|broken|lost|served, and what a real page does for the component. */

import { arrange, MS } from "./data.js";
import { generate } from "./example-data.js";
import { indexTotals, totals } from "./totals.js";
import { wordsFor } from "./words.js";
import "./timeline.js";

const query = new URLSearchParams(location.search);
const language = query.get("lang") ?? "en";
document.documentElement.lang = language;
document.title = wordsFor(language).title;
document.querySelector("h1").textContent = wordsFor(language).title;

/**
 * The 97.5 % quantile of Student's t (Abramowitz & Stegun 26.7.5), within 0.01 from five samples on. A server takes
 * `productivity.statistics` instead.
 */
function quantile(freedom) {
  const z = 1.959963984540054;
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return z + (z3 + z) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2)
    + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3);
}

/** Return what `statistics` promises: each shift of each station is one sample of every portion. */
function limitsFor(data) {
  const timeline = arrange(data, "station");
  const index = indexTotals(timeline);
  const origin = BigInt(timeline.origin) * BigInt(MS);
  return async ({ rows, pieces }) => {
    const wanted = new Set(rows.map(({ station }) => station));
    const numbers = timeline.rows.flatMap(({ station }, i) => (wanted.has(station) ? [i] : []));
    const samples = numbers.flatMap((row) => pieces.map(([from, to]) => (
      totals(timeline, index, [row], [{ from: Number(from - origin), to: Number(to - origin) }])
    ))).filter(({ covered }) => covered > 0n);
    const n = samples.length;
    if (n < 5) return [];
    return timeline.states.map(({ name }, state) => {
      const values = samples.map(({ states, covered }) => Number(states[state]) / Number(covered));
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
      const half = (quantile(n - 1) * spread) / Math.sqrt(n);
      return { state: name, low: Math.max(0, mean - half), high: Math.min(1, mean + half), n };
    });
  };
}

const element = document.createElement("ft-timeline");
element.setAttribute("linked", "");
document.querySelector("main").append(element);

const wanted = query.get("data");
if (wanted === "lost" || wanted === "served") {
  element.setAttribute("src", wanted === "lost" ? "nowhere.json" : "served.json");
} else {
  const data = generate({
    count: Number(query.get("n") ?? 20000), stations: Number(query.get("stations") ?? 12), language,
    resolution: Number(query.get("resolution") ?? 1000),
  });
  if (wanted === "empty") for (const column of Object.values(data.columns)) column.length = 0;
  if (wanted === "broken") data.columns.duration_ns[3] = -1;
  element.data = data;
  if (!wanted) element.statistics = limitsFor(data);
}
