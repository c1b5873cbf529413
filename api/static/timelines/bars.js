/**
 * Bars as pixels: one row's columns -> a rectangle of a pixel buffer. Pure.
 *
 * Pixels are written directly because a hundred thousand rectangles per frame are more than a canvas can fill, while
 * a few scanlines per row and their copies are not. Pixels are Uint32, bytes in the order that ImageData has them.
 */

import { NONE } from "./detail.js";
import { channels, HATCHED, PLAIN } from "./palette.js";

/** Return "#rrggbb" as an opaque pixel. */
export function pixel(colour) {
  return new Uint32Array(new Uint8Array([...channels(colour), 255]).buffer)[0];
}

/** Return what `drawBar` needs to know of a theme and the states' paints; lengths grow with the pixel ratio. */
export function makeBrush(paints, theme, ratio) {
  const scaled = (length) => Math.max(1, Math.round(length * ratio));
  return {
    fills: Uint32Array.from(paints, ({ fill }) => pixel(fill)),
    patterns: Uint8Array.from(paints, ({ pattern }) => pattern),
    carries: Uint8Array.from(paints, ({ bar }) => (bar ? 1 : 0)),
    paper: pixel(theme.paper), panel: pixel(theme.panel), ink: pixel(theme.ink), faint: pixel(theme.faint),
    hatch: scaled(7), stroke: scaled(2), dots: scaled(4), dot: scaled(1.6), top: scaled(3), mark: scaled(6),
    line: scaled(1),
  };
}

/** Fill `line` with the colours of the columns and return the numbers of those that carry a pattern. */
function body(columns, { fills, patterns, paper, panel }, line) {
  const patterned = [];
  for (let x = 0; x < line.length; x += 1) {
    const s = columns.state[x];
    if (s === NONE) line[x] = panel;
    else if (columns.edge[x]) line[x] = paper;
    else if (patterns[s] === PLAIN) line[x] = fills[s];
    else patterned.push(x);
  }
  return patterned;
}

/** Draw patterned columns on scanline y of the bar. `phase` ties patterns to time, so they move with it. */
function pattern(patterned, columns, brush, y, phase, line) {
  const { patterns, paper, faint, hatch, stroke, dots, dot } = brush;
  for (const x of patterned) {
    const drawn = patterns[columns.state[x]] === HATCHED ? (x + phase + y) % hatch < stroke
      : (x + phase) % dots < dot && y % dots < dot;
    line[x] = drawn ? faint : paper;
  }
}

/** The bar along the top of value-adding states: ink, then a line of paper, so that it is seen on any colour. */
function top(columns, brush, y, line) {
  const colour = y < brush.top ? brush.ink : brush.paper;
  for (let x = 0; x < line.length; x += 1) {
    const s = columns.state[x];
    if (s !== NONE && brush.carries[s]) line[x] = colour;
  }
}

/** The mark at the bottom where a column hides something: the higher, the more it hides. */
function bottom(columns, brush, distance, line) {
  for (let x = 0; x < line.length; x += 1) {
    if (columns.other[x] === 0) continue;
    const height = Math.max(brush.stroke, Math.ceil((columns.other[x] / 255) * brush.mark));
    if (distance <= height) line[x] = brush.faint;
    else if (distance <= height + brush.line) line[x] = brush.paper;
  }
}

/**
 * Draw columns into `buffer` (rows of `stride` pixels) at scanlines y0 <= y < y0 + height, cut at its edges.
 * `phase` is a whole number of pixels, not negative.
 */
export function drawBar(buffer, stride, y0, height, columns, brush, phase) {
  const lines = Math.floor(buffer.length / stride);
  const width = Math.min(stride, columns.state.length);
  const plain = new Uint32Array(width);
  const patterned = body(columns, brush, plain);
  const line = new Uint32Array(width);
  for (let y = Math.max(0, -y0); y < height && y0 + y < lines; y += 1) {
    line.set(plain);
    pattern(patterned, columns, brush, y, phase, line);
    if (y < brush.top + brush.line) top(columns, brush, y, line);
    if (height - y <= brush.mark + brush.line) bottom(columns, brush, height - y, line);
    buffer.set(line, (y0 + y) * stride);
  }
}
