/** Numbers and times as a reader of one language expects them. Pure. */

import { formatter } from "./zone.js";

const SECOND = 1_000_000_000n;
const TENTH = SECOND / 10n;
const SPACE = "\u202f";
const two = (value) => String(value).padStart(2, "0");

/** Return the step in ns in which a duration is written: tenths of a second below two hours, then seconds. */
export function stepOf(ns) {
  return ns < 7200n * SECOND ? TENTH : SECOND;
}

/** Return a duration of so many steps. `like` (ns) chooses the form, so that a column looks the same throughout. */
export function durationText(steps, like, words) {
  if (stepOf(like) === SECOND) {
    return `${steps / 3600n}:${two((steps / 60n) % 60n)}:${two(steps % 60n)}${SPACE}h`;
  }
  const tenth = `${words.point}${steps % 10n}`;
  if (like < 120n * SECOND) return `${steps / 10n}${tenth}${SPACE}s`;
  return `${steps / 600n}:${two((steps / 10n) % 60n)}${tenth}${SPACE}min`;
}

/** Return one duration in the form that suits it. */
export function duration(ns, words) {
  const whole = BigInt(ns);
  const step = stepOf(whole);
  return durationText((whole + step / 2n) / step, whole, words);
}

/** Return per mille as per cent with one decimal. */
export function percent(mille, words) {
  const value = BigInt(mille);
  return `${value / 10n}${words.point}${value % 10n}${SPACE}%`;
}

/** Return a fraction 0..1 as per cent with one decimal. */
export function fraction(value, words) {
  return percent(Math.round(value * 1000), words);
}

/** Return date and clock time at a site, to the second. */
export function instant(ms, zone, words) {
  const options = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    second: "2-digit", hourCycle: "h23" };
  return formatter(words.language === "de" ? "de" : "en-GB", zone, options).format(ms);
}

/** Return clock time for a tick, as fine as the step (ms) between ticks. */
export function clock(ms, step, zone, words) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (step < 60e3) options.second = "2-digit";
  if (step < 1e3) options.fractionalSecondDigits = 1;
  return formatter(words.language === "de" ? "de" : "en-GB", zone, options).format(ms);
}

/** Return a calendar day at a site. */
export function day(ms, zone, words) {
  const options = { weekday: "short", day: "numeric", month: "short" };
  return formatter(words.language === "de" ? "de" : "en-GB", zone, options).format(ms);
}

/** Return a calendar day in the fewest figures. */
export function shortDay(ms, zone, words) {
  return formatter(words.language === "de" ? "de" : "en-GB", zone, { day: "numeric", month: "numeric" }).format(ms);
}
