/** Small parts of the worker's page: elements, names of closed lists, times and durations as people read them. */

import { language } from "/static/common/words.js";

export const place = (id) => document.getElementById(id);
export const names = JSON.parse(place("names").textContent);

/** Make an element with text or children. */
export function make(tag, content = "", attributes = {}) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...[content].flat());
  return element;
}

/** Return what something of a closed list is called in the page's language. */
export const called = (kind, name) => names[kind][name] ?? name;

const locale = { de: "de-DE", en: "en-GB" }[language];

export const time = (ms) =>
  new Date(ms).toLocaleString(locale, { timeZone: names.zone, dateStyle: "medium", timeStyle: "short" });

export const date = (ms) => new Date(ms).toLocaleDateString(locale, { timeZone: names.zone, dateStyle: "medium" });

export const day = (ms) => new Date(ms).toLocaleDateString("sv", { timeZone: names.zone }); // 2027-03-01

/** Return a duration: 3 h 12 min, 4 min 05 s, 45 s. */
export function span(seconds) {
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours) return `${hours} h ${two(minutes)} min`;
  return minutes ? `${minutes} min ${two(whole % 60)} s` : `${whole} s`;
}
