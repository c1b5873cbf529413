/**
 * The picture with its zones: drawn, dragged, and moved by keys. It knows the draft, and nothing of forms.
 *
 * Everything on it is an element of its own that takes the focus and says what it is: zones, points, the sides of the
 * crop, the cross-hair. The picture below it is the browser's own; this file never reads a pixel of it.
 */

import { say, w } from "/static/common/words.js";
import { svg } from "./dom.js";
import { addZone, divided, fraction, FEWEST_POINTS, MOST_POINTS, removeZone, shifted, withPoints } from "./model.js";
import { area, middle, pointsText, shiftOf, toDrawing, WIDTH } from "./view.js";

const SIDES = ["left", "top", "right", "bottom"];
const SMALLEST_CROP = 0.05;
const SMALLEST_AREA = 1e-5;
const LARGE = 0.1; // of the picture
const NEAR = 14; // pixels: a click this near to the first point closes the zone

export class Stage extends EventTarget {
  #draft;
  #svg;
  #spoken;
  #aspect = 9 / 16;
  #selected = null;
  #grid = true;
  #cropping = false;
  #drawing = null; // { points, at: [x, y], done }
  #drag = null;
  #flawed = new Set();

  /** `element`: what the drawing goes into; `spoken`: where changes are said for screen readers. */
  constructor(draft, element, spoken) {
    super();
    this.#draft = draft;
    this.#spoken = spoken;
    this.#svg = svg("svg", { class: "zones", role: "group", "aria-label": w.stage, "aria-describedby": "keys" });
    element.append(this.#svg);
    this.#svg.addEventListener("pointerdown", (event) => this.#down(event));
    this.#svg.addEventListener("pointermove", (event) => this.#move(event));
    this.#svg.addEventListener("pointerup", (event) => this.#up(event));
    this.#svg.addEventListener("pointercancel", () => this.#cancelDrag());
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
    this.#svg.addEventListener("dblclick", () => this.#drawing && this.#close());
    new ResizeObserver(() => this.render()).observe(this.#svg);
    this.render();
  }

  get selected() {
    return this.#selected;
  }

  get drawing() {
    return this.#drawing !== null;
  }

  /** Height by width of the picture. */
  set aspect(aspect) {
    this.#aspect = aspect;
    this.render();
  }

  set grid(shown) {
    this.#grid = shown;
    this.render();
  }

  set cropping(shown) {
    this.#cropping = shown;
    this.render();
  }

  /** Names of zones with which something is wrong. */
  set flawed(names) {
    this.#flawed = names;
    this.render();
  }

  select(key) {
    if (this.#selected === key) return;
    this.#selected = key;
    this.render();
    this.dispatchEvent(new CustomEvent("selected", { detail: key }));
  }

  /** Begin to draw a zone; resolves to it, or to null if it was cancelled. */
  draw(name) {
    if (!this.#draft.readable) return Promise.resolve(null);
    this.#drawing?.done(null);
    const { crop } = this.#draft.outline;
    const at = [fraction((crop.left + crop.right) / 2), fraction((crop.top + crop.bottom) / 2)];
    return new Promise((resolve) => {
      this.#drawing = { name, points: [], at, done: resolve };
      this.select(null);
      this.render();
      this.dispatchEvent(new CustomEvent("drawing"));
      this.#svg.querySelector(".crosshair")?.focus();
    });
  }

  /** Close the zone that is being drawn, if it has an area. */
  finish() {
    this.#close();
  }

  takeBack() {
    if (!this.#drawing) return;
    this.#drawing.points.pop();
    this.render();
    this.#say(say("crosshair", this.#spokenPlace(this.#drawing.at, this.#drawing.points.length)));
  }

  cancelDrawing() {
    this.#endDrawing(null);
  }

  /** Put a rectangle into the middle of the crop. */
  addRectangle(name) {
    if (!this.#draft.readable) return;
    const { left, top, right, bottom } = this.#draft.outline.crop;
    const [x, y, dx, dy] = [(left + right) / 2, (top + bottom) / 2, (right - left) / 8, (bottom - top) / 8];
    const corners = [[x - dx, y - dy], [x + dx, y - dy], [x + dx, y + dy], [x - dx, y + dy]];
    this.#add(name, corners.map(([px, py]) => [fraction(px), fraction(py)]));
  }

  #add(name, points) {
    let zone;
    this.#draft.edit("add zone", (outline) => {
      const [changed, added] = addZone(outline, name, points);
      zone = added;
      return changed;
    });
    this.select(zone.key);
    this.#say(say("zone_added", { name: zone.name }));
    return zone;
  }

  // ---------------------------------------------------------------- drawing

  #endDrawing(zone) {
    const drawing = this.#drawing;
    if (!drawing) return;
    this.#drawing = null;
    this.render();
    drawing.done(zone);
    this.dispatchEvent(new CustomEvent("drawing"));
  }

  #set(point) {
    const drawing = this.#drawing;
    if (drawing.points.length >= MOST_POINTS) return;
    drawing.points.push(this.#within(point));
    this.render();
    this.#say(say("crosshair", this.#spokenPlace(drawing.at, drawing.points.length)));
  }

  #close() {
    const { points, name } = this.#drawing ?? {};
    if (!points) return;
    // A double click sets the same point twice.
    const distinct = points.filter(([x, y], index) => index === 0 || x !== points[index - 1][0] || y !== points[index - 1][1]);
    if (distinct.length < FEWEST_POINTS || area(distinct) < SMALLEST_AREA) {
      this.#say(say("too_few", { n: Math.max(1, FEWEST_POINTS - distinct.length) }));
      return;
    }
    const drawing = this.#drawing;
    this.#drawing = null;
    const zone = this.#add(name, distinct);
    drawing.done(zone);
    this.dispatchEvent(new CustomEvent("drawing"));
    this.#focus(`zone-${zone.key}`);
  }

  // ---------------------------------------------------------------- pointer

  #place(event) {
    const box = this.#svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  #within([x, y]) {
    const { left, top, right, bottom } = this.#draft.outline.crop;
    return [fraction(x, left, right), fraction(y, top, bottom)];
  }

  #pixels([x0, y0], [x1, y1]) {
    const box = this.#svg.getBoundingClientRect();
    return Math.hypot((x1 - x0) * box.width, (y1 - y0) * box.height);
  }

  #down(event) {
    if (event.button !== 0 || !this.#draft.outline) return;
    const place = this.#place(event);
    if (this.#drawing) {
      event.preventDefault();
      const { points } = this.#drawing;
      this.#drawing.at = this.#within(place);
      if (points.length >= FEWEST_POINTS && this.#pixels(points[0], place) < NEAR) this.#close();
      else this.#set(place);
      return;
    }
    const { key, point, edge, side } = event.target.dataset;
    if (!this.#draft.readable || (!key && !side)) {
      if (!key && !side) this.select(null);
      return;
    }
    if (edge !== undefined) {
      event.preventDefault();
      this.#divide(key, Number(edge));
      return;
    }
    this.#svg.setPointerCapture(event.pointerId);
    const zone = this.#zone(key);
    this.#drag = { key, side, point: point === undefined ? null : Number(point), from: place, points: zone?.points, moved: false, id: performance.now() };
  }

  #move(event) {
    if (this.#drawing) {
      if (event.pointerType === "mouse") {
        this.#drawing.at = this.#within(this.#place(event));
        this.render();
      }
      return;
    }
    const drag = this.#drag;
    if (!drag) return;
    const place = this.#place(event);
    if (!drag.moved && this.#pixels(drag.from, place) < 3) return;
    drag.moved = true;
    const what = `drag ${drag.id}`;
    if (drag.side) this.#moveSide(drag.side, place[drag.side === "left" || drag.side === "right" ? 0 : 1], what);
    else if (drag.point !== null) this.#edit(drag.key, drag.points.with(drag.point, this.#within(place)), what);
    else {
      const [dx, dy] = [place[0] - drag.from[0], place[1] - drag.from[1]];
      this.#edit(drag.key, shifted(drag.points, dx, dy, this.#draft.outline.crop), what);
    }
  }

  #up(event) {
    if (this.#drawing) this.#focus("crosshair");
    const drag = this.#drag;
    this.#drag = null;
    if (!drag) return;
    if (drag.key) this.select(drag.key);
    const name = drag.side ? `side-${drag.side}` : drag.point === null ? `zone-${drag.key}` : `point-${drag.key}-${drag.point}`;
    event.preventDefault();
    this.#focus(name);
  }

  #cancelDrag() {
    if (this.#drag?.moved) this.#draft.undo();
    this.#drag = null;
  }

  // ---------------------------------------------------------------- keyboard

  #key(event) {
    if (this.#drawing) {
      this.#drawingKey(event);
      return;
    }
    const { key, point, side } = event.target.dataset;
    if (side) this.#sideKey(event, side);
    else if (point !== undefined) this.#pointKey(event, key, Number(point));
    else if (key) this.#zoneKey(event, key);
  }

  #drawingKey(event) {
    const drawing = this.#drawing;
    const shift = shiftOf(event);
    const acts = {
      " ": () => this.#set(drawing.at),
      Enter: () => this.#close(),
      Backspace: () => this.takeBack(),
      Escape: () => this.cancelDrawing(),
    };
    if (shift) {
      drawing.at = this.#within([drawing.at[0] + shift[0], drawing.at[1] + shift[1]]);
      this.render();
      this.#say(say("crosshair", this.#spokenPlace(drawing.at, drawing.points.length)));
    } else if (acts[event.key]) acts[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #zoneKey(event, key) {
    const zone = this.#zone(key);
    const shift = shiftOf(event);
    if (shift) {
      this.select(key);
      const points = shifted(zone.points, ...shift, this.#draft.outline.crop);
      this.#edit(key, points, `keys ${key}`);
      this.#say(say("moved", this.#spokenPlace(middle(points))));
    } else if (event.key === "Enter" || event.key === " ") this.select(key);
    else if (event.key === "Escape") this.select(null);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(key);
    else return;
    event.preventDefault();
    if (this.#zone(key)) this.#focus(`zone-${key}`);
  }

  #pointKey(event, key, index) {
    const { points } = this.#zone(key);
    const shift = shiftOf(event);
    let focus = `point-${key}-${index}`;
    if (shift) {
      const moved = this.#within([points[index][0] + shift[0], points[index][1] + shift[1]]);
      this.#edit(key, points.with(index, moved), `keys ${key} ${index}`);
      this.#say(say("moved", this.#spokenPlace(moved)));
    } else if (event.key === "Delete" || event.key === "Backspace") focus = this.#removePoint(key, index);
    else if (event.key === "+" || event.key === "Insert") focus = this.#divide(key, index);
    else if (event.key === "Escape") focus = `zone-${key}`;
    else return;
    event.preventDefault();
    this.#focus(focus);
  }

  #sideKey(event, side) {
    const shift = shiftOf(event);
    if (!shift) return;
    event.preventDefault();
    const along = side === "left" || side === "right" ? 0 : 1;
    this.#moveSide(side, this.#draft.outline.crop[side] + shift[along], `keys ${side}`);
    this.#focus(`side-${side}`);
  }

  // ---------------------------------------------------------------- changes

  #edit(key, points, what) {
    this.#draft.edit(what, (outline) => withPoints(outline, key, points));
  }

  #divide(key, index) {
    const { points } = this.#zone(key);
    if (points.length >= MOST_POINTS) return `point-${key}-${index}`;
    this.#edit(key, divided(points, index), "add point");
    this.#say(say("point_added", { n: points.length + 1 }));
    const focus = `point-${key}-${index + 1}`;
    this.#focus(focus);
    return focus;
  }

  #removePoint(key, index) {
    const { points } = this.#zone(key);
    if (points.length <= FEWEST_POINTS) {
      this.#say(w.point_kept);
      return `point-${key}-${index}`;
    }
    this.#edit(key, points.toSpliced(index, 1), "remove point");
    this.#say(say("point_removed", { n: points.length - 1 }));
    return `point-${key}-${Math.min(index, points.length - 2)}`;
  }

  /** Remove a zone. */
  remove(key) {
    const { name } = this.#zone(key);
    this.#draft.edit("remove zone", (outline) => removeZone(outline, key));
    this.select(null);
    this.#say(say("zone_removed", { name }));
    this.#svg.querySelector(".zone")?.focus();
  }

  #moveSide(side, value, what) {
    this.#draft.edit(what, (outline) => {
      const { crop } = outline;
      const bounds = {
        left: [0, crop.right - SMALLEST_CROP], right: [crop.left + SMALLEST_CROP, 1],
        top: [0, crop.bottom - SMALLEST_CROP], bottom: [crop.top + SMALLEST_CROP, 1],
      };
      return { ...outline, crop: { ...crop, [side]: fraction(value, ...bounds[side]) } };
    });
  }

  #zone(key) {
    return this.#draft.outline?.zones.find((zone) => zone.key === key);
  }

  // ---------------------------------------------------------------- what is shown

  #say(text) {
    this.#spoken.textContent = text;
  }

  #spokenPlace([x, y], n) {
    const percent = (value) => `${Math.round(value * 1000) / 10} %`;
    return { x: percent(x), y: percent(y), n };
  }

  #focus(name) {
    this.#svg.querySelector(`[data-name="${name}"]`)?.focus({ preventScroll: true });
  }

  /** Draw everything anew; whatever had the focus keeps it. */
  render() {
    const { outline } = this.#draft;
    const height = WIDTH * this.#aspect;
    const shown = this.#svg.clientWidth || WIDTH;
    const unit = WIDTH / shown; // units of the drawing in a pixel
    const focused = this.#svg.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    this.#svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
    this.#svg.classList.toggle("draws", this.#drawing !== null);
    const parts = [];
    if (outline) {
      parts.push(this.#cropShape(outline.crop, height));
      if (this.#grid) parts.push(this.#gridShape(height, unit));
      const zones = [...outline.zones].sort((a, b) => (a.key === this.#selected) - (b.key === this.#selected));
      for (const zone of zones) if (zone.points.length > 1) parts.push(this.#zoneShape(zone, outline, height, unit));
      if (this.#cropping && !this.#drawing) parts.push(...SIDES.map((side) => this.#sideShape(side, outline.crop, height, unit)));
      if (this.#drawing) parts.push(this.#drawingShape(height, unit));
    }
    this.#svg.replaceChildren(...parts);
    if (focused) this.#focus(focused);
  }

  #gridShape(height, unit) {
    const lines = [];
    for (let tenth = 1; tenth < 10; tenth += 1) {
      const [x, y] = toDrawing([tenth / 10, tenth / 10], height);
      lines.push(svg("path", { d: `M${x} 0V${height}M0 ${y}H${WIDTH}` }));
      const text = `0.${tenth}`;
      lines.push(svg("text", { x: x + 3 * unit, y: 12 * unit, "font-size": 11 * unit }, text));
      lines.push(svg("text", { x: 3 * unit, y: y - 3 * unit, "font-size": 11 * unit }, text));
    }
    return svg("g", { class: "grid-lines", "aria-hidden": "true", "stroke-width": unit }, ...lines);
  }

  #cropShape({ left, top, right, bottom }, height) {
    const [x0, y0] = toDrawing([left, top], height);
    const [x1, y1] = toDrawing([right, bottom], height);
    const d = `M0 0H${WIDTH}V${height}H0ZM${x0} ${y0}V${y1}H${x1}V${y0}Z`;
    return svg("path", { class: "outside", d, "aria-hidden": "true" });
  }

  #zoneShape(zone, outline, height, unit) {
    const selected = zone.key === this.#selected && !this.#drawing;
    const holder = outline.tools.some((tool) => tool.holder === zone.name);
    const kinds = [
      "zone", selected && "selected", holder && "holder", outline.place === zone.name && "place",
      this.#flawed.has(zone.name) && "flawed",
    ];
    const group = svg("g", {});
    group.append(svg("polygon", {
      class: kinds.filter(Boolean).join(" "), points: pointsText(zone.points, height), "stroke-width": (selected ? 3 : 2) * unit,
      "data-key": zone.key, "data-name": `zone-${zone.key}`, tabindex: 0, role: "button", "aria-pressed": String(selected),
      "aria-label": say("zone_label", { name: zone.name, n: zone.points.length }),
    }));
    group.append(this.#label(zone, height, unit, holder));
    if (selected) {
      for (const index of zone.points.keys()) group.append(this.#edgeShape(zone, index, height, unit));
      for (const index of zone.points.keys()) group.append(this.#pointShape(zone, index, height, unit));
    }
    return group;
  }

  /** Return a zone's name: in its middle, or in a corner of a large one, where smaller ones do not lie. */
  #label(zone, height, unit, holder) {
    const large = area(zone.points) > LARGE;
    const corner = [Math.min(...zone.points.map(([x]) => x)), Math.max(...zone.points.map(([, y]) => y))];
    const [x, y] = toDrawing(large ? corner : middle(zone.points), height);
    const sign = this.#flawed.has(zone.name) ? "⚠ " : "";
    const text = `${sign}${zone.name}${holder ? " ⚒" : ""}`;
    return svg("text", {
      class: large ? "zone-name large" : "zone-name", x: x + (large ? 6 * unit : 0), y: y - (large ? 10 * unit : 0),
      "font-size": 13 * unit, "stroke-width": 3 * unit, "aria-hidden": "true",
    }, text);
  }

  #pointShape(zone, index, height, unit) {
    const [x, y] = toDrawing(zone.points[index], height);
    const place = this.#spokenPlace(zone.points[index]);
    const label = say("point_label", { i: index + 1, name: zone.name, ...place, n: zone.points.length });
    return svg("circle", {
      class: "point", cx: x, cy: y, r: 7 * unit, "stroke-width": 2 * unit, "data-key": zone.key, "data-point": index,
      "data-name": `point-${zone.key}-${index}`, tabindex: 0, role: "button", "aria-label": label,
    });
  }

  #edgeShape(zone, index, height, unit) {
    const next = zone.points[(index + 1) % zone.points.length];
    const [x, y] = toDrawing(middle([zone.points[index], next]), height);
    return svg("circle", { class: "edge", cx: x, cy: y, r: 4.5 * unit, "stroke-width": 1.5 * unit, "data-key": zone.key, "data-edge": index, "aria-hidden": "true" });
  }

  #sideShape(side, crop, height, unit) {
    const [x, y] = [(crop.left + crop.right) / 2, (crop.top + crop.bottom) / 2];
    const at = { left: [crop.left, y], right: [crop.right, y], top: [x, crop.top], bottom: [x, crop.bottom] }[side];
    const [cx, cy] = toDrawing(at, height);
    const upright = side === "left" || side === "right";
    const [dx, dy] = upright ? [7 * unit, 22 * unit] : [22 * unit, 7 * unit];
    return svg("rect", {
      class: "side", x: Math.min(WIDTH - 2 * dx, Math.max(0, cx - dx)), y: Math.min(height - 2 * dy, Math.max(0, cy - dy)),
      width: 2 * dx, height: 2 * dy, rx: 4 * unit, "stroke-width": 2 * unit,
      "data-side": side, "data-name": `side-${side}`, tabindex: 0, role: "slider", "aria-label": say("side_label", { side: w[side] }),
      "aria-orientation": upright ? "horizontal" : "vertical", "aria-valuemin": 0, "aria-valuemax": 1, "aria-valuenow": crop[side],
    });
  }

  #drawingShape(height, unit) {
    const { points, at } = this.#drawing;
    const [x, y] = toDrawing(at, height);
    const parts = [svg("polyline", { class: "begun", points: pointsText([...points, at], height), "stroke-width": 2 * unit })];
    for (const [index, point] of points.entries()) {
      const [cx, cy] = toDrawing(point, height);
      parts.push(svg("circle", { class: index === 0 ? "point first" : "point", cx, cy, r: (index === 0 ? 8 : 5) * unit, "stroke-width": 2 * unit }));
    }
    const label = say("crosshair", this.#spokenPlace(at, points.length));
    const d = `M${x - 14 * unit} ${y}H${x + 14 * unit}M${x} ${y - 14 * unit}V${y + 14 * unit}`;
    const cross = svg("g", { class: "crosshair", "data-name": "crosshair", tabindex: 0, role: "application", "aria-label": label });
    cross.append(svg("circle", { class: "target", cx: x, cy: y, r: 16 * unit }), svg("path", { d, "stroke-width": 2 * unit }));
    return svg("g", {}, ...parts, cross);
  }
}
