/**
 * One frame on the canvas. Draws what a scene says and remembers nothing but its pixel buffer.
 *
 * A scene is {timeline, index, axis, view, layout, scroll, height, ratio, theme, paints, brush, words, names, pieces,
 * ghost, active, cursor, selection}: `names` of rows and states as written; `ghost` is null or {timeline, index,
 * rows, pieces, brush, label}; `cursor` is a time in ns; lengths are CSS pixels, `ratio` device pixels per CSS pixel.
 */

import { marks, toAxis } from "./axis.js";
import { drawBar, pixel } from "./bars.js";
import { firstAfter } from "./data.js";
import { fillColumns, makeColumns } from "./detail.js";
import { rowsSeen } from "./layout.js";
import { clock, day, shortDay } from "./numbers.js";
import { PLAIN, textOn } from "./palette.js";

const MOST_NAMES = 400; // with more intervals in sight of a row, hardly a name would fit: none is looked for
const SHORTEST = 5; // em: a name that is shortened keeps at least this much
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** Return the ns of axis per device pixel, and the view's left edge snapped to such a pixel, so panning never flickers. */
export function gridOf({ view, layout, ratio }) {
  const nsPerPixel = (view.end - view.start) / Math.max(1, Math.round(layout.plot * ratio));
  return { nsPerPixel, start: Math.round(view.start / nsPerPixel) * nsPerPixel };
}

export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.image = null;
    this.widths = new Map();
  }

  paint(scene) {
    const { canvas, context } = this;
    const { layout, height, ratio, theme } = scene;
    const width = Math.round(layout.width * ratio);
    const tall = Math.round(height * ratio);
    if (canvas.width !== width || canvas.height !== tall) {
      canvas.width = width;
      canvas.height = tall;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, width, tall);
    const grid = gridOf(scene);
    this.bars(scene, grid);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const x = (time) => layout.left + (toAxis(scene.axis, time) - grid.start) / grid.nsPerPixel / ratio;
    const shown = this.marks(scene, grid);
    this.breaks(scene, shown);
    this.rows(scene, x);
    this.axis(scene, shown);
    this.selection(scene, x);
    this.cursor(scene, x);
  }

  bars(scene, { nsPerPixel, start }) {
    const { timeline, index, layout, scroll, height, ratio, brush, ghost, theme } = scene;
    const top = Math.round(layout.axis * ratio);
    const width = Math.max(1, Math.round(layout.plot * ratio));
    const tall = Math.round(height * ratio) - top;
    if (tall < 1) return;
    if (this.image?.width !== width || this.image.height !== tall) {
      this.image = new ImageData(width, tall);
      this.columns = makeColumns(width);
    }
    const buffer = new Uint32Array(this.image.data.buffer);
    buffer.fill(pixel(theme.paper));
    const phase = Math.round(start / nsPerPixel) % 1e9;
    const [first, last] = rowsSeen(layout, timeline.rows.length, scroll, height);
    for (let row = first; row < last; row += 1) {
      const y = row * layout.row - scroll;
      fillColumns(timeline, index, row, scene.pieces, start, nsPerPixel, this.columns);
      const at = Math.round((y + layout.barTop) * ratio);
      drawBar(buffer, width, at, Math.round(layout.bar * ratio), this.columns, brush, phase);
      const other = ghost ? ghost.rows[row] : -1;
      if (other < 0) continue;
      fillColumns(ghost.timeline, ghost.index, other, ghost.pieces, start, nsPerPixel, this.columns);
      const below = Math.round((y + layout.ghostTop) * ratio);
      drawBar(buffer, width, below, Math.round(layout.ghostBar * ratio), this.columns, ghost.brush, phase);
    }
    this.context.putImageData(this.image, Math.round(layout.left * ratio), top);
  }

  rows(scene, x) {
    const { context } = this;
    const { timeline, layout, scroll, height, theme, names, active, ghost } = scene;
    const { em, left, stacked } = layout;
    context.save();
    context.beginPath();
    context.rect(0, layout.axis, layout.width, height - layout.axis);
    context.clip();
    context.textBaseline = "middle";
    const [first, last] = rowsSeen(layout, timeline.rows.length, scroll, height);
    for (let row = first; row < last; row += 1) {
      const y = layout.axis + row * layout.row - scroll;
      const middle = stacked ? y + layout.barTop / 2 : y + layout.barTop + layout.bar / 2;
      context.font = `${row === active ? "600 " : ""}${em * 0.86}px ${FONT}`;
      context.fillStyle = theme.ink;
      context.fillText(this.fitted(names.rows[row], (stacked ? layout.width : left) - em * 0.9), em * 0.4, middle);
      if (ghost && !stacked) {
        context.font = `${em * 0.68}px ${FONT}`;
        context.fillStyle = theme.faint;
        const label = this.fitted(ghost.label, left - em * 0.9);
        context.fillText(label, em * 0.4, y + layout.ghostTop + layout.ghostBar / 2);
      }
      this.starts(scene, row, y, x);
      this.names(scene, row, y, x);
      if (row === active) {
        context.fillStyle = theme.focus;
        context.fillRect(0, y + 1, 3, layout.row - 2);
      }
    }
    context.restore();
  }

  /** A session's beginning sticks out above the bar. */
  starts({ timeline, layout, theme }, row, y, x) {
    this.context.fillStyle = theme.faint;
    for (const start of timeline.rows[row].starts) {
      const at = x(start);
      if (at >= layout.left && at < layout.width) this.context.fillRect(at, y + layout.barTop - 3, 1.5, 3);
    }
  }

  /** Names of states, wherever they fit into their bar. */
  names({ timeline, layout, pieces, paints, theme, names }, row, y, x) {
    const { context } = this;
    const { em } = layout;
    context.font = `${em * 0.76}px ${FONT}`;
    const middle = y + layout.barTop + layout.bar / 2 + 1;
    const ends = pieces.map(({ from, to }) => [from, to, ...[from, to].map((at) => firstAfter(timeline, timeline.rows[row], at))]);
    if (ends.reduce((sum, [, , first, last]) => sum + last - first, 0) > MOST_NAMES) return;
    for (const [from, to, first, last] of ends) {
      for (let i = first; i <= last && i < timeline.rows[row].last; i += 1) {
        if (timeline.begin[i] >= to) break;
        const left = x(Math.max(timeline.begin[i], from));
        const right = x(Math.min(timeline.begin[i] + timeline.duration[i], to));
        const whole = names.states[timeline.state[i]];
        const room = right - left - em * 0.7;
        if (room < Math.min(this.width(whole), em * SHORTEST)) continue;
        const name = this.fitted(whole, room);
        const wide = this.width(name);
        const paint = paints[timeline.state[i]];
        if (paint.pattern !== PLAIN) {
          context.fillStyle = theme.paper;
          context.fillRect(left + em * 0.2, middle - em * 0.45, wide + em * 0.3, em * 0.9);
        }
        context.fillStyle = paint.pattern === PLAIN ? textOn(paint.fill) : theme.ink;
        context.fillText(name, left + em * 0.35, middle);
      }
    }
  }

  marks({ timeline, layout, axis, view }, { start }) {
    const place = { origin: timeline.origin, zone: timeline.zone, apart: layout.em * 4.6 };
    return marks(axis, start, start + view.end - view.start, layout.plot, place);
  }

  /** Where time is left out, below everything that is written. */
  breaks({ layout, theme, height }, { breaks }) {
    for (const x of breaks.map((at) => layout.left + at).filter((at) => at > layout.left)) {
      this.context.fillStyle = theme.paper;
      this.context.fillRect(x - 1.5, 0, 3, height);
      this.context.fillStyle = theme.faint;
      this.context.fillRect(x - 0.5, 0, 1, height);
    }
  }

  axis(scene, shown) {
    const { context } = this;
    const { timeline, layout, ratio, theme, words, height } = scene;
    const { em, left, plot } = layout;
    context.save();
    context.beginPath();
    context.rect(left, 0, plot, height);
    context.clip();
    context.textBaseline = "middle";
    context.font = `${em * 0.78}px ${FONT}`;
    context.fillStyle = theme.faint;
    for (const { x, ms } of shown.ticks) {
      context.fillRect(left + x, layout.axis - em * 0.45, 1, em * 0.45);
      const text = clock(ms, shown.step, timeline.zone, words);
      if (x + this.width(text) < plot) context.fillText(text, left + x + 3, em * 1.85);
    }
    context.fillStyle = theme.ink;
    context.font = `600 ${em * 0.78}px ${FONT}`;
    let free = 0;
    shown.days.forEach(({ x, ms }, number) => {
      const from = Math.max(0, x);
      const room = (shown.days[number + 1]?.x ?? plot) - from - 6;
      const long = day(ms, timeline.zone, words);
      const fits = this.width(long) <= room;
      // A short date may reach into the next day, which then goes without.
      const text = fits ? long : shortDay(ms, timeline.zone, words);
      if (from < free || (!fits && (shown.days.length < 4 || from + this.width(text) > plot))) return;
      context.fillText(text, left + from + 3, em * 0.75);
      free = from + this.width(text) + 8;
    });
    context.fillStyle = theme.grid;
    context.fillRect(left, layout.axis - 1 / ratio, plot, 1 / ratio);
    context.restore();
  }

  selection({ selection, layout, theme, scroll, height }, x) {
    if (!selection) return;
    const { context } = this;
    const from = Math.max(layout.left, x(selection.from));
    const to = Math.min(layout.width, x(selection.to));
    if (to <= from) return;
    const y = Math.max(layout.axis, layout.axis + selection.first * layout.row - scroll);
    const end = Math.min(height, layout.axis + (selection.last + 1) * layout.row - scroll);
    // An outline only: a tint would change the colours that say which state it is.
    for (const [colour, width] of [[theme.paper, 5], [theme.focus, 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(from, y, to - from, Math.max(0, end - y));
    }
    context.fillStyle = theme.focus;
    context.fillRect(from, layout.axis - 5, to - from, 5);
  }

  cursor({ cursor, layout, theme, scroll, active }, x) {
    const at = x(cursor);
    if (at < layout.left || at > layout.width) return;
    const { context } = this;
    const y = layout.axis + active * layout.row - scroll + layout.barTop;
    context.fillStyle = theme.focus;
    context.fillRect(at - 0.5, layout.axis - 6, 1, 6);
    if (y < layout.axis - layout.row) return;
    context.strokeStyle = theme.paper;
    context.lineWidth = 4;
    context.strokeRect(at, y - 2, 0.01, layout.bar + 4);
    context.strokeStyle = theme.focus;
    context.lineWidth = 2;
    context.strokeRect(at, y - 2, 0.01, layout.bar + 4);
  }

  /** Return the width of a text in the present font; measuring is slow, so widths are kept. */
  width(text) {
    const key = `${this.context.font}|${text}`;
    if (!this.widths.has(key)) {
      if (this.widths.size > 5000) this.widths.clear();
      this.widths.set(key, this.context.measureText(text).width);
    }
    return this.widths.get(key);
  }

  /** Return a text, shortened with an ellipsis where it does not fit. */
  fitted(text, room) {
    if (this.width(text) <= room) return text;
    let length = text.length - 1;
    while (length > 0 && this.width(`${text.slice(0, length)}…`) > room) length -= 1;
    return `${text.slice(0, length)}…`;
  }
}
