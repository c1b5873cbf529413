/**
 * Generated data for the example page, its pictures and its measurements: stations on two shifts, the same numbers each
 * time. Nobody was recorded for it.
 */

import { CATEGORIES, NOT_RECORDED, UNKNOWN } from "./data.js";
import { daysEarlier } from "./zone.js";

const HOUR = 3600e3;
const ZONE = "Europe/Berlin";
const MONDAY = Date.UTC(2026, 9, 18, 22); // Monday 19 October 2026, midnight in Berlin; the clocks change on the 25th

const NAMES = {
  en: ["fit parts", "screw", "reach for parts", "set up the fixture", "check first part", "clean the bench",
    "fetch material", "search for a tool", "rework", "talk to the shift leader"],
  de: ["Bauteile fügen", "verschrauben", "Teile greifen", "Spannvorrichtung umrüsten und Nullpunkt einstellen",
    "Erstteilprüfung mit Messprotokoll", "Arbeitsplatz reinigen", "Material aus dem Kommissionierlager holen",
    "Drehmomentschlüssel suchen", "nacharbeiten", "Schichtführerbesprechung"],
};
const CATEGORY = [0, 0, 0, 1, 1, 2, 2, 3, 3, 3];
const SECONDS = [24, 16, 6, 420, 180, 300, 90, 45, 240, 150]; // a typical duration of each
const CHANCE = [30, 26, 30, 1, 1, 1, 4, 3, 2, 1];

/** Return numbers in [0, 1) that only the seed decides (mulberry32, public domain). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function shiftsOf(days) {
  const shifts = [];
  for (let day = 0; shifts.length < days * 2; day += 1) {
    if (day % 7 > 4) continue; // Saturday, Sunday
    const midnight = daysEarlier(ZONE, MONDAY, -day);
    shifts.push([midnight + 6 * HOUR, midnight + 14 * HOUR], [midnight + 14 * HOUR, midnight + 22 * HOUR]);
  }
  return shifts;
}

/** Return at least 1 and about `count` intervals of so many stations, in the form of docs/timelines.md. */
export function generate({ count = 100000, stations = 12, days = 10, language = "en", resolution = 1000 } = {}) {
  const names = NAMES[language] ?? NAMES.en;
  const states = names.map((name, i) => ({ name, category: CATEGORIES[CATEGORY[i]], value_adding: i < 2 }));
  states.push({ name: UNKNOWN, category: null, value_adding: false });
  states.push({ name: NOT_RECORDED, category: null, value_adding: false });
  const reasons = ["nobody present", "camera lost", "no frames"];
  const shifts = shiftsOf(days);
  const columns = { session: [], start_ms: [], duration_ns: [], state: [], confidence: [], reason: [] };
  const sessions = [];
  const next = random(20261121);
  const each = Math.max(1, Math.round(count / (stations * shifts.length)));
  const sum = CHANCE.reduce((a, b) => a + b);
  for (let station = 0; station < stations; station += 1) {
    for (const [start, end] of shifts) {
      const id = Array.from({ length: 4 }, () => Math.floor(next() * 2 ** 32).toString(16).padStart(8, "0")).join("");
      const cell = language === "de" ? "Montagezelle" : "Assembly cell";
      sessions.push({ id, station: `${cell} ${1 + Math.floor(station / 4)} / ${1 + (station % 4)}` });
      const drawn = Array.from({ length: each }, () => {
        const luck = next();
        let state = 0;
        if (luck > 0.985) state = 11;
        else if (luck > 0.965) state = 10;
        else for (let rest = next() * sum; rest >= CHANCE[state]; state += 1) rest -= CHANCE[state];
        const typical = state > 9 ? 120 : SECONDS[state];
        return [state, typical * (0.4 + 1.2 * next())];
      });
      const scale = (end - start) / drawn.reduce((total, [, seconds]) => total + seconds, 0);
      let at = 0;
      for (const [number, [state, seconds]] of drawn.entries()) {
        const rest = (end - start) * 1e6 - at; // the last one ends with the shift
        const duration = number === drawn.length - 1 ? rest : Math.floor(seconds * scale * 1e6);
        columns.session.push(sessions.length - 1);
        columns.start_ms.push(Math.floor((start + at / 1e6) / resolution) * resolution);
        columns.duration_ns.push(duration);
        columns.state.push(state);
        columns.confidence.push(state === 10 ? 300 : state === 11 ? 1000 : 700 + Math.floor(next() * 300));
        columns.reason.push(state === 11 ? Math.floor(next() * 3) : -1);
        at += duration;
      }
    }
  }
  return { zone: ZONE, resolution_ms: resolution, states, reasons, sessions, columns, shifts };
}
