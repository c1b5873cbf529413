/** Where things stand on the canvas, and what a view may be. Pure; lengths in CSS pixels unless said otherwise. */

import { SECOND } from "./data.js";

const NARROW = 34; // em below which names stand above their bars instead of left of them
const [LOW, HIGH] = [1.4, 3]; // em: how high a bar is at least and at most

/**
 * Return the layout of so many rows at a width and font size; `ghost` makes room for a second bar below each. Where
 * `room` (a height) is more than the rows need, bars grow into it.
 */
export function makeLayout(rows, width, em, ghost, room = 0) {
  const stacked = width < NARROW * em;
  const barTop = Math.round(em * (stacked ? 1.5 : 0.3));
  const axis = Math.round(em * 2.9);
  const other = barTop + em * (ghost ? 1.1 : 0.2);
  const bar = Math.round(Math.min(Math.max((room - axis) / rows - other, em * LOW), em * HIGH));
  const ghostTop = barTop + bar + 2;
  const ghostBar = ghost ? Math.round(em * 0.6) : 0;
  const row = ghost ? ghostTop + ghostBar + Math.round(em * 0.3) : barTop + bar + Math.round(em * 0.2);
  const left = stacked ? 0 : Math.round(Math.min(width * 0.28, em * 13));
  return { width, em, stacked, left, plot: Math.max(1, width - left), axis, row, barTop, bar, ghostTop, ghostBar,
    total: axis + rows * row };
}

/** Return the row at a height below the canvas's top, at a scroll position; -1 on the axis, `rows` below the last. */
export function rowAt(layout, rows, y, scroll) {
  if (y < layout.axis) return -1;
  return Math.min(rows, Math.floor((y - layout.axis + scroll) / layout.row));
}

/** Return the first row that is seen and the one after the last. */
export function rowsSeen(layout, rows, scroll, height) {
  const first = Math.max(0, Math.floor(scroll / layout.row));
  return [first, Math.min(rows, Math.ceil((scroll + height - layout.axis) / layout.row))];
}

/** Return the scroll position nearest to the present one at which a row is seen whole. */
export function scrollTo(layout, row, scroll, height) {
  const top = row * layout.row;
  return Math.max(Math.min(scroll, top), top + layout.row - (height - layout.axis));
}

/** Return the view nearest to the wished one: whole ns, at least a second, within the axis. */
export function clampView(axis, start, end) {
  const length = Math.min(Math.max(Math.round(end - start), SECOND), axis.length);
  const from = Math.min(Math.max(Math.round(start), 0), axis.length - length);
  return { start: from, end: from + length };
}

/** Return the view with `factor` times its length, in which `at` keeps its place on the screen. */
export function zoomView(axis, view, factor, at) {
  const length = Math.min(Math.max((view.end - view.start) * factor, SECOND), axis.length);
  const part = (at - view.start) / (view.end - view.start || 1);
  return clampView(axis, at - part * length, at + (1 - part) * length);
}

/** Return the view moved by ns of axis; at the ends it stays as long as it was. */
export function panView(axis, view, by) {
  return clampView(axis, view.start + by, view.end + by);
}

/** Return the view moved as little as possible so that a place is in it, a tenth away from its edges. */
export function viewWith(axis, view, place) {
  const margin = (view.end - view.start) / 10;
  if (place < view.start + margin) return panView(axis, view, place - margin - view.start);
  if (place > view.end - margin) return panView(axis, view, place + margin - view.end);
  return view;
}
