/** Labels of a recording as a list of changes. Pure: times in seconds, states by name. */

/** Return the changes with one more; a change at the same time or later gives way. */
export function change(changes, state, time) {
  const kept = changes.filter((one) => one.time < time);
  if (kept.at(-1)?.state === state) return kept;
  return [...kept, { state, time }];
}

/** Return the intervals {state, start, end} that the changes make up to the recording's end. */
export function intervals(changes, end) {
  return changes.map(({ state, time }, i) => ({ state, start: time, end: changes[i + 1]?.time ?? end }))
    .filter(({ start, end: stop }) => stop > start);
}

/** Return the CSV that studies and `fairtakt evaluate` read. */
export function toCsv(list) {
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const lines = list.map(({ state, start, end }) => [quoted(state), start.toFixed(3), end.toFixed(3)].join(","));
  return ["state,start_s,end_s", ...lines, ""].join("\n");
}

/** Return the states of a text, one a line; throws a word of the page for what cannot be. */
export function statesOf(text, most = 9) {
  const states = text.split("\n").map((line) => line.trim()).filter(Boolean);
  if (states.length > most) throw new Error("too_many");
  if (new Set(states).size < states.length) throw new Error("twice");
  return states;
}
