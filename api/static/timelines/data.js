/**
 * Columns as the server sends them -> rows that can be drawn and added up. Pure: no page, no clock.
 *
 * Time inside is a whole number of nanoseconds since `origin` (UTC milliseconds of the earliest start). Such numbers
 * are exact up to 2^53, which is 104 days; wider data are refused. Intervals are half-open.
 */

export const NOT_RECORDED = "not recorded";
export const UNKNOWN = "unknown";
export const CATEGORIES = ["cycle-bound", "batch-bound", "periodical", "irregular"];
export const MS = 1e6;
export const SECOND = 1e9;

const MOST_STATES = 250; // a pixel column keeps its state in one byte
const COLUMNS = ["session", "start_ms", "duration_ns", "state", "confidence", "reason"];

/** What was wrong, where, and what was expected. Never carries the content itself. */
export class BadTimeline extends Error {
  constructor(where, expected, found) {
    super(`${where}: expected ${expected}, found ${found}`);
    this.name = "BadTimeline";
  }
}

function demand(condition, where, expected, found) {
  if (!condition) throw new BadTimeline(where, expected, found);
}

const kind = (value) => (value === null ? "null" : Array.isArray(value) ? "a list" : typeof value);
const isList = (value) => Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

function checkColumn(columns, name, count, low, high) {
  const column = columns[name];
  demand(isList(column), `columns.${name}`, "a list", kind(column));
  demand(column.length === count, `columns.${name}`, `${count} values`, column.length);
  for (let i = 0; i < count; i += 1) {
    const value = column[i];
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new BadTimeline(`columns.${name}, value ${i}`, `a whole number from ${low} to ${high}`, "another value");
    }
  }
}

function checkStates(states) {
  demand(Array.isArray(states), "states", "a list", kind(states));
  demand(states.length <= MOST_STATES, "states", `at most ${MOST_STATES}`, states.length);
  states.forEach((state, i) => {
    demand(typeof state?.name === "string" && state.name !== "", `states, number ${i}`, "a name", kind(state?.name));
    const reserved = state.name === NOT_RECORDED || state.name === UNKNOWN;
    const known = reserved ? state.category === null : CATEGORIES.includes(state.category);
    demand(known, `states, number ${i}`, reserved ? "no category" : "one of the four categories", "another value");
    demand(typeof state.value_adding === "boolean", `states, number ${i}`, "value_adding as true or false",
      kind(state.value_adding));
  });
  demand(new Set(states.map((s) => s.name)).size === states.length, "states", "different names", "a name twice");
}

function checkSpans(spans) {
  demand(Array.isArray(spans), "shifts", "a list", kind(spans));
  spans.forEach((span, i) => {
    const good = Array.isArray(span) && span.length === 2 && span.every(Number.isSafeInteger) && span[0] < span[1];
    demand(good, `shifts, number ${i}`, "[start, end] in milliseconds, start before end", "another value");
  });
}

function checkZone(zone) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    throw new BadTimeline("zone", "the name of a time zone", "another value");
  }
}

/** Throw `BadTimeline` unless `data` is what docs/timelines.md describes. Costs one pass over the columns. */
export function check(data) {
  demand(kind(data) === "object", "timeline", "an object", kind(data));
  checkStates(data.states);
  demand(Array.isArray(data.reasons), "reasons", "a list", kind(data.reasons));
  data.reasons.forEach((text, i) => demand(typeof text === "string", `reasons, number ${i}`, "a text", kind(text)));
  demand(Array.isArray(data.sessions), "sessions", "a list", kind(data.sessions));
  data.sessions.forEach((session, i) => {
    const good = typeof session?.id === "string" && typeof session.station === "string";
    demand(good, `sessions, number ${i}`, "an id and a station", "another value");
  });
  checkSpans(data.shifts ?? []);
  checkZone(data.zone);
  demand(Number.isInteger(data.resolution_ms) && data.resolution_ms > 0, "resolution_ms", "milliseconds above 0",
    kind(data.resolution_ms));
  const columns = data.columns;
  demand(kind(columns) === "object", "columns", "an object", kind(columns));
  for (const name of COLUMNS) demand(isList(columns[name]), `columns.${name}`, "a list", kind(columns[name]));
  const count = columns.session.length;
  checkColumn(columns, "session", count, 0, data.sessions.length - 1);
  checkColumn(columns, "start_ms", count, 0, Number.MAX_SAFE_INTEGER);
  checkColumn(columns, "duration_ns", count, 1, Number.MAX_SAFE_INTEGER);
  checkColumn(columns, "state", count, 0, data.states.length - 1);
  checkColumn(columns, "confidence", count, 0, 1000);
  checkColumn(columns, "reason", count, -1, data.reasons.length - 1);
}

/** Return interval numbers by session, in the order in which they came within it, and where each session begins. */
function bySession(column, sessions) {
  const first = new Uint32Array(sessions + 1);
  for (let i = 0; i < column.length; i += 1) first[column[i] + 1] += 1;
  for (let s = 0; s < sessions; s += 1) first[s + 1] += first[s];
  const next = first.slice();
  const order = new Uint32Array(column.length);
  for (let i = 0; i < column.length; i += 1) order[next[column[i]]++] = i;
  return { first, order };
}

/**
 * Place one session's intervals. Starts are rounded down to the resolution, durations are exact; so intervals are laid
 * end to end as long as one place of the whole run fits all their rounded starts, and a new run begins where none does
 * (time that nobody reported). Places are thus true to the resolution, and within a run to each other exactly.
 */
function place(starts, durations, order, from, to, origin, resolution, begin) {
  let earliest = 0;
  for (let i = from; i < to; ) {
    let low = -Infinity;
    let high = Infinity;
    let run = 0;
    let j = i;
    for (; j < to; j += 1) {
      const start = (starts[order[j]] - origin) * MS - run;
      const narrower = Math.max(low, start);
      if (narrower >= Math.min(high, start + resolution)) break;
      low = narrower;
      high = Math.min(high, start + resolution);
      run += durations[order[j]];
    }
    let at = Math.max(low, earliest);
    for (; i < j; i += 1) {
      begin[i] = at;
      at += durations[order[i]];
    }
    earliest = at;
  }
  return earliest;
}

/** Put sessions of one station into as few rows as they need without overlap; `own` gives each a row of its own. */
function assign(sessions, resolution, own) {
  const stations = new Map();
  for (const session of sessions) {
    if (!stations.has(session.station)) stations.set(session.station, []);
    stations.get(session.station).push(session);
  }
  const rows = [];
  for (const [station, members] of stations) {
    const lanes = [];
    members.sort((a, b) => a.begin - b.begin || a.number - b.number);
    for (const session of members) {
      // A start rounded down may reach into the session before by less than the resolution: then it only touches.
      let lane = own ? undefined : lanes.find((l) => l.end <= session.begin || l.end - session.begin < resolution);
      if (!lane) {
        lane = { station, lane: lanes.length, end: 0, sessions: [] };
        lanes.push(lane);
      }
      session.shift = Math.max(0, lane.end - session.begin);
      lane.end = session.end + session.shift;
      lane.sessions.push(session);
    }
    rows.push(...lanes);
  }
  return rows;
}

/**
 * Return the timeline: `rows` and typed columns ordered by row, then by time. Requires what `check` accepts; throws
 * `BadTimeline` for more than 104 days. `group` is "station" (sessions share a row) or "session".
 *
 * Columns: begin, duration Float64Array ns; state Uint8Array; confidence Uint16Array per mille; reason Int16Array,
 * -1 = none; session Uint32Array; source Uint32Array: the interval's place in the data's columns. A row is {key,
 * station, id, lane, first, last, starts}: intervals first <= i < last, and when its sessions begin.
 */
export function arrange(data, group = "station") {
  const { session, start_ms: starts, duration_ns: durations } = data.columns;
  const count = session.length;
  let origin = Infinity;
  for (let i = 0; i < count; i += 1) origin = Math.min(origin, starts[i]);
  if (count === 0) origin = 0;
  const resolution = data.resolution_ms * MS;
  const { first, order } = bySession(session, data.sessions.length);
  const placed = new Float64Array(count);
  const filled = [];
  data.sessions.forEach(({ id, station }, number) => {
    if (first[number] === first[number + 1]) return;
    const end = place(starts, durations, order, first[number], first[number + 1], origin, resolution, placed);
    filled.push({ id, station, number, begin: placed[first[number]], end, shift: 0 });
  });
  const lanes = assign(filled, resolution, group === "session");
  const end = lanes.reduce((latest, lane) => Math.max(latest, lane.end), 0);
  demand(end <= Number.MAX_SAFE_INTEGER, "columns.start_ms", "at most 104 days in one timeline", "more");

  const timeline = {
    origin, end, zone: data.zone, resolution, states: data.states, reasons: data.reasons,
    sessions: data.sessions, shifts: data.shifts ?? [], count, rows: [],
    begin: new Float64Array(count), duration: new Float64Array(count), state: new Uint8Array(count),
    confidence: new Uint16Array(count), reason: new Int16Array(count), session: new Uint32Array(count),
    source: new Uint32Array(count),
  };
  let at = 0;
  for (const lane of lanes) {
    const start = at;
    for (const { number, shift } of lane.sessions) {
      for (let i = first[number]; i < first[number + 1]; i += 1, at += 1) {
        const from = order[i];
        timeline.begin[at] = placed[i] + shift;
        timeline.duration[at] = durations[from];
        timeline.state[at] = data.columns.state[from];
        timeline.confidence[at] = data.columns.confidence[from];
        timeline.reason[at] = data.columns.reason[from];
        timeline.session[at] = number;
        timeline.source[at] = from;
      }
    }
    const id = group === "session" ? lane.sessions[0].id : "";
    const key = group === "session" ? `${lane.station}/${id}` : `${lane.station}/${lane.lane}`;
    timeline.rows.push({ key, station: lane.station, id, lane: lane.lane, first: start, last: at,
      starts: lane.sessions.map(({ begin, shift }) => begin + shift) });
  }
  return timeline;
}

/** Return the first interval of a row that ends after `time`; `row.last` if none does. */
export function firstAfter(timeline, row, time) {
  const { begin, duration } = timeline;
  let low = row.first;
  let high = row.last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (begin[middle] + duration[middle] > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Return the interval of a row that holds `time`, or -1. */
export function intervalAt(timeline, row, time) {
  const i = firstAfter(timeline, row, time);
  return i < row.last && timeline.begin[i] <= time ? i : -1;
}
