/** Clock time of a site, from the time zones that every browser knows. Pure. */

const HOUR = 3600e3;
const formats = new Map();
const offsets = new Map();

/** Return a cached formatter; making one costs a hundred times as much as using it. */
export function formatter(language, zone, options) {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, ...options }));
  return formats.get(key);
}

function computed(zone, ms) {
  const options = {
    hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
    second: "numeric",
  };
  const parts = {};
  for (const { type, value } of formatter("en-u-ca-iso8601", zone, options).formatToParts(ms)) parts[type] = +value;
  const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return local - Math.floor(ms / 1000) * 1000;
}

/** Return local time minus UTC in ms. Looked up for each quarter of an hour: no zone changes within one. */
export function offset(zone, ms) {
  const quarter = Math.floor(ms / (HOUR / 4));
  const key = `${zone} ${quarter}`;
  if (!offsets.has(key)) {
    if (offsets.size > 20000) offsets.clear();
    offsets.set(key, computed(zone, quarter * (HOUR / 4)));
  }
  return offsets.get(key);
}

/** Return the instant that shows the same clock time so many days earlier, also across a change of the clocks. */
export function daysEarlier(zone, ms, days) {
  const same = ms - days * 24 * HOUR;
  return same + offset(zone, ms) - offset(zone, same);
}

/** Return the first instant not before `ms` whose clock time is a multiple of `step` ms since local midnight. */
export function nextMultiple(zone, ms, step) {
  const day = 24 * HOUR;
  const local = ms + offset(zone, ms);
  const midnight = Math.floor(local / day) * day;
  const wanted = Math.min(midnight + Math.ceil((local - midnight) / step) * step, midnight + day);
  const guess = wanted - offset(zone, ms);
  const moved = wanted - offset(zone, guess); // the clocks may have changed on the way
  const next = moved >= ms ? moved : guess;
  const shown = next + offset(zone, next);
  // A clock time that is skipped in spring is no tick: the one after it is.
  return (shown - Math.floor(shown / day) * day) % step === 0 ? next : nextMultiple(zone, next + 1, step);
}

/** Return the local calendar day of an instant, as a number that grows by one each day. */
export function dayOf(zone, ms) {
  return Math.floor((ms + offset(zone, ms)) / (24 * HOUR));
}
