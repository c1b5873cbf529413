/**
 * The time axis: only the time that is worked, laid end to end. Pure.
 *
 * An axis is a list of segments [from, to) of time in ns since the timeline's origin; `at` is where a segment begins
 * on the axis, in ns of worked time. Nights and weekends are simply not among the segments.
 */

import { MS } from "./data.js";
import { dayOf, nextMultiple } from "./zone.js";

/** Steps between ticks in ms; each divides a day. */
const STEPS = [100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3, 1800e3, 3600e3,
  7200e3, 10800e3, 21600e3, 43200e3, 86400e3];

/** Return the axis of these spans of time; spans that touch or overlap become one, empty ones are left out. */
export function makeAxis(spans) {
  const segments = [];
  let at = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = segments.at(-1);
    if (to <= from || (last && to <= last.to)) continue;
    if (last && from <= last.to) {
      at += to - last.to;
      last.to = to;
    } else {
      segments.push({ from, to, at });
      at += to - from;
    }
  }
  return { segments, length: at };
}

/** Return the axis of a timeline: all of its time, or only the shifts that meet it. */
export function axisOf(timeline, onlyShifts) {
  if (!onlyShifts || timeline.shifts.length === 0) return makeAxis([{ from: 0, to: timeline.end }]);
  const spans = timeline.shifts.map(([from, to]) => ({
    from: (from - timeline.origin) * MS, to: (to - timeline.origin) * MS,
  }));
  return makeAxis(spans.filter(({ from, to }) => from < timeline.end && to > 0));
}

function segmentBy(axis, key, value) {
  let low = 0;
  let high = axis.segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (axis.segments[middle][key] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Return the place of a time on the axis; time that is left out is at the break. */
export function toAxis(axis, time) {
  const i = segmentBy(axis, "from", time);
  if (i < 0) return 0;
  const { from, to, at } = axis.segments[i];
  return at + Math.min(time, to) - from;
}

/** Return the time at a place of the axis; a break is the beginning of what follows it. */
export function toTime(axis, place) {
  if (axis.segments.length === 0) return 0;
  const { from, to, at } = axis.segments[Math.max(0, segmentBy(axis, "at", place))];
  return Math.min(from + place - at, to);
}

/** Return the pieces of time between two places of the axis, whole ns, each with its place `at`. */
export function piecesBetween(axis, start, end) {
  const pieces = [];
  for (let i = Math.max(0, segmentBy(axis, "at", start)); i < axis.segments.length; i += 1) {
    const segment = axis.segments[i];
    if (segment.at >= end) break;
    const from = segment.from + Math.max(0, Math.round(start) - segment.at);
    const to = Math.min(segment.to, segment.from + Math.round(end) - segment.at);
    if (from < to) pieces.push({ from, to, at: segment.at + from - segment.from });
  }
  return pieces;
}

/** Return the smallest step in ms whose ticks are at least `apart` pixels from each other. */
export function tickStep(nsPerPixel, apart) {
  return STEPS.find((step) => (step * MS) / nsPerPixel >= apart) ?? STEPS.at(-1);
}

/**
 * Return what is written along the axis between two places, `width` pixels wide: `ticks` and `days` [{x, ms}] and the
 * x of `breaks`, where time is left out. Ticks stand on round clock times of the zone, at least `apart` pixels apart.
 */
export function marks(axis, start, end, width, { origin, zone, apart }) {
  const nsPerPixel = (end - start) / width;
  const step = tickStep(nsPerPixel, apart);
  const ticks = [];
  const days = [];
  const breaks = [];
  let day = NaN;
  for (const { from, to, at } of piecesBetween(axis, start, end)) {
    const x = (time) => (at + time - from - start) / nsPerPixel;
    const ms = origin + from / MS;
    const lastMs = origin + to / MS;
    if (at > start && axis.segments.some((segment) => segment.at === at)) breaks.push(x(from));
    if (dayOf(zone, ms) !== day) days.push({ x: x(from), ms });
    day = dayOf(zone, lastMs - 1);
    for (let t = nextMultiple(zone, ms, step); t < lastMs; t = nextMultiple(zone, t + 1, step)) {
      const place = x((t - origin) * MS);
      if (dayOf(zone, t) !== dayOf(zone, t - 1) && t > ms) days.push({ x: place, ms: t });
      if (ticks.length === 0 || place - ticks.at(-1).x >= apart * 0.8) ticks.push({ x: place, ms: t });
    }
  }
  return { step, ticks, days, breaks };
}
