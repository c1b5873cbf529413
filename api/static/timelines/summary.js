/** Totals as the rows of a table, rounded so that they add up as written. Pure. */

import { CATEGORIES } from "./data.js";
import { durationText, percent, stepOf } from "./numbers.js";
import { apportion } from "./totals.js";
import { nameOf } from "./words.js";

/** Return state numbers in the order of a table: by category, as given within one, *unknown* and *not recorded* last. */
export function orderOf(states) {
  const rank = ({ name, category }) => (category === null ? CATEGORIES.length + (name === "unknown" ? 0 : 1)
    : CATEGORIES.indexOf(category));
  return states.map((_, i) => i).sort((a, b) => rank(states[a]) - rank(states[b]) || a - b);
}

/** Return portions of a sum in per mille that add up to 1000; zeros if the sum is zero. */
export function portions(parts) {
  return apportion(parts, 1000n, parts.reduce((sum, part) => sum + part, 0n));
}

/**
 * Return {rows, sum, missing} of what `totals` returned. A row is {state, name, category, valueAdding, ns, time,
 * portion, mille}; `ns` is exact, `time` and `portion` are texts of one form whose figures add up to those of `sum`.
 */
export function summarise(states, { states: parts, covered, missing }, words) {
  const order = orderOf(states);
  const listed = order.map((state) => parts[state]);
  const step = stepOf(covered);
  const steps = apportion(listed, 1n, step);
  const mille = portions(listed);
  const rows = order.map((state, i) => ({
    state, name: nameOf(words, states[state].name),
    category: states[state].category === null ? "" : nameOf(words, states[state].category),
    valueAdding: states[state].value_adding, ns: parts[state],
    time: durationText(steps[i], covered, words), portion: percent(mille[i], words), mille: mille[i],
  }));
  const total = steps.reduce((sum, part) => sum + part, 0n);
  const whole = mille.reduce((sum, part) => sum + part, 0n);
  return { rows, missing, sum: { ns: covered, time: durationText(total, covered, words), portion: percent(whole, words) } };
}
