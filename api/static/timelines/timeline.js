/**
 * <ft-timeline>: timelines of a hundred thousand intervals, for eyes, keyboards and screen readers (docs/timelines.md).
 *
 * This file holds what the user does and what is shown; everything that can be computed without a page is elsewhere.
 */

import { axisOf, piecesBetween, toAxis, toTime } from "./axis.js";
import { makeBrush } from "./bars.js";
import { earlierPieces, earlierPortions, sameRows } from "./compare.js";
import { COMPARISONS, fillTools } from "./controls.js";
import { arrange, BadTimeline, check, firstAfter, intervalAt } from "./data.js";
import { listen } from "./gestures.js";
import { actionOf } from "./keys.js";
import { clampView, makeLayout, panView, rowAt, scrollTo, viewWith, zoomView } from "./layout.js";
import { limitTexts, question } from "./limits.js";
import { readLink, writeLink } from "./link.js";
import { Painter } from "./paint.js";
import { paintsOf, THEMES } from "./palette.js";
import { make, notes, rowsTable, totalsTable } from "./panel.js";
import { rowName, selectionText, sentenceAt } from "./sentences.js";
import { summarise } from "./summary.js";
import { indexTotals, totals } from "./totals.js";
import { nameOf, wordsFor } from "./words.js";

const SETTLED = 150; // ms without change after which tables and link follow the canvas
const SPOKEN_ROWS = 200; // rows of the table for screen readers; more would only be slow

export class FtTimeline extends HTMLElement {
  static observedAttributes = ["src", "lang"];

  #data = null;
  #other = null;
  #timeline = null;
  #index = null;
  #ghost = null;
  #axis = null;
  #view = { start: 0, end: 1 };
  #options = { group: "station", shifts: true, compare: 0 };
  #active = 0;
  #cursor = 0;
  #selection = null;
  #anchor = null;
  #limits = null;
  #selecting = false;
  #leaving = false;
  #frame = 0;
  #settle = 0;
  #asked = 0;
  #words = wordsFor("en");
  #parts = null;
  #painter = null;
  #styled = false;
  #told = ["", ""];
  #stop = null;

  /** Optional: async ({rows, pieces}) -> [{state, low, high, n}], fractions of 1; see docs/timelines.md. */
  statistics = null;

  constructor() {
    super();
    this.#build();
  }

  connectedCallback() {
    const stop = new AbortController();
    this.#stop = stop;
    const size = new ResizeObserver(() => this.#invalidate());
    size.observe(this.#parts.scroller);
    stop.signal.addEventListener("abort", () => size.disconnect());
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.#restyle(), { signal: stop.signal });
    if (this.hasAttribute("linked")) {
      addEventListener("hashchange", () => this.#follow(location.hash), { signal: stop.signal });
    }
    this.#restyle();
    if (this.hasAttribute("src") && !this.#data) this.#fetch();
  }

  disconnectedCallback() {
    this.#stop.abort();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    clearTimeout(this.#settle);
  }

  attributeChangedCallback(name) {
    if (!this.isConnected) return;
    if (name === "src") this.#fetch();
    else this.#restyle();
  }

  get data() {
    return this.#data;
  }

  /** The data as rows (`arrange` in data.js), for pages that list intervals; null before there are any. */
  get arranged() {
    return this.#timeline;
  }

  /** Show other data, at once. Bad data are told on the page and by the event `ft-error`; they never throw here. */
  set data(data) {
    this.#asked += 1; // an answer still under way is too late
    try {
      check(data);
      this.#data = data;
      this.#arrange();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.hasAttribute("linked")) this.#follow(location.hash);
  }

  /** Data of another period to compare with: {data, days}; null for none. Shows clock times so many days earlier. */
  set ghost(other) {
    try {
      if (other) check(other.data);
      this.#other = other;
      this.#options.compare = other ? other.days : 0;
      if (!this.#timeline) return;
      this.#compare();
      this.#controls();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What is shown, as `link.js` writes it: times in ns since `origin`, rows by key. */
  get view() {
    const { rows } = this.#timeline;
    const key = (row) => rows[row]?.key;
    const selected = this.#selection;
    return {
      from: toTime(this.#axis, this.#view.start), to: toTime(this.#axis, this.#view.end), row: key(this.#active),
      selection: selected && { from: selected.from, to: selected.to, first: key(selected.first), last: key(selected.last) },
      ...this.#options,
    };
  }

  get link() {
    return this.#timeline?.count ? writeLink(this.view, this.#timeline.origin) : "";
  }

  /** Move the shown time by CSS pixels, as a drag does. */
  panBy(pixels) {
    const { plot } = this.#layout();
    this.#look(panView(this.#axis, this.#view, (pixels * (this.#view.end - this.#view.start)) / plot));
  }

  /** Show a part (0..1) of all time, in its middle. */
  zoomTo(part) {
    const { length } = this.#axis;
    this.#look(clampView(this.#axis, ((1 - part) * length) / 2, ((1 + part) * length) / 2));
  }

  async #fetch() {
    this.#asked += 1;
    const asked = this.#asked;
    this.#say("loading");
    try {
      const answer = await fetch(this.getAttribute("src"), { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new BadTimeline("answer", "status 200", answer.status);
      const data = await answer.json();
      if (asked === this.#asked) this.data = data;
    } catch (error) {
      if (asked === this.#asked) this.#fail(error instanceof BadTimeline ? error : null);
    }
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const style = make("link", { rel: "stylesheet", href: new URL("timeline.css", import.meta.url).href });
    const parts = {
      message: make("p", { class: "message", role: "status" }),
      tools: make("div", { class: "tools", role: "group" }),
      canvas: make("canvas", { "aria-hidden": "true" }),
      sheet: make("div", { class: "sheet" }),
      scroller: make("div", { class: "scroller", tabindex: "0", role: "application", "aria-describedby": "keys" }),
      readout: make("p", { class: "readout", role: "status", "aria-live": "polite" }),
      help: make("details", { class: "help" }),
      legend: make("div", { class: "legend" }),
      selected: make("div", { class: "selected" }),
      spoken: make("div", { class: "unseen" }),
    };
    parts.sheet.append(parts.canvas);
    parts.scroller.append(parts.sheet);
    parts.body = make("div", { class: "body", hidden: "" }, parts.tools, parts.scroller, parts.readout, parts.legend,
      parts.selected, parts.spoken, parts.help);
    parts.frame = make("div", { class: "frame" }, parts.message, parts.body);
    root.append(style, parts.frame);
    const styled = () => {
      this.#styled = true;
      this.#invalidate();
    };
    style.addEventListener("load", styled);
    style.addEventListener("error", styled); // plain is better than nothing
    this.#parts = parts;
    this.#painter = new Painter(parts.canvas);
    parts.scroller.addEventListener("scroll", () => this.#invalidate());
    parts.scroller.addEventListener("keydown", (event) => this.#key(event));
    parts.scroller.addEventListener("focus", () => this.#announce());
    parts.scroller.addEventListener("blur", () => {
      this.#leaving = false;
    });
    listen(parts.canvas, {
      pan: (dx, dy) => {
        this.panBy(-dx);
        if (dy) parts.scroller.scrollTop -= dy;
      },
      zoom: (factor, x) => this.#zoom(factor, this.#place(x)),
      select: (from, to) => this.#dragged(from, to),
      press: (at) => this.#pressed(at),
      hover: (at) => this.#hovered(at),
      selects: ({ y }, { shiftKey }) => shiftKey || this.#selecting || y < this.#layout().axis,
    });
  }

  /** Take up language and colours; everything that is written is written anew. */
  #restyle() {
    const tag = this.getAttribute("lang") ?? this.closest("[lang]")?.lang;
    this.#words = wordsFor(tag);
    this.#parts.frame.lang = this.#words.language;
    this.theme = matchMedia("(prefers-color-scheme: dark)").matches ? THEMES.dark : THEMES.light;
    for (const [name, colour] of Object.entries(this.theme)) {
      if (typeof colour === "string") this.#parts.frame.style.setProperty(`--${name}`, colour);
    }
    this.#parts.scroller.setAttribute("aria-label", this.#words.title);
    this.#parts.help.replaceChildren(make("summary", {}, this.#words.keysTitle), make("p", { id: "keys" }, this.#words.keys));
    this.#say(...this.#told);
    if (this.#timeline) {
      this.#controls();
      this.#invalidate();
    }
  }

  #arrange() {
    const old = this.#timeline && this.#timeline.count ? { ...this.view, origin: this.#timeline.origin } : null;
    this.#timeline = arrange(this.#data, this.#options.group);
    this.#index = indexTotals(this.#timeline);
    this.#selection = null;
    this.#limits = null;
    this.#active = 0;
    this.#makeAxis();
    this.#view = clampView(this.#axis, 0, this.#axis.length);
    if (old?.origin === this.#timeline.origin) this.#turnTo(old.from, old.to);
    this.#cursor = toTime(this.#axis, this.#view.start);
    this.#compare();
    this.#controls();
    if (this.#timeline.count === 0) this.#say("empty");
    else this.#say(this.#axis.length === 0 ? "noShift" : "");
    this.#invalidate();
  }

  #makeAxis() {
    this.#axis = axisOf(this.#timeline, this.#options.shifts);
  }

  #compare() {
    const days = this.#options.compare;
    this.#ghost = null;
    if (days && this.#options.group === "station") {
      const other = this.#other?.days === days;
      const timeline = other ? arrange(this.#other.data, this.#options.group) : this.#timeline;
      const index = other ? indexTotals(timeline) : this.#index;
      this.#ghost = { timeline, index, days, rows: sameRows(this.#timeline, timeline) };
    }
    this.#invalidate();
  }

  #turnTo(from, to) {
    this.#view = clampView(this.#axis, toAxis(this.#axis, from), toAxis(this.#axis, to));
  }

  /** Show what a fragment says; whatever it does not say, or says of other data, stays as it is. */
  #follow(fragment) {
    if (!this.#timeline?.count) return;
    const wanted = readLink(fragment, this.#timeline.origin);
    const { group, shifts, compare = 0 } = wanted;
    if (wanted.from === undefined) return;
    const regroup = group && group !== this.#options.group;
    Object.assign(this.#options, { compare }, group && { group }, shifts !== undefined && { shifts });
    if (regroup) this.#arrange();
    this.#makeAxis();
    this.#turnTo(wanted.from, wanted.to);
    const number = (key) => this.#timeline.rows.findIndex((row) => row.key === key);
    this.#active = Math.max(0, number(wanted.row));
    this.#cursor = toTime(this.#axis, this.#view.start);
    const { selection } = wanted;
    const [first, last] = selection ? [number(selection.first), number(selection.last)] : [-1, -1];
    this.#select(first < 0 || last < first ? null : { from: selection.from, to: selection.to, first, last });
    this.#compare();
    this.#controls();
  }

  #layout() {
    const { scroller } = this.#parts;
    const style = getComputedStyle(scroller);
    const em = Number.parseFloat(style.fontSize) || 16;
    const room = Number.parseFloat(style.maxHeight) || 0;
    return makeLayout(this.#timeline.rows.length, Math.max(1, scroller.clientWidth), em, this.#ghost !== null, room);
  }

  #place(x) {
    const { left, plot } = this.#layout();
    const part = Math.min(Math.max((x - left) / plot, 0), 1);
    return this.#view.start + part * (this.#view.end - this.#view.start);
  }

  #look(view) {
    const changed = view.start !== this.#view.start || view.end !== this.#view.end;
    this.#view = view;
    if (changed) this.#invalidate();
    return changed;
  }

  #zoom(factor, place) {
    return this.#look(zoomView(this.#axis, this.#view, factor, place));
  }

  #invalidate() {
    if (!this.#styled || !this.#timeline || !this.isConnected) return;
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => this.#tables(), SETTLED);
  }

  #draw() {
    this.#frame = 0;
    const { body, scroller, sheet, canvas } = this.#parts;
    const visible = this.#timeline.count > 0 && this.#axis.length > 0;
    body.hidden = !visible;
    if (!visible) return;
    const layout = this.#layout();
    sheet.style.height = `${layout.total}px`;
    const height = Math.min(layout.total, scroller.clientHeight);
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${height}px`;
    this.#painter.paint(this.#scene(layout, height));
    if (!this.classList.contains("drawn")) {
      this.classList.add("drawn");
      this.dispatchEvent(new CustomEvent("ft-ready", { bubbles: true, composed: true }));
      this.#announce("off");
    }
  }

  #scene(layout, height) {
    const ratio = devicePixelRatio || 1;
    const paints = paintsOf(this.#timeline.states, this.theme);
    // A pixel more at both sides: the left edge is snapped to a whole pixel.
    const more = ((this.#view.end - this.#view.start) / layout.plot) * 2;
    const pieces = piecesBetween(this.#axis, this.#view.start - more, this.#view.end + more);
    return {
      timeline: this.#timeline, index: this.#index, axis: this.#axis, view: this.#view, layout, height, ratio, paints, pieces,
      scroll: this.#parts.scroller.scrollTop, theme: this.theme, brush: makeBrush(paints, this.theme, ratio),
      words: this.#words, names: { rows: this.#rowNames(), states: this.#stateNames() },
      ghost: this.#ghost && this.#ghostScene(pieces, ratio), active: this.#active, cursor: this.#cursor,
      selection: this.#selection,
    };
  }

  #ghostScene(pieces, ratio) {
    const { timeline, index, rows, days } = this.#ghost;
    const known = COMPARISONS.find(([number]) => number === days && this.#other?.days !== days);
    return {
      timeline, index, rows, pieces: earlierPieces(pieces, this.#timeline, timeline, days),
      brush: makeBrush(paintsOf(timeline.states, this.theme), this.theme, ratio),
      label: this.#words[known ? known[1] : "otherPeriod"],
    };
  }

  #rowNames() {
    return this.#timeline.rows.map((row) => rowName(row, this.#words));
  }

  #stateNames() {
    return this.#timeline.states.map(({ name }) => nameOf(this.#words, name));
  }

  #key(event) {
    const action = actionOf(event);
    if (!action) return;
    const [name, amount] = action;
    if (name === "tab") {
      const next = this.#active + amount;
      if (this.#leaving || next < 0 || next >= this.#timeline.rows.length) return;
      this.#goToRow(next);
    } else {
      this.#act(name, amount);
    }
    this.#leaving = name === "clear";
    event.preventDefault();
  }

  #act(name, amount) {
    const at = toAxis(this.#axis, this.#cursor);
    const middle = (this.#view.start + this.#view.end) / 2;
    const inside = at >= this.#view.start && at <= this.#view.end;
    const { length } = this.#axis;
    if (name === "pan") {
      const before = this.#view;
      this.#look(panView(this.#axis, before, amount * (before.end - before.start)));
      const moved = this.#view.start - before.start;
      // The cursor keeps its place on the screen; where the axis ends, it goes on alone.
      this.#moveCursor((inside ? at : middle) + (moved || amount * (before.end - before.start)), false);
    } else if (name === "zoom") this.#zoom(amount, inside ? at : middle);
    else if (name === "all") this.#look(clampView(this.#axis, 0, length));
    else if (name === "end") this.#moveCursor(amount * length);
    else if (name === "row") this.#goToRow(this.#active + amount);
    else if (name === "interval") this.#step(amount);
    else if (name === "mark") this.#mark();
    else if (name === "select" || name === "selectRow") this.#extend(name, amount);
    else if (name === "clear") this.#unselect();
  }

  #moveCursor(place, follow = true) {
    const last = Math.max(0, this.#axis.length - 1);
    this.#cursor = Math.round(toTime(this.#axis, Math.min(Math.max(place, 0), last)));
    if (follow) this.#look(viewWith(this.#axis, this.#view, toAxis(this.#axis, this.#cursor)));
    this.#invalidate();
    this.#announce();
  }

  #goToRow(row) {
    this.#active = Math.min(Math.max(row, 0), this.#timeline.rows.length - 1);
    const { scroller } = this.#parts;
    scroller.scrollTop = scrollTo(this.#layout(), this.#active, scroller.scrollTop, scroller.clientHeight);
    this.#invalidate();
    this.#announce();
  }

  /** Go to the beginning of the next or the previous interval of the active row that the axis shows. */
  #step(direction) {
    const row = this.#timeline.rows[this.#active];
    const { begin, duration: lengths } = this.#timeline;
    let i = intervalAt(this.#timeline, row, this.#cursor);
    if (i < 0) {
      i = firstAfter(this.#timeline, row, this.#cursor);
      if (direction > 0) i -= 1;
    }
    for (i += direction; i >= row.first && i < row.last; i += direction) {
      const [piece] = piecesBetween(this.#axis, toAxis(this.#axis, begin[i]), toAxis(this.#axis, begin[i] + lengths[i]));
      if (piece) {
        this.#moveCursor(piece.at);
        return;
      }
    }
  }

  /** Enter: the interval under the cursor becomes the selected range. */
  #mark() {
    const i = intervalAt(this.#timeline, this.#timeline.rows[this.#active], this.#cursor);
    if (i < 0) return;
    const { begin, duration: lengths } = this.#timeline;
    this.#select({ from: begin[i], to: begin[i] + lengths[i], first: this.#active, last: this.#active });
  }

  #extend(name, amount) {
    this.#anchor ??= { time: this.#cursor, row: this.#active };
    if (name === "selectRow") this.#goToRow(this.#active + amount);
    else this.#moveCursor(toAxis(this.#axis, this.#cursor) + amount * 0.02 * (this.#view.end - this.#view.start));
    this.#span(this.#anchor.time, this.#cursor, this.#anchor.row, this.#active);
  }

  #span(one, other, row, otherRow) {
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    if (from === to) return;
    this.#select({ from, to, first: Math.min(row, otherRow), last: Math.max(row, otherRow) }, true);
  }

  #unselect() {
    if (this.#selection) this.#parts.readout.textContent = this.#words.cleared;
    this.#select(null);
  }

  #select(selection, keepAnchor = false) {
    if (!keepAnchor) this.#anchor = null;
    this.#selection = selection;
    this.#limits = null;
    if (selection) this.#parts.readout.textContent = this.#selectedText();
    this.#invalidate();
    this.dispatchEvent(new CustomEvent("ft-select", { detail: selection && this.view.selection }));
  }

  #selectedText() {
    return selectionText(this.#timeline, this.#selection, this.#words);
  }

  #dragged(from, to) {
    const layout = this.#layout();
    const { scrollTop } = this.#parts.scroller;
    const count = this.#timeline.rows.length;
    const row = ({ y }) => Math.min(Math.max(rowAt(layout, count, y, scrollTop), 0), count - 1);
    const onAxis = from.y < layout.axis;
    const time = ({ x }) => Math.round(toTime(this.#axis, this.#place(x)));
    this.#span(time(from), time(to), onAxis ? 0 : row(from), onAxis ? count - 1 : row(to));
  }

  #pressed({ x, y }) {
    const row = rowAt(this.#layout(), this.#timeline.rows.length, y, this.#parts.scroller.scrollTop);
    if (row < 0 || row >= this.#timeline.rows.length) return;
    this.#active = row;
    this.#anchor = null;
    this.#moveCursor(this.#place(x));
  }

  #hovered({ x, y }) {
    const row = rowAt(this.#layout(), this.#timeline.rows.length, y, this.#parts.scroller.scrollTop);
    if (row < 0 || row >= this.#timeline.rows.length || x < this.#layout().left) return;
    // Only shown: what a mouse passes over is not to be spoken.
    this.#parts.readout.setAttribute("aria-live", "off");
    this.#parts.readout.textContent = this.#sentence(row, Math.floor(toTime(this.#axis, this.#place(x))));
  }

  #announce(live = "polite") {
    if (!this.#timeline?.count) return;
    this.#parts.readout.setAttribute("aria-live", live);
    this.#parts.readout.textContent = this.#sentence(this.#active, this.#cursor);
  }

  #sentence(row, time) {
    return sentenceAt(this.#timeline, row, time, this.#words);
  }

  #controls() {
    const state = {
      words: this.#words, options: this.#options, hasShifts: this.#timeline.shifts.length > 0,
      otherDays: this.#other?.days, selecting: this.#selecting, link: this.link,
    };
    this.#parts.link = fillTools(this.#parts.tools, state, {
      zoom: (factor) => this.#zoom(factor, (this.#view.start + this.#view.end) / 2),
      all: () => this.#look(clampView(this.#axis, 0, this.#axis.length)),
      selecting: (whether) => {
        this.#selecting = whether;
      },
      shifts: (whether) => {
        const { from, to } = this.view;
        this.#options.shifts = whether;
        this.#makeAxis();
        this.#turnTo(from, to);
        this.#invalidate();
      },
      group: (name) => {
        this.#options.group = name;
        this.#arrange();
      },
      compare: (days) => {
        this.#options.compare = days;
        this.#compare();
      },
    });
  }

  /** Bring tables and link up to the canvas, once it rests. */
  #tables() {
    const timeline = this.#timeline;
    if (timeline.count === 0 || this.#axis.length === 0) return;
    const pieces = piecesBetween(this.#axis, this.#view.start, this.#view.end);
    const rows = timeline.rows.map((_, row) => row);
    const look = { paints: paintsOf(timeline.states, this.theme), theme: this.theme, ratio: devicePixelRatio || 1,
      words: this.#words };
    const shown = totals(timeline, this.#index, rows, pieces);
    const summary = summarise(timeline.states, shown, this.#words);
    const { legend, selected, spoken, link } = this.#parts;
    const whole = [{ from: pieces[0].from, to: pieces.at(-1).to }];
    const hidden = totals(timeline, this.#index, rows, whole).covered - shown.covered;
    legend.replaceChildren(
      totalsTable(this.#words.legend, summary, look, { earlier: this.#earlier(pieces, rows) }),
      make("div", {}, ...notes(timeline, hidden, look)),
    );
    this.#selectedTable(selected, look);
    const names = this.#rowNames().slice(0, SPOKEN_ROWS);
    const summaries = names.map((_, row) => (
      summarise(timeline.states, totals(timeline, this.#index, [row], pieces), this.#words)
    ));
    spoken.replaceChildren(rowsTable(names, summary.rows, summaries, this.#words));
    link.setAttribute("href", `#${this.link}`);
    if (this.hasAttribute("linked")) history.replaceState(history.state, "", `#${this.link}`);
    this.dispatchEvent(new CustomEvent("ft-view", { detail: this.view }));
  }

  /** Portions of the other period, by state number of the shown one; null without a comparison. */
  #earlier(pieces, rows) {
    return this.#ghost && earlierPortions(this.#timeline, this.#ghost, pieces, rows, this.#words);
  }

  #selectedTable(place, look) {
    const selection = this.#selection;
    if (!selection) {
      place.replaceChildren();
      return;
    }
    const pieces = piecesBetween(this.#axis, toAxis(this.#axis, selection.from), toAxis(this.#axis, selection.to));
    const rows = Array.from({ length: selection.last - selection.first + 1 }, (_, i) => selection.first + i);
    const summary = summarise(this.#timeline.states, totals(this.#timeline, this.#index, rows, pieces), this.#words);
    const limits = this.statistics ? (this.#limits?.texts ?? {}) : null;
    const state = !this.statistics || this.#limits?.texts ? "" : this.#words[this.#limits?.failed ? "limitsFailed" : "limitsWait"];
    place.replaceChildren(totalsTable(this.#selectedText(), summary, look,
      { limits, earlier: this.#earlier(pieces, rows) }), make("p", { class: "note", role: "status" }, state));
    if (this.statistics && !this.#limits) this.#askLimits(selection, rows, pieces);
  }

  async #askLimits(selection, rows, pieces) {
    const mine = {};
    this.#limits = mine;
    try {
      const answer = await this.statistics(question(this.#timeline, rows, pieces));
      mine.texts = limitTexts(this.#timeline, answer, this.#words);
    } catch {
      mine.failed = true;
    }
    if (this.#limits === mine && this.#selection === selection) this.#invalidate(); // otherwise the question is old
  }

  /** Say a sentence by its name in `words.js`, so that it is said anew when the language changes; "" says nothing. */
  #say(name, detail = "") {
    const { message } = this.#parts;
    this.#told = [name, detail];
    message.setAttribute("role", name === "failed" ? "alert" : "status");
    message.textContent = name ? `${this.#words[name]} ${detail}`.trim() : "";
  }

  #fail(error) {
    this.#timeline = null;
    this.#data = null;
    clearTimeout(this.#settle);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#parts.body.hidden = true;
    this.#say("failed", error instanceof BadTimeline ? error.message : this.#words.unreachable);
    this.dispatchEvent(new CustomEvent("ft-error", { detail: error?.message ?? "" }));
  }
}

customElements.define("ft-timeline", FtTimeline);
