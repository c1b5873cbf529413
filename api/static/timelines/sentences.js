/** What is said of a place, an interval, a selection. Pure. */

import { intervalAt, MS } from "./data.js";
import { duration, instant, percent } from "./numbers.js";
import { fill, nameOf } from "./words.js";

/** Return what a row is called. */
export function rowName({ station, id, lane }, words) {
  if (id) return `${station}, ${fill(words.session, { number: id.slice(0, 8) })}`;
  return lane ? fill(words.lane, { station, number: lane + 1 }) : station;
}

/** Return date and clock time of a time of the timeline. */
function when(timeline, time, words) {
  return instant(timeline.origin + Math.floor(time / MS), timeline.zone, words);
}

/** Return what a row shows at a time: the interval with all that is known of it, or that none came. */
export function sentenceAt(timeline, number, time, words) {
  const row = rowName(timeline.rows[number], words);
  const i = intervalAt(timeline, timeline.rows[number], time);
  if (i < 0) return fill(words.noInterval, { row, time: when(timeline, time, words) });
  const state = timeline.states[timeline.state[i]];
  const parts = [fill(words.at, {
    row, time: when(timeline, timeline.begin[i], words), state: nameOf(words, state.name),
    duration: duration(timeline.duration[i], words),
  })];
  if (state.value_adding) parts.push(words.valueAdding);
  const reason = timeline.reasons[timeline.reason[i]];
  if (reason) parts.push(fill(words.reason, { reason: nameOf(words, reason) }));
  parts.push(fill(words.sure, { percent: percent(timeline.confidence[i], words) }));
  return parts.join(", ");
}

/** Return from when to when, and in how many rows, something is selected. */
export function selectionText(timeline, { from, to, first, last }, words) {
  const rows = last === first ? words.oneRow : fill(words.manyRows, { number: last - first + 1 });
  return fill(words.selectedFrom, { from: when(timeline, from, words), to: when(timeline, to, words), rows });
}
