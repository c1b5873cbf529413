/** Another period beside the shown one: the same clock times, so many days earlier. Pure. */

import { MS } from "./data.js";
import { percent } from "./numbers.js";
import { portions } from "./summary.js";
import { totals } from "./totals.js";
import { daysEarlier } from "./zone.js";

const QUARTER = 900 * 1e9; // no zone changes its offset within a quarter of an hour

/**
 * Return the pieces with the `shift` (ns) that leads from a time of `timeline` to the same clock time so many days
 * earlier in `other`. A piece in which the clocks change is split, for the shift changes there.
 */
export function earlierPieces(pieces, timeline, other, days) {
  const shiftAt = (time) => {
    const ms = timeline.origin + Math.floor(time / MS);
    const back = ms - daysEarlier(timeline.zone, ms, days);
    return (back - (timeline.origin - other.origin)) * MS;
  };
  const shifted = [];
  const add = ({ from, to, at }) => {
    const shift = shiftAt(from);
    if (to - from <= QUARTER || shift === shiftAt(to - 1)) {
      shifted.push({ from, to, at, shift });
      return;
    }
    const middle = from + Math.floor((to - from) / 2);
    add({ from, to: middle, at });
    add({ from: middle, to, at: at + middle - from });
  };
  pieces.forEach(add);
  return shifted;
}

/** Return for each row of `timeline` the number of the row with the same key in `other`, or -1. */
export function sameRows(timeline, other) {
  const numbers = new Map(other.rows.map(({ key }, number) => [key, number]));
  return timeline.rows.map(({ key }) => numbers.get(key) ?? -1);
}

/** Return the pieces as times of the other period, for adding up. */
export function unshifted(pieces) {
  return pieces.map(({ from, to, shift }) => ({ from: from - shift, to: to - shift }));
}

/**
 * Return the portions of the other period as texts by state number of `timeline`; `ghost` is {timeline, index, rows,
 * days}. States that the other period does not know, and a period without intervals, have none.
 */
export function earlierPortions(timeline, ghost, pieces, rows, words) {
  const times = unshifted(earlierPieces(pieces, timeline, ghost.timeline, ghost.days));
  const others = rows.map((row) => ghost.rows[row]).filter((row) => row >= 0);
  const { states, covered } = totals(ghost.timeline, ghost.index, others, times);
  if (covered === 0n) return {};
  const mille = portions(states);
  const byName = new Map(ghost.timeline.states.map(({ name }, i) => [name, percent(mille[i], words)]));
  return Object.fromEntries(timeline.states.map(({ name }, i) => [i, byName.get(name)]));
}
