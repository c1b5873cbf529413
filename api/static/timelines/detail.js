/**
 * What one row shows in each pixel column: the state that lasts longest there, and how much else there is. Pure.
 *
 * An interval of two pixels or more fills at least one column, so it is seen. A shorter one is either the longest of
 * its column, so it is seen, or it is counted in `other`, which is drawn as a mark. Nothing disappears silently.
 */

import { firstAfter } from "./data.js";
import { addRange, BLOCK } from "./totals.js";

export const NONE = 255;
const DENSE = 2 * BLOCK; // from so many intervals in one column on, the index is faster than a walk
const SEPARATE = 4; // pixels from which on an interval gets a visible beginning

/** Return the arrays that `fillColumns` fills: state (NONE = no interval), other (0..255), edge (0 or 1). */
export function makeColumns(width) {
  return { state: new Uint8Array(width).fill(NONE), other: new Uint8Array(width), edge: new Uint8Array(width) };
}

class Column {
  constructor(states, out, nsPerPixel) {
    this.sums = new Float64Array(states);
    this.small = new Float64Array(states);
    this.missing = 0;
    this.at = -1;
    this.out = out;
    this.nsPerPixel = nsPerPixel;
  }

  /** Go on to another column; the one before is decided. */
  move(at) {
    if (at === this.at) return;
    this.close();
    this.at = at;
  }

  add(state, time, isSmall) {
    this.sums[state] += time;
    if (isSmall) this.small[state] += time;
  }

  /** Add all intervals between two times, which lie within this column. */
  addMany(timeline, index, number, from, to) {
    const { sums, small } = this;
    const before = sums.reduce((total, part) => total + part, 0);
    addRange(timeline, index, number, from, to, sums);
    addRange(timeline, index, number, from, to, small);
    this.missing += to - from - (sums.reduce((total, part) => total + part, 0) - before);
  }

  close() {
    const { sums, small, out, at } = this;
    if (at >= 0 && at < out.state.length) {
      let best = -1;
      let hidden = this.missing;
      for (let s = 0; s < sums.length; s += 1) {
        hidden += small[s];
        if (sums[s] > 0 && (best < 0 || sums[s] > sums[best])) best = s;
      }
      if (best >= 0) {
        out.state[at] = best;
        hidden -= small[best];
        // Whatever is hidden is worth a mark, however short.
        if (hidden > 0) out.other[at] = Math.max(1, Math.min(255, Math.round((255 * hidden) / this.nsPerPixel)));
      }
    }
    sums.fill(0);
    small.fill(0);
    this.missing = 0;
  }
}

/**
 * Fill `out` for row `number`. `pieces` are of `piecesBetween`, `start` is the place of the left edge on the axis.
 * A piece's `shift` (ns, default 0) shows what was so much earlier: the ghost.
 */
export function fillColumns(timeline, index, number, pieces, start, nsPerPixel, out) {
  const { begin, duration, state } = timeline;
  const row = timeline.rows[number];
  const width = out.state.length;
  out.state.fill(NONE);
  out.other.fill(0);
  out.edge.fill(0);
  const column = new Column(index.states, out, nsPerPixel);
  for (const { from, to, at, shift = 0 } of pieces) {
    const first = from - shift;
    const last = to - shift;
    const base = (at - start) / nsPerPixel;
    let seen = first;
    for (let i = firstAfter(timeline, row, first); i < row.last && begin[i] < last; i += 1) {
      const end = Math.min(begin[i] + duration[i], last);
      const from_ = Math.max(begin[i], first);
      const x0 = base + (from_ - first) / nsPerPixel;
      const x1 = base + (end - first) / nsPerPixel;
      const c0 = Math.max(0, Math.floor(x0));
      const c1 = Math.min(width - 1, Math.floor(x1));
      column.move(c0);
      if (from_ > seen && from_ - seen < 2 * nsPerPixel && i > row.first) column.missing += from_ - seen;
      seen = end;
      const isSmall = duration[i] < 2 * nsPerPixel;
      if (x1 - x0 >= SEPARATE && begin[i] >= first) out.edge[c0] = 1;
      if (c1 <= c0) {
        column.add(state[i], end - from_, isSmall);
        const stop = first + Math.floor((c0 + 1 - base) * nsPerPixel);
        if (i + DENSE < row.last && begin[i + DENSE] + duration[i + DENSE] < Math.min(stop, last)) {
          const next = firstAfter(timeline, row, stop); // the interval that leaves this column
          seen = begin[next - 1] + duration[next - 1];
          column.addMany(timeline, index, number, end, seen);
          i = next - 1;
        }
        continue;
      }
      column.add(state[i], (c0 + 1 - x0) * nsPerPixel, isSmall);
      column.move(c1);
      if (c1 > c0 + 1) out.state.fill(state[i], c0 + 1, c1);
      column.add(state[i], Math.min(x1 - c1, 1) * nsPerPixel, isSmall);
    }
  }
  column.close();
  return out;
}
