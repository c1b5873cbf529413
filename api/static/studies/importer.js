/** Imports a file: which column means what, a preview, the study's words for foreign names, then taking it over. */

import { send, showTrouble } from "/static/common/send.js";
import { language } from "/static/common/words.js";
import { chosenNames, showDone, showFindings, showReport } from "./report.js";
import { watchTaking } from "./taking.js";

const given = JSON.parse(document.getElementById("importing").textContent);
const form = document.getElementById("importer");
const file = document.getElementById("file");
const nameOfData = document.getElementById("source");
const trouble = document.getElementById("trouble");
const RAW = "application/octet-stream";
const STATION_BY_NAME = ["labels", "recording"];

let names = { states: {}, systems: {} };
let columns = [];

const base = `/v1/studies/${given.study}`;
const query = (values) => new URLSearchParams({ file: file.files[0].name, language, ...values });
const value = (id) => document.getElementById(id)?.value.trim() ?? "";

/** Return how the file is to be read, as a mapping file says it. */
function mapping() {
  const made = { kind: given.kind, columns: {}, constants: {}, systems: { ...names.systems }, states: { ...names.states } };
  for (const field of form.querySelectorAll("[data-key]")) {
    if (field.value.trim() === "") continue;
    made[field.dataset.key] = field.type === "number" ? Number(field.value) : field.value.trim();
  }
  for (const role of given.roles) {
    const column = form.querySelector(`[data-role="${role}"]`).value;
    const constant = form.querySelector(`[data-constant="${role}"]`).value.trim();
    if (constant) made.constants[role] = constant;
    else if (column) made.columns[role] = column;
  }
  const station = value("station");
  if (station && STATION_BY_NAME.includes(given.kind)) made.systems[""] = station;
  else if (station) made.constants.system = station;
  if (value("cycle-first") && value("cycle-last")) made.cycle = { first: value("cycle-first"), last: value("cycle-last") };
  return made;
}

/** Set the fields as a kept mapping says. */
function apply(kept) {
  names = { states: { ...kept.states }, systems: { ...kept.systems } };
  for (const field of form.querySelectorAll("[data-key]")) field.value = kept[field.dataset.key] ?? "";
  for (const role of given.roles) {
    choose(role, kept.columns[role] ?? "");
    form.querySelector(`[data-constant="${role}"]`).value = kept.constants[role] ?? "";
  }
  const station = document.getElementById("station");
  if (station) station.value = kept.systems[""] ?? kept.constants.system ?? "";
  for (const end of ["first", "last"]) {
    const field = document.getElementById(`cycle-${end}`);
    if (field) field.value = kept.cycle?.[end] ?? "";
  }
}

function choose(role, column) {
  const select = form.querySelector(`[data-role="${role}"]`);
  if (column && ![...select.options].some((option) => option.value === column)) select.append(new Option(column, column));
  select.value = column;
}

/** Ask which columns the file has, and offer them for each role. */
async function inspect() {
  trouble.replaceChildren();
  if (!file.files.length || !given.roles.length) return;
  try {
    const header = value("header-line") || "1";
    const answer = await send(`${base}/columns?${query({ header_line: header })}`, { body: file.files[0], type: RAW });
    columns = answer.columns;
  } catch (error) {
    showTrouble(trouble, error);
    return;
  }
  for (const role of given.roles) {
    const select = form.querySelector(`[data-role="${role}"]`);
    const before = select.value;
    select.replaceChildren(select.options[0], ...columns.map((column) => new Option(column, column)));
    const same = columns.find((column) => column.toLowerCase() === role);
    select.value = columns.includes(before) ? before : same ?? "";
  }
}

async function preview(button) {
  trouble.replaceChildren();
  button.disabled = true;
  document.getElementById("done").hidden = true;
  try {
    const chosen = chosenNames();
    if (chosen.all.length) names = remembered(chosen);
    await send(`${base}/mappings/${encodeURIComponent(nameOfData.value)}`, { method: "PUT", body: mapping() });
    const report = await send(`${base}/previews?${query({ mapping: nameOfData.value })}`, { body: file.files[0], type: RAW });
    const usable = showReport(report, { chosen: names, states: given.states, systems: given.systems, changed: taking.outdated });
    taking.offer(usable);
  } catch (error) {
    taking.offer(false);
    showTrouble(trouble, error);
  } finally {
    button.disabled = false;
  }
}

/** Of states all are named once one is: a mapping with states refuses those that it does not name. */
function remembered({ states, systems, all }) {
  const differs = Object.keys(states).length > 0;
  return { systems, states: differs ? Object.fromEntries(all.map((state) => [state, state in states ? states[state] : state])) : {} };
}

const taking = watchTaking(given.sources, nameOfData, async (replace) => {
  const address = `${base}/sources/${encodeURIComponent(nameOfData.value)}`;
  try {
    const report = await send(`${address}?${query({ mapping: nameOfData.value, replace })}`, { method: "PUT", body: file.files[0], type: RAW });
    showDone(report, given.study, nameOfData.value);
  } catch (error) {
    if (error.problem?.findings) showFindings(error.problem.findings);
    throw error;
  }
});

file.addEventListener("change", () => {
  if (file.files.length && !nameOfData.value) {
    nameOfData.value = file.files[0].name.replace(/\.[^.]*$/, "").replace(/[/\\:]|^\.+/g, "-").slice(0, 60).trim();
  }
  taking.outdated();
  inspect();
});
document.getElementById("header-line")?.addEventListener("change", inspect);
document.getElementById("kept")?.addEventListener("change", (event) => {
  const kept = given.mappings[event.target.value];
  if (!kept) return;
  apply(kept);
  nameOfData.value = event.target.value;
  taking.outdated();
});
form.addEventListener("change", taking.outdated);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  preview(event.submitter);
});
