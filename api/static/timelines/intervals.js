/** Which intervals lie in a selection, as rows of a table, and portions of a state as samples. Pure. */

import { MS } from "./data.js";
import { totals } from "./totals.js";

/**
 * Return {rows, all}: at most `most` intervals that reach into the selection {from, to, first, last} (ns since
 * `origin`, keys of rows), in order of row and time, and how many there are. A row is {source, station, startMs,
 * duration, state, category, confidence}.
 */
export function intervalsIn(timeline, { from, to, first, last }, most) {
  const keys = timeline.rows.map(({ key }) => key);
  const [low, high] = [keys.indexOf(first), keys.indexOf(last)];
  const rows = [];
  let all = 0;
  for (let number = low; number <= high && number >= 0; number += 1) {
    const row = timeline.rows[number];
    for (let i = row.first; i < row.last && timeline.begin[i] < to; i += 1) {
      if (timeline.begin[i] + timeline.duration[i] <= from) continue;
      all += 1;
      if (rows.length === most) continue;
      const { name, category } = timeline.states[timeline.state[i]];
      rows.push({
        source: timeline.source[i], station: row.station, startMs: timeline.origin + Math.floor(timeline.begin[i] / MS),
        duration: timeline.duration[i], state: name, category, confidence: timeline.confidence[i],
      });
    }
  }
  return { rows, all };
}

/** Return for each state the portions of it in each row and piece of time for which intervals came. */
export function samplesOf(timeline, index, stations, pieces) {
  const origin = BigInt(timeline.origin) * BigInt(MS);
  const wanted = new Set(stations);
  const numbers = timeline.rows.flatMap(({ station }, i) => (wanted.has(station) ? [i] : []));
  const found = numbers.flatMap((row) => pieces.map(([from, to]) => (
    totals(timeline, index, [row], [{ from: Number(from - origin), to: Number(to - origin) }])
  ))).filter(({ covered }) => covered > 0n);
  return timeline.states.map((_, state) => found.map(({ states, covered }) => (
    Math.min(1, Number(states[state]) / Number(covered))
  )));
}
