/** What becomes of a file or of the server's records, as the server says it: verdict, counts, names, findings. */

import { say, w } from "/static/common/words.js";

const SEVERITIES = ["error", "warning", "note"];

function element(name, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

function tableOf(label, titles, rows, numeric = []) {
  const head = element("tr", {}, ...titles.map((title, index) => element("th", { scope: "col", text: title, class: numeric.includes(index) ? "number" : "" })));
  const body = rows.map((cells) => element("tr", {}, ...cells.map((cell, index) =>
    cell instanceof Node ? element("td", {}, cell) : element("td", { text: cell, class: numeric.includes(index) ? "number" : "" }))));
  const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, table);
}

function hours(nanoseconds) {
  const language = document.documentElement.lang;
  const seconds = nanoseconds / 1e9;
  const [value, unit] = seconds >= 3600 ? [seconds / 3600, "h"] : seconds >= 60 ? [seconds / 60, "min"] : [seconds, "s"];
  return `${value.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}\u202f${unit}`;
}

/** Show a report; returns whether something can be taken over. */
export function showReport(report, names) {
  const usable = !report.file_refused && report.used > 0;
  const verdict = document.getElementById("report-verdict");
  verdict.className = usable ? (report.refused ? "notice warn" : "notice good") : "notice bad";
  verdict.textContent = report.file_refused ? w.file_refused : usable ? say("taken_preview", { used: report.used, read: report.read }) : w.nothing_usable;
  document.getElementById("report-counts").replaceChildren(...[
    [w.rows_read, report.read], [w.rows_used, report.used], [w.rows_passed, report.passed_over], [w.rows_refused, report.refused],
  ].map(([title, count]) => element("div", {}, element("dt", { text: title }), element("dd", { text: String(count) }))));
  const parts = [["samples", "n_samples"], ["documented", "n_documented"], ["output", "n_output"], ["paid", "n_paid"]]
    .filter(([key]) => report[key]).map(([key, word]) => say(word, { n: report[key] }));
  document.getElementById("report-becomes").replaceChildren(
    element("p", { text: `${w.becomes}: ${parts.join(", ") || w.becomes_nothing}.` }));
  showUnknown(report);
  showNames(report, names);
  showFindings(report.findings);
  const section = document.getElementById("report");
  section.hidden = false;
  section.focus();
  return usable;
}

function showUnknown(report) {
  const lines = [["unknown_systems", w.unknown_systems], ["unknown_states", w.unknown_states], ["unknown_periods", w.unknown_periods]]
    .filter(([key]) => report[key].length).map(([key, title]) => element("li", { text: `${title}: ${report[key].join(", ")}` }));
  document.getElementById("report-unknown").replaceChildren(...(lines.length
    ? [element("div", { class: "notice warn" }, element("strong", { text: w.unknown_names }), element("ul", { class: "plain" }, ...lines), element("p", { class: "hint", text: w.unknown_note }))]
    : []));
}

export function showFindings(findings) {
  const place = document.getElementById("report-findings");
  const title = element("h4", { text: w.found });
  if (!findings.length) {
    place.replaceChildren(title, element("p", { class: "hint", text: w.no_findings }));
    return;
  }
  const sorted = [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const rows = sorted.map((one) => [w[`severity_${one.severity}`], one.text, element("code", { text: one.code }), one.rows.join(", ")]);
  place.replaceChildren(title, tableOf(w.found, [w.severity, w.finding, w.rule, w.rows], rows));
}

/** A choice of the study's word beside each foreign name; `names` are what was chosen, and the study's own words. */
function showNames(report, names) {
  const place = document.getElementById("report-names");
  place.replaceChildren();
  if (report.totals.length) {
    const rows = report.totals.map((total) => [total.state, hours(total.duration_ns), stateChoice(total.state, names)]);
    place.append(element("h4", { text: w.totals }), tableOf(w.totals, [w.state, w.total, w.becomes_state], rows, [1]), element("p", { class: "note", text: w.totals_note }));
  }
  const foreign = [...new Set([...report.unknown_systems, ...Object.keys(names.chosen.systems)])].filter(Boolean);
  if (foreign.length) {
    const rows = foreign.map((system) => [system, systemChoice(system, names)]);
    place.append(element("h4", { text: w.unknown_systems }), tableOf(w.unknown_systems, [w.name, w.becomes_system], rows));
  }
  for (const select of place.querySelectorAll("select")) select.addEventListener("change", names.changed);
}

function stateChoice(state, names) {
  const select = element("select", { "data-state": state, "aria-label": `${w.becomes_state}: ${state}` });
  select.append(new Option(w.same_name, "="), new Option(w.pass_over, ""));
  for (const [category, states] of names.states) {
    select.append(element("optgroup", { label: category }, ...states.map((one) => new Option(one, `=${one}`))));
  }
  const chosen = names.chosen.states[state];
  if (chosen === null) select.value = "";
  else if (chosen !== undefined && chosen !== state) {
    select.value = `=${chosen}`;
    if (select.selectedIndex < 0) {
      select.append(new Option(chosen, `=${chosen}`));
      select.value = `=${chosen}`;
    }
  }
  return select;
}

function systemChoice(system, names) {
  const select = element("select", { "data-system": system, "aria-label": `${w.becomes_system}: ${system}` });
  select.append(new Option(w.same_name, ""), ...names.systems.map((one) => new Option(one, one)));
  select.value = names.chosen.systems[system] ?? "";
  return select;
}

/** Return what was chosen for foreign names: states (null: passed over) and systems; only what differs. */
export function chosenNames() {
  const states = {};
  for (const select of document.querySelectorAll("[data-state]")) {
    const name = select.dataset.state;
    if (select.value !== "=") states[name] = select.value === "" ? null : select.value.slice(1);
  }
  const systems = {};
  for (const select of document.querySelectorAll("[data-system]")) if (select.value) systems[select.dataset.system] = select.value;
  return { states, systems, all: [...document.querySelectorAll("[data-state]")].map((select) => select.dataset.state) };
}

/** Show that data were taken over. */
export function showDone(report, study, name) {
  document.getElementById("report").hidden = true;
  const done = document.getElementById("done");
  const link = element("a", { href: `/studies/${study}/data/${encodeURIComponent(name)}`, text: name });
  done.replaceChildren(element("p", { text: say("taken_over", { used: report.used, read: report.read }) }), link);
  done.hidden = false;
  done.scrollIntoView({ block: "nearest" });
}
