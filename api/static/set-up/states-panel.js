/** The station's name and pace, its states with their rules, and its cycle. */

import { say, w } from "/static/common/words.js";
import { choice, el, field, refill } from "./dom.js";
import { addState, changeState, moveState, removeState } from "./model.js";
import { ruleControls } from "./rule.js";

/** The station's name and pace. */
export class SettingsPanel {
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
    const name = el("input", {
      type: "text", maxlength: 80, value: outline.name, "data-key": "station name", autocomplete: "off",
      oninput: (event) => this.#draft.edit("station name", (changed) => ({ ...changed, name: event.target.value })),
    });
    const rate = el("input", {
      type: "number", min: 0.5, max: 30, step: 0.5, value: outline.pose_rate, "data-key": "pose rate",
      onchange: (event) => event.target.value !== "" && this.#draft.edit("pose rate", (changed) => ({ ...changed, pose_rate: Number(event.target.value) })),
    });
    refill(this.#element, el("div", { class: "row" }, field(w.station_name, name, { place: "name" }), field(w.pose_rate, rate, { place: "pose_rate" })));
  }
}

export class StatesPanel {
  #draft;
  #element;
  #categories;
  #open = new Set(); // keys of the states whose controls are shown

  /** `categories`: [value, what it is called]. */
  constructor(draft, element, categories) {
    this.#draft = draft;
    this.#element = element;
    this.#categories = categories;
    this.render();
  }

  render() {
    const { outline } = this.#draft;
    if (!outline) return;
    const states = outline.states.map((state, index) => this.#state(state, index, outline));
    refill(
      this.#element,
      ...(states.length ? states : [el("p", { class: "note" }, w.no_states)]),
      el("div", { class: "actions" }, el("button", { type: "button", class: "quiet", "data-key": "add state", onclick: () => this.#add() }, w.add_state)),
      this.#cycle(outline),
    );
  }

  #change(state, change, what) {
    this.#draft.edit(`${what} ${state.key}`, (outline) => changeState(outline, state.key, change));
  }

  #state(state, index, outline) {
    const at = `states/${index}`;
    const icon = (label, sign, disabled, onclick, key) => el("button", {
      type: "button", class: "quiet icon", "aria-label": label, title: label, disabled, onclick, "data-key": `${state.key} ${key}`,
    }, sign);
    const move = (by) => () => this.#draft.edit("move state", (changed) => moveState(changed, state.key, by));
    const { name } = state;
    const names = { zones: outline.zones.map((zone) => zone.name), tools: outline.tools.map((tool) => tool.name) };
    const category = this.#categories.find(([value]) => value === state.category)?.[1] ?? state.category;
    return el(
      "details", {
        class: "card state", "data-place": at, open: this.#open.has(state.key),
        ontoggle: (event) => (event.target.open ? this.#open.add(state.key) : this.#open.delete(state.key)),
      },
      el("summary", { "data-key": `${state.key} summary` }, name || "–", " ", el("span", { class: "hint" }, `${category}${state.value_adding ? `, ${w.value_adding}` : ""}`)),
      el(
        "div", { class: "row" },
        field(w.state_name, el("input", {
          type: "text", maxlength: 80, value: name, "data-key": `${state.key} name`, autocomplete: "off",
          oninput: (event) => this.#change(state, { name: event.target.value }, "state name"),
        }), { place: `${at}/name` }),
        field(w.category, choice(this.#categories, state.category, {
          "data-key": `${state.key} category`, missing: (value) => `⚠ ${value}`, onchange: (event) => this.#change(state, { category: event.target.value }, "category"),
        }), { place: `${at}/category` }),
        field(w.shortest, el("input", {
          type: "number", min: 0.1, max: 3600, step: 0.1, value: state.shortest_s, "data-key": `${state.key} shortest`,
          onchange: (event) => event.target.value !== "" && this.#change(state, { shortest_s: Number(event.target.value) }, "shortest"),
        }), { place: `${at}/shortest_s` }),
      ),
      el("label", { class: "check" }, el("input", {
        type: "checkbox", checked: state.value_adding, "data-key": `${state.key} value`,
        onchange: (event) => this.#change(state, { value_adding: event.target.checked }, "value"),
      }), w.value_adding),
      el(
        "fieldset", { "data-place": `${at}/when` },
        el("legend", {}, w.rule),
        ruleControls(state.rule, names, (rule) => this.#change(state, { rule }, `rule ${performance.now()}`), `${state.key} rule`),
      ),
      el(
        "div", { class: "actions" },
        icon(say("move_up", { name }), "↑", index === 0, move(-1), "up"),
        icon(say("move_down", { name }), "↓", index === outline.states.length - 1, move(1), "down"),
        icon(say("remove_state", { name }), "✕", false, () => this.#draft.edit("remove state", (changed) => removeState(changed, state.key)), "remove"),
      ),
    );
  }

  #cycle({ states, cycle }) {
    const options = states.map(({ name }) => [name, name]);
    const end = (which) => field(w[which], choice(options, cycle[which], {
      "data-key": `cycle ${which}`, missing: (value) => (value ? say("missing", { name: value }) : w.choose),
      onchange: (event) => this.#draft.edit("cycle", (outline) => ({ ...outline, cycle: { ...outline.cycle, [which]: event.target.value } })),
    }), { place: `cycle/${which}` });
    const begun = { first: states[0]?.name ?? "", last: states.at(-1)?.name ?? "" };
    return el(
      "fieldset", { "data-place": "cycle" },
      el("legend", {}, w.cycle), el("p", { class: "hint" }, w.cycle_hint),
      el("label", { class: "check" }, el("input", {
        type: "checkbox", checked: cycle !== null, "data-key": "cycle",
        onchange: (event) => this.#draft.edit("cycle", (outline) => ({ ...outline, cycle: event.target.checked ? begun : null })),
      }), w.has_cycle),
      cycle && el("div", { class: "row" }, end("first"), end("last")),
    );
  }

  #add() {
    let added;
    this.#draft.edit("add state", (outline) => {
      const [changed, state] = addState(outline, w.new_state);
      added = state;
      return changed;
    });
    this.#open.add(added.key);
    this.render();
    const name = this.#element.querySelector(`[data-key="${added.key} name"]`);
    name.focus();
    name.select();
  }
}
