/** Zones as a list and as numbers: for those who do not drag. */

import { say, w } from "/static/common/words.js";
import { choice, el, field, refill } from "./dom.js";
import { divided, fraction, FEWEST_POINTS, MOST_POINTS, renameZone, usersOf, withPoints } from "./model.js";

export class ZonesPanel {
  #draft;
  #stage;
  #element;

  constructor(draft, stage, element) {
    this.#draft = draft;
    this.#stage = stage;
    this.#element = element;
    this.render();
  }

  render() {
    const { outline } = this.#draft;
    if (!outline) return;
    const selected = outline.zones.find(({ key }) => key === this.#stage.selected);
    const names = outline.zones.map((zone) => el("li", {}, el("button", {
      type: "button", class: "quiet", "aria-pressed": String(zone === selected), "data-key": `choose ${zone.key}`,
      onclick: () => this.#stage.select(zone === selected ? null : zone.key),
    }, zone.name || "–")));
    refill(
      this.#element,
      names.length ? el("ul", { class: "names" }, ...names) : el("p", { class: "note" }, w.no_zones),
      selected ? this.#details(selected, outline) : null,
    );
  }

  #details(zone, outline) {
    const users = usersOf(outline, zone.name);
    const taken = new Set(outline.zones.filter((other) => other !== zone).map(({ name }) => name));
    const name = el("input", {
      type: "text", maxlength: 80, value: zone.name, "data-key": `name ${zone.key}`, autocomplete: "off",
      oninput: (event) => {
        const wanted = event.target.value;
        if (taken.has(wanted)) return; // a mapping has each name once: what is typed counts once it is free again
        this.#draft.edit(`name ${zone.key}`, (changed) => renameZone(changed, zone.key, wanted));
      },
    });
    return el(
      "div", { class: "card", "data-place": `zones/${zone.name}` },
      field(w.zone_name, name),
      el("p", { class: "hint" }, users.length ? say("used_by", { names: users.join(", ") }) : w.used_by_none),
      this.#table(zone),
      el("div", { class: "actions" }, el("button", { type: "button", class: "quiet", onclick: () => this.#stage.remove(zone.key) }, w.remove_zone)),
    );
  }

  #table(zone) {
    const { crop } = this.#draft.outline;
    const cell = (index, axis) => el("td", {}, el("input", {
      type: "number", min: 0, max: 1, step: 0.001, value: zone.points[index][axis], "data-key": `${zone.key} ${index} ${axis}`,
      "aria-label": say(axis === 0 ? "across_of" : "down_of", { i: index + 1 }),
      onchange: (event) => {
        if (event.target.value === "") return;
        const bounds = axis === 0 ? [crop.left, crop.right] : [crop.top, crop.bottom];
        const point = this.#points(zone.key)[index].with(axis, fraction(Number(event.target.value), ...bounds));
        this.#edit(zone.key, (points) => points.with(index, point), `number ${zone.key}`);
      },
    }));
    const rows = zone.points.map((_, index) => el(
      "tr", {},
      el("th", { scope: "row" }, say("point", { i: index + 1 })), cell(index, 0), cell(index, 1),
      el(
        "td", { class: "buttons" },
        el("button", {
          type: "button", class: "quiet icon", "aria-label": say("add_point", { i: index + 1 }), title: say("add_point", { i: index + 1 }),
          disabled: zone.points.length >= MOST_POINTS, "data-key": `${zone.key} ${index} add`,
          onclick: () => this.#edit(zone.key, (points) => divided(points, index), "add point"),
        }, "+"),
        el("button", {
          type: "button", class: "quiet icon", "aria-label": say("remove_point", { i: index + 1 }), title: say("remove_point", { i: index + 1 }),
          disabled: zone.points.length <= FEWEST_POINTS, "data-key": `${zone.key} ${index} remove`,
          onclick: () => this.#edit(zone.key, (points) => points.toSpliced(index, 1), "remove point"),
        }, "✕"),
      ),
    ));
    return el(
      "details", { class: "points", open: this.#element.querySelector("details.points")?.open ?? false },
      el("summary", {}, w.points),
      el("p", { class: "hint" }, w.points_hint),
      el("div", { class: "scroll" }, el(
        "table", {},
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, w.points), el("th", { scope: "col" }, w.across), el("th", { scope: "col" }, w.down), el("td", {}))),
        el("tbody", {}, ...rows),
      )),
    );
  }

  #points(key) {
    return this.#draft.outline.zones.find((zone) => zone.key === key).points;
  }

  #edit(key, change, what) {
    this.#draft.edit(what, (outline) => withPoints(outline, key, change(this.#points(key))));
  }
}

/** The part of the picture that is looked at, and where the worker is: as numbers and a choice. */
export class FramePanel {
  #draft;
  #element;

  constructor(draft, element) {
    this.#draft = draft;
    this.#element = element;
    this.render();
  }

  render() {
    const { outline } = this.#draft;
    if (!outline) return;
    const side = (name) => field(w[name], el("input", {
      type: "number", min: 0, max: 1, step: 0.001, value: outline.crop[name], "data-key": `crop ${name}`,
      onchange: (event) => event.target.value !== "" && this.#draft.edit("crop", (changed) => ({
        ...changed, crop: { ...changed.crop, [name]: fraction(Number(event.target.value)) },
      })),
    }), { place: `crop/${name}` });
    const zones = outline.zones.map(({ name }) => [name, name]);
    const place = choice([["", w.no_place], ...zones], outline.place ?? "", {
      missing: (value) => say("missing", { name: value }), "data-key": "place",
      onchange: (event) => this.#draft.edit("place", (changed) => ({ ...changed, place: event.target.value || null })),
    });
    refill(
      this.#element,
      field(w.place, place, { place: "place", hint: w.place_hint }),
      el(
        "fieldset", { "data-place": "crop" },
        el("legend", {}, w.crop), el("p", { class: "hint" }, w.crop_hint),
        el("div", { class: "row tight" }, ...["left", "top", "right", "bottom"].map(side)),
      ),
    );
  }
}
