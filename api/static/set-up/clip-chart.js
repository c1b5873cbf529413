/** States of a clip over its time, with how well each rule fits, and a cursor that goes with the video. */

import { THEMES, paintsOf, textOn } from "/static/timelines/palette.js";
import { language, say, w } from "/static/common/words.js";
import { el, svg } from "./dom.js";

const SECOND = 1e9;
const LANE = 22;
const STATES = 34;
const AXIS = 20;
const NAMES = 150; // pixels for the names of the lanes; narrower on a phone
const WIDTH = 900;
const MARGIN = 20; // for half of the last time

/** Return a time such as 1:05.3. */
export function clock(seconds) {
  const tenths = Math.round(seconds * 10);
  const text = `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
  return language === "de" ? text.replace(".", ",") : text;
}

/** Return the interval in which a second lies, by its place in the list. */
export function intervalAt(intervals, seconds) {
  const at = seconds * SECOND;
  const found = intervals.findIndex(({ start_ns: start, duration_ns: length }) => at < start + length);
  return found < 0 ? intervals.length - 1 : found;
}

export class ClipChart {
  #result;
  #names;
  #seek;
  #svg;
  #cursor;
  #spoken;
  #at = 0;

  /** `states`: [{name, category, value_adding}]; `names(state)`: what is shown; `seek(seconds)`: goes there. */
  constructor(result, states, names, seek) {
    this.#result = result;
    this.#names = names;
    this.#seek = seek;
    const lanes = result.evidence;
    const height = STATES + lanes.length * LANE + AXIS;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const theme = dark ? THEMES.dark : THEMES.light;
    const own = new Map(states.map((state) => [state.name, state]));
    const shown = lanes.map(({ state }) => own.get(state) ?? { name: state, category: "irregular", value_adding: false });
    this.paints = new Map(paintsOf(shown, theme).map((paint, index) => [shown[index].name, paint]));
    this.#svg = svg("svg", {
      class: "clip-chart", viewBox: `0 0 ${NAMES + WIDTH + MARGIN} ${height}`, role: "slider", tabindex: 0, "aria-label": w.clip_timeline,
      "aria-valuemin": 0, "aria-valuemax": (result.span_ns / SECOND).toFixed(1), "aria-describedby": "clip-keys",
    });
    this.#svg.append(patterns(theme), ...this.#bars(), ...lanes.map((lane, index) => this.#lane(lane, STATES + index * LANE)), this.#axis(height));
    this.#cursor = svg("path", { class: "cursor", d: `M0 0V${height - AXIS}` });
    this.#svg.append(this.#cursor);
    this.#svg.addEventListener("click", (event) => this.#click(event));
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
    this.#spoken = el("p", { class: "clip-now", "aria-hidden": "true" });
    this.element = el("div", {}, el("div", { class: "scroll", tabindex: -1 }, this.#svg), this.#spoken);
    this.show(0);
  }

  get #span() {
    return Math.max(this.#result.span_ns, 1) / SECOND;
  }

  #x(seconds) {
    return NAMES + (seconds / this.#span) * WIDTH;
  }

  #bars() {
    return this.#result.intervals.map(({ state, start_ns: start, duration_ns: length }) => {
      const x = this.#x(start / SECOND);
      const width = Math.max(1, this.#x((start + length) / SECOND) - x - 0.5);
      const paint = this.paints.get(state);
      const fill = ["", "url(#clip-hatched)", "url(#clip-dotted)"][paint.pattern] || paint.fill;
      const group = svg("g", {}, svg("title", {}, `${this.#names(state)}, ${clock(start / SECOND)}`), svg("rect", { x, y: 2, width, height: STATES - 8, fill }));
      if (paint.bar) group.append(svg("rect", { x, y: 2, width, height: 4, fill: textOn(paint.fill), "fill-opacity": 0.65 }));
      const name = this.#names(state);
      if (width > name.length * 6.6 + 8 && paint.pattern === 0) group.append(svg("text", { class: "on-bar", x: x + 4, y: 20, fill: textOn(paint.fill) }, name));
      return group;
    });
  }

  #lane({ state, percent }, y) {
    const step = this.#result.step_ms / 1000;
    const paint = this.paints.get(state);
    const base = y + LANE - 3;
    const up = (value) => base - (value / 100) * (LANE - 6);
    const line = percent.map((value, index) => `L${this.#x(index * step).toFixed(1)} ${up(value).toFixed(1)}H${this.#x(Math.min((index + 1) * step, this.#span)).toFixed(1)}`).join("");
    const name = this.#names(state);
    const short = name.length > 22 ? `${name.slice(0, 21)}…` : name;
    return svg(
      "g", {},
      svg("title", {}, `${name}: ${w.clip_fit}`),
      svg("path", { class: "base", d: `M${NAMES} ${base}H${NAMES + WIDTH}` }),
      svg("path", { d: `M${NAMES} ${base}${line}V${base}Z`, fill: paint.fill, "fill-opacity": 0.75 }),
      svg("text", { class: "lane-name", x: 0, y: base - 3 }, short),
    );
  }

  #axis(height) {
    const wanted = [1, 2, 5, 10, 15, 30].find((step) => this.#span / step <= 12) ?? 60;
    const group = svg("g", { class: "axis", "aria-hidden": "true" });
    for (let second = 0; second <= this.#span + 0.01; second += wanted) {
      const x = this.#x(second);
      group.append(svg("path", { d: `M${x} ${height - AXIS}v5` }), svg("text", { x, y: height - 4, "text-anchor": second === 0 ? "start" : "middle" }, clock(second).slice(0, -2)));
    }
    return group;
  }

  /** Put the cursor where the video is. */
  show(seconds) {
    this.#at = Math.min(this.#span, Math.max(0, seconds));
    this.#cursor.setAttribute("transform", `translate(${this.#x(this.#at).toFixed(1)} 0)`);
    const { state } = this.#result.intervals[intervalAt(this.#result.intervals, this.#at)] ?? { state: "" };
    const text = say("clip_at", { time: clock(this.#at), state: this.#names(state) });
    this.#svg.setAttribute("aria-valuenow", this.#at.toFixed(1));
    this.#svg.setAttribute("aria-valuetext", text);
    this.#spoken.textContent = text;
  }

  #click(event) {
    const box = this.#svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * (NAMES + WIDTH + MARGIN);
    this.#go(((x - NAMES) / WIDTH) * this.#span);
  }

  #key(event) {
    const { intervals } = this.#result;
    const now = intervalAt(intervals, this.#at);
    const start = (index) => (intervals[Math.min(intervals.length - 1, Math.max(0, index))]?.start_ns ?? 0) / SECOND;
    const targets = {
      ArrowLeft: this.#at - 1, ArrowRight: this.#at + 1, ArrowDown: this.#at - 1, ArrowUp: this.#at + 1,
      PageDown: this.#at - 10, PageUp: this.#at + 10, Home: 0, End: this.#span, ",": start(now - 1), ".": start(now + 1),
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    this.#go(targets[event.key]);
  }

  #go(seconds) {
    const at = Math.min(this.#span, Math.max(0, seconds));
    this.show(at);
    this.#seek(at);
  }
}

function patterns(theme) {
  const { faint, panel } = theme;
  return svg(
    "defs", {},
    svg("pattern", { id: "clip-hatched", width: 7, height: 7, patternUnits: "userSpaceOnUse" }, svg("rect", { width: 7, height: 7, fill: panel }), svg("path", { d: "M0 7L7 0", stroke: faint, "stroke-width": 1.4 })),
    svg("pattern", { id: "clip-dotted", width: 6, height: 6, patternUnits: "userSpaceOnUse" }, svg("rect", { width: 6, height: 6, fill: panel }), svg("circle", { cx: 3, cy: 3, r: 1.3, fill: faint })),
  );
}
