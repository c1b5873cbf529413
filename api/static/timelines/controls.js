/** The row of buttons and choices above the canvas. */

import { button, choice, make } from "./panel.js";

/** Periods that may be compared with: days earlier, and their name in `words.js`. */
export const COMPARISONS = [[1, "dayBefore"], [7, "weekBefore"], [28, "fourWeeksBefore"]];

/**
 * Fill `tools` and return its link. `state` is {words, options, hasShifts, otherDays, selecting, link}; `on` is
 * {zoom(factor), all(), selecting(whether), shifts(whether), group(name), compare(days)}.
 */
export function fillTools(tools, { words, options, hasShifts, otherDays, selecting, link }, on) {
  const select = button("⬚", words.select, () => {
    const pressed = select.getAttribute("aria-pressed") !== "true";
    select.setAttribute("aria-pressed", String(pressed));
    on.selecting(pressed);
  });
  select.setAttribute("aria-pressed", String(selecting));
  const shifts = make("input", { type: "checkbox" });
  shifts.checked = options.shifts;
  shifts.addEventListener("change", () => on.shifts(shifts.checked));
  const groups = [["station", words.perStation], ["session", words.perSession]];
  const known = COMPARISONS.filter(([days]) => days !== otherDays).map(([days, name]) => [days, words[name]]);
  const periods = [["0", words.nothing], ...known];
  if (otherDays) periods.push([otherDays, words.otherPeriod]);
  const compare = choice(words.compare, periods, String(options.compare), (days) => on.compare(Number(days)));
  const here = make("a", { href: `#${link}`, class: "link" }, words.link);
  tools.setAttribute("aria-label", words.title);
  tools.replaceChildren(
    button("+", words.zoomIn, () => on.zoom(0.5)),
    button("−", words.zoomOut, () => on.zoom(2)),
    button("↔", words.all, on.all),
    select,
    ...(hasShifts ? [make("label", {}, shifts, ` ${words.onlyShifts}`)] : []),
    choice(words.rows, groups, options.group, on.group),
    ...(options.group === "station" ? [compare] : []), // a session has no other period
    here,
  );
  return here;
}
