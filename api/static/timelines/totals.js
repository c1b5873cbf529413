/**
 * Exact sums over any range, fast enough for each frame. Pure.
 *
 * For every 64th interval of a row the time in each state before it is kept; a range costs two binary searches and at
 * most two blocks of additions. All of it are whole nanoseconds below 2^53, so floating point adds them exactly;
 * sums over rows may be larger and are BigInt.
 */

import { firstAfter } from "./data.js";

export const BLOCK = 64;

/** Return the index of a timeline: for row r, `before[r]` holds (blocks + 1) x states sums in ns. */
export function indexTotals(timeline) {
  const states = timeline.states.length;
  const before = timeline.rows.map(({ first, last }) => {
    const blocks = Math.ceil((last - first) / BLOCK);
    const sums = new Float64Array((blocks + 1) * states);
    for (let block = 0; block < blocks; block += 1) {
      const next = (block + 1) * states;
      sums.copyWithin(next, block * states, next);
      const end = Math.min(first + (block + 1) * BLOCK, last);
      for (let i = first + block * BLOCK; i < end; i += 1) sums[next + timeline.state[i]] += timeline.duration[i];
    }
    return sums;
  });
  return { states, before };
}

/** Add the time in each state of one row within [from, to) to `out`, in ns. Exact if from and to are whole. */
export function addRange(timeline, index, number, from, to, out) {
  const row = timeline.rows[number];
  const { begin, duration, state } = timeline;
  const a = firstAfter(timeline, row, from);
  if (a === row.last || begin[a] >= to) return;
  let b = firstAfter(timeline, row, to);
  if (b < row.last && begin[b] < to) b += 1;
  if (begin[a] < from) out[state[a]] -= from - begin[a];
  const end = begin[b - 1] + duration[b - 1];
  if (end > to) out[state[b - 1]] -= end - to;
  const blockA = Math.ceil((a - row.first) / BLOCK);
  const blockB = Math.floor((b - row.first) / BLOCK);
  if (blockB <= blockA) {
    for (let i = a; i < b; i += 1) out[state[i]] += duration[i];
    return;
  }
  for (let i = a; i < row.first + blockA * BLOCK; i += 1) out[state[i]] += duration[i];
  for (let i = row.first + blockB * BLOCK; i < b; i += 1) out[state[i]] += duration[i];
  const { states, before } = index;
  for (let s = 0; s < states; s += 1) {
    out[s] += before[number][blockB * states + s] - before[number][blockA * states + s];
  }
}

/**
 * Return what rows hold within pieces of time: `states` BigInt ns for each state, `covered` their sum, `span` the
 * pieces times the rows, and `missing` = span - covered, time for which no interval came.
 */
export function totals(timeline, index, rows, pieces) {
  const states = timeline.states.map(() => 0n);
  const sums = new Float64Array(index.states);
  let span = 0n;
  for (const { from, to } of pieces) span += BigInt(to) - BigInt(from);
  span *= BigInt(rows.length);
  for (const row of rows) {
    sums.fill(0);
    for (const { from, to } of pieces) addRange(timeline, index, row, from, to, sums);
    for (let s = 0; s < sums.length; s += 1) states[s] += BigInt(sums[s]);
  }
  const covered = states.reduce((sum, part) => sum + part, 0n);
  return { states, covered, span, missing: span - covered };
}

/**
 * Round parts * numerator / denominator to whole numbers whose sum is the rounded sum (method of the largest
 * remainder), so that what a reader adds up in a table is what the table says. Parts are BigInt and not negative.
 */
export function apportion(parts, numerator, denominator) {
  if (denominator === 0n) return parts.map(() => 0n);
  const scaled = parts.map((part) => part * numerator);
  const rounded = scaled.map((value) => value / denominator);
  const sum = scaled.reduce((total, value) => total + value, 0n);
  const wanted = (2n * sum + denominator) / (2n * denominator);
  let rest = wanted - rounded.reduce((total, value) => total + value, 0n);
  const byRemainder = scaled.map((value, i) => [value % denominator, i]);
  byRemainder.sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] > b[0] ? -1 : 1));
  for (const [, i] of byRemainder) {
    if (rest === 0n) break;
    rounded[i] += 1n;
    rest -= 1n;
  }
  return rounded;
}
