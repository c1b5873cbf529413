/** What a page is asked about a selected range, and what it answers, as texts. Pure. */

import { MS } from "./data.js";
import { fraction } from "./numbers.js";

/** Return the question that `statistics` gets: rows by station and session, pieces of time in UTC ns (BigInt). */
export function question(timeline, rows, pieces) {
  const origin = BigInt(timeline.origin) * BigInt(MS);
  return {
    rows: rows.map((row) => {
      const { station, id } = timeline.rows[row];
      return { station, session: id || null };
    }),
    pieces: pieces.map(({ from, to }) => [origin + BigInt(from), origin + BigInt(to)]),
  };
}

/** Return texts by state number for the states of which the answer says something sensible. */
export function limitTexts(timeline, answer, words) {
  const texts = {};
  timeline.states.forEach(({ name }, number) => {
    const row = answer.find(({ state }) => state === name);
    if (!row || !(row.low <= row.high)) return;
    texts[number] = `${fraction(row.low, words)} – ${fraction(row.high, words)} (n = ${row.n})`;
  });
  return texts;
}
