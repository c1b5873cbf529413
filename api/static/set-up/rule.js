/** A rule as controls: what it says, what it says it of, and the rules within it. */

import { w } from "/static/common/words.js";
import { choice, el } from "./dom.js";

const SENTENCES = ["hand", "torso", "holds", "still", "walking", "present", "absent"];
const LISTS = ["all", "any"];
const HANDS = ["either", "left", "right", "both"];
const LONGEST_STILL = 30;

function begun(kind, { zones, tools }) {
  const zone = zones[0] ?? "";
  const beginnings = {
    hand: { hands: "either", zone }, torso: { zone }, holds: { tool: tools[0] ?? "" }, still: { seconds: 2 },
    all: { parts: [{ kind: "present" }] }, any: { parts: [{ kind: "present" }] }, text: { text: "" },
  };
  return { kind, ...(beginnings[kind] ?? {}) };
}

/**
 * Return the controls of a rule. `names`: {zones, tools}, as they are called; `change(rule)` is called with another rule;
 * `key` names the place, so that the focus stays where it is. `remove`: null where the rule cannot be missing.
 */
export function ruleControls(rule, names, change, key, remove = null) {
  const inner = rule.kind === "not" ? rule.part : rule;
  const denied = rule.kind === "not";
  const set = (part) => change(denied ? { kind: "not", part } : part);
  const kinds = [...SENTENCES, ...LISTS, ...(inner.kind === "text" ? ["text"] : []), ...(inner.kind === "kept" ? ["kept"] : []), ...(inner.kind === "not" ? ["not"] : [])];
  const list = LISTS.includes(inner.kind);
  const head = el(
    "div",
    { class: "sentence" },
    el(
      "label", { class: "check negated" },
      el("input", {
        type: "checkbox", checked: denied, disabled: inner.kind === "kept", "data-key": `${key} not`,
        onchange: () => change(denied ? inner : { kind: "not", part: inner }),
      }),
      w.negated,
    ),
    choice(kinds.map((kind) => [kind, w[`kind_${kind === "not" ? "kept" : kind}`]]), inner.kind, {
      "data-key": `${key} kind`, "aria-label": w.kind,
      onchange: (event) => {
        const kind = event.target.value;
        if (LISTS.includes(kind)) set(list ? { kind, parts: inner.parts } : { kind, parts: inner.kind === "kept" ? [{ kind: "present" }] : [inner] });
        else set(begun(kind, names));
      },
    }),
    ...argumentsOf(inner, names, set, key),
    remove && el("button", { type: "button", class: "quiet icon", "aria-label": w.remove_sentence, title: w.remove_sentence, onclick: remove, "data-key": `${key} remove` }, "✕"),
  );
  if (inner.kind === "kept" || inner.kind === "not") head.append(el("p", { class: "hint" }, w.kept_note));
  if (!list) return head;
  const rest = (index) => inner.parts.toSpliced(index, 1);
  const parts = inner.parts.map((part, index) => el(
    "li", {},
    ruleControls(
      part, names, (changed) => set({ ...inner, parts: inner.parts.with(index, changed) }), `${key}.${index}`,
      inner.parts.length > 1 ? () => set({ ...inner, parts: rest(index) }) : null,
    ),
  ));
  const add = el("button", {
    type: "button", class: "quiet", "data-key": `${key} add`,
    onclick: () => set({ ...inner, parts: [...inner.parts, begun("hand", names)] }),
  }, w.add_sentence);
  return el("div", { class: "sentences" }, head, el("ul", {}, ...parts), add);
}

function argumentsOf(rule, { zones, tools }, set, key) {
  const named = (label, options, name) => choice(options.map((option) => [option, option]), rule[name], {
    missing: (value) => (value ? `⚠ ${value}` : w.choose), "data-key": `${key} ${name}`, "aria-label": label,
    onchange: (event) => set({ ...rule, [name]: event.target.value }),
  });
  switch (rule.kind) {
    case "hand":
      return [
        choice(HANDS.map((hands) => [hands, w[`hands_${hands}`]]), rule.hands, {
          "data-key": `${key} hands`, "aria-label": w.hands, onchange: (event) => set({ ...rule, hands: event.target.value }),
        }),
        named(w.zone, zones, "zone"),
      ];
    case "torso":
      return [named(w.zone, zones, "zone")];
    case "holds":
      return [named(w.tool, tools, "tool")];
    case "still":
      return [el("label", { class: "check" }, el("input", {
        type: "number", min: 0.1, max: LONGEST_STILL, step: 0.1, value: rule.seconds, "data-key": `${key} seconds`,
        onchange: (event) => event.target.value !== "" && set({ ...rule, seconds: Number(event.target.value) }),
      }), w.seconds)];
    case "text":
      return [el("input", {
        type: "text", class: "long", maxlength: 500, value: rule.text, "data-key": `${key} text`, "aria-label": w.rule_text,
        onchange: (event) => set({ ...rule, text: event.target.value }),
      })];
    default:
      return [];
  }
}
