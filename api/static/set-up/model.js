/**
 * What a station file says, as the editor holds it: pure functions on an outline (docs/set-up.md). Each returns a new one.
 *
 * Zones, tools and states carry a `key` of our own, which names them for as long as the page is open; the server never
 * sees it. `was` is the server's: what an entry was called in the text that is changed.
 */

let made = 0;

function keyed(entry) {
  made += 1;
  return { ...entry, key: `k${made}` };
}

export const MOST_POINTS = 64;
export const FEWEST_POINTS = 3;
const PRECISION = 1000;

/** Return a fraction with three decimals, within its bounds. */
export function fraction(value, low = 0, high = 1) {
  return Math.min(high, Math.max(low, Math.round(value * PRECISION) / PRECISION));
}

/** Give keys to the entries of an outline that came from the server; those of `before` where it is the same entry. */
export function withKeys(outline, before = null) {
  const like = (kind) => (entry, index) => {
    const known = before?.[kind][index];
    return known && known.name === entry.name ? { ...entry, key: known.key } : keyed(entry);
  };
  return {
    ...outline,
    zones: outline.zones.map(like("zones")),
    tools: outline.tools.map(like("tools")),
    states: outline.states.map(like("states")),
  };
}

/** Return an outline as it is sent. */
export function withoutKeys(outline) {
  const bare = ({ key, ...entry }) => entry;
  return { ...outline, zones: outline.zones.map(bare), tools: outline.tools.map(bare), states: outline.states.map(bare) };
}

/** Tell whether two outlines say the same, whatever they were before. */
export function same(one, other) {
  const plain = (outline) => JSON.stringify(withoutKeys(outline), (name, value) => (name === "was" ? undefined : value));
  return plain(one) === plain(other);
}

/** Return a name that is free: "zone", "zone 2", "zone 3" … */
export function freeName(wanted, entries) {
  const taken = new Set(entries.map(({ name }) => name));
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted} ${number}`)) return `${wanted} ${number}`;
}

const replaced = (entries, key, change) => entries.map((entry) => (entry.key === key ? { ...entry, ...change(entry) } : entry));

/** Return an outline in which a zone's polygon is another. */
export function withPoints(outline, key, points) {
  return { ...outline, zones: replaced(outline.zones, key, () => ({ points })) };
}

/** Move the whole polygon as far as the crop lets it. */
export function shifted(points, dx, dy, crop) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const x = Math.min(crop.right - Math.max(...xs), Math.max(crop.left - Math.min(...xs), dx));
  const y = Math.min(crop.bottom - Math.max(...ys), Math.max(crop.top - Math.min(...ys), dy));
  return points.map(([px, py]) => [fraction(px + x), fraction(py + y)]);
}

/** Return the points with one more, half-way between a point and the next. */
export function divided(points, index) {
  const [x0, y0] = points[index];
  const [x1, y1] = points[(index + 1) % points.length];
  return points.toSpliced(index + 1, 0, [fraction((x0 + x1) / 2), fraction((y0 + y1) / 2)]);
}

/** Return an outline with a new zone, and the zone. */
export function addZone(outline, name, points) {
  const zone = keyed({ name: freeName(name, outline.zones), points, was: null });
  return [{ ...outline, zones: [...outline.zones, zone] }, zone];
}

/** Return an outline without a zone; whatever names it keeps doing so, and the check tells. */
export function removeZone(outline, key) {
  return { ...outline, zones: outline.zones.filter((zone) => zone.key !== key) };
}

function inRule(rule, change) {
  const changed = change(rule);
  if (changed.parts) return { ...changed, parts: changed.parts.map((part) => inRule(part, change)) };
  if (changed.part) return { ...changed, part: inRule(changed.part, change) };
  return changed;
}

const named = (field, from, to) => (rule) => (rule[field] === from ? { ...rule, [field]: to } : rule);

/** Give a zone another name, everywhere. */
export function renameZone(outline, key, name) {
  const from = outline.zones.find((zone) => zone.key === key).name;
  return {
    ...outline,
    place: outline.place === from ? name : outline.place,
    zones: replaced(outline.zones, key, () => ({ name })),
    tools: outline.tools.map((tool) => (tool.holder === from ? { ...tool, holder: name } : tool)),
    states: outline.states.map((state) => ({ ...state, rule: inRule(state.rule, named("zone", from, name)) })),
  };
}

/** Return an outline with a new tool, and the tool. */
export function addTool(outline, name, holder) {
  const tool = keyed({ name: freeName(name, outline.tools), holder, was: null });
  return [{ ...outline, tools: [...outline.tools, tool] }, tool];
}

/** Give a tool another name, everywhere. */
export function renameTool(outline, key, name) {
  const from = outline.tools.find((tool) => tool.key === key).name;
  return {
    ...outline,
    tools: replaced(outline.tools, key, () => ({ name })),
    states: outline.states.map((state) => ({ ...state, rule: inRule(state.rule, named("tool", from, name)) })),
  };
}

/** Change a tool. */
export function changeTool(outline, key, change) {
  return { ...outline, tools: replaced(outline.tools, key, () => change) };
}

/** Return an outline without a tool. */
export function removeTool(outline, key) {
  return { ...outline, tools: outline.tools.filter((tool) => tool.key !== key) };
}

/** Return an outline with a new state, and the state. */
export function addState(outline, name) {
  const state = keyed({
    name: freeName(name, outline.states), category: "cycle-bound", value_adding: false,
    rule: { kind: "present" }, shortest_s: 1, was: null,
  });
  return [{ ...outline, states: [...outline.states, state] }, state];
}

/** Change a state; a cycle that begins or ends with it follows its name. */
export function changeState(outline, key, change) {
  const from = outline.states.find((state) => state.key === key).name;
  const follow = (name) => (change.name !== undefined && name === from ? change.name : name);
  const cycle = outline.cycle && { first: follow(outline.cycle.first), last: follow(outline.cycle.last) };
  return { ...outline, cycle, states: replaced(outline.states, key, () => change) };
}

/** Return an outline without a state. */
export function removeState(outline, key) {
  return { ...outline, states: outline.states.filter((state) => state.key !== key) };
}

/** Move a state by so many places. */
export function moveState(outline, key, by) {
  const from = outline.states.findIndex((state) => state.key === key);
  const to = from + by;
  if (to < 0 || to >= outline.states.length) return outline;
  return { ...outline, states: outline.states.toSpliced(from, 1).toSpliced(to, 0, outline.states[from]) };
}

/** Return what uses a zone: tools and states, by name. */
export function usersOf(outline, name) {
  const users = outline.tools.filter((tool) => tool.holder === name).map((tool) => tool.name);
  for (const state of outline.states) {
    let used = false;
    inRule(state.rule, (rule) => {
      used ||= rule.zone === name;
      return rule;
    });
    if (used) users.push(state.name);
  }
  return users;
}
