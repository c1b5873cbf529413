/**
 * Colours by state category, for light and dark pages. Pure.
 *
 * The hues are those of Paul Tol's "muted" scheme (personal.sron.nl/~pault, "Colour schemes"), which is made to be told
 * apart with any colour vision. Each category has three shades for its states; every shade has a contrast of at least
 * 3 to the paper (WCAG 2.2, 1.4.11). No meaning rests on colour alone: *not recorded* is hatched, *unknown* dotted,
 * a value-adding state carries a bar along its top, and names are written wherever they fit.
 */

import { NOT_RECORDED, UNKNOWN } from "./data.js";

export const PLAIN = 0;
export const HATCHED = 1;
export const DOTTED = 2;

export const THEMES = {
  light: {
    paper: "#ffffff", panel: "#f5f6f8", ink: "#1d2125", faint: "#5c6670", grid: "#dde1e5", focus: "#0b57d0",
    "cycle-bound": ["#332288", "#4f62b3", "#6484c6"],
    "batch-bound": ["#117733", "#2f9c8c", "#0d5f5a"],
    periodical: ["#857a14", "#a08a2c", "#665c00"],
    irregular: ["#882255", "#c7566a", "#aa4499"],
  },
  dark: {
    paper: "#14171a", panel: "#1d2126", ink: "#e8eaed", faint: "#a3acb5", grid: "#343a41", focus: "#8ab4f8",
    "cycle-bound": ["#8f83e0", "#88ccee", "#6a8fe0"],
    "batch-bound": ["#4fae6b", "#44aa99", "#7fd0a5"],
    periodical: ["#ddcc77", "#a8a845", "#f0e2a0"],
    irregular: ["#c25a8d", "#d97b8a", "#bb62ac"],
  },
};

/** Return [red, green, blue], 0..255, of "#rrggbb". */
export function channels(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

/** Return the relative luminance, 0..1 (WCAG 2.2). */
export function luminance(colour) {
  const [red, green, blue] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Return the contrast ratio of two colours, 1..21 (WCAG 2.2). */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Return black or white, whichever is read better on a colour; that is never below 4.5. */
export function textOn(colour) {
  return contrast(colour, "#ffffff") >= contrast(colour, "#000000") ? "#ffffff" : "#000000";
}

/** Return {fill, pattern, bar} for each state: its colour, its pattern, whether it carries the value-adding bar. */
export function paintsOf(states, theme) {
  const used = {};
  return states.map(({ name, category, value_adding: bar }) => {
    if (name === NOT_RECORDED) return { fill: theme.faint, pattern: HATCHED, bar: false };
    if (name === UNKNOWN) return { fill: theme.faint, pattern: DOTTED, bar: false };
    used[category] = (used[category] ?? -1) + 1;
    const shades = theme[category];
    return { fill: shades[used[category] % shades.length], pattern: PLAIN, bar };
  });
}
