/**
 * Tables whose rows can be changed: added, removed, sent as a whole.
 *
 * `<form data-rows-send="/v1/…" data-method="PUT" data-member="rows">` sends its fields and, under `data-member` (else the
 * table's own name), a list of objects, one for each row that is not empty. The server answers with the new revision.
 */

import { valuesOf } from "/static/common/forms.js";
import { send, showTrouble } from "/static/common/send.js";
import { say } from "/static/common/words.js";

/** Return the rows of a table as objects of text by column; empty rows are left out. */
function rowsOf(table) {
  return [...table.tBodies[0].rows]
    .map((row) => Object.fromEntries([...row.querySelectorAll("[data-column]")].map((field) => [field.dataset.column, field.value.trim()])))
    .filter((row) => isFilled(table, row));
}

/** A row counts if a field is filled that is not a choice: choices always have a value. */
function isFilled(table, row) {
  const typed = [...table.querySelectorAll("tbody input[data-column]")].map((field) => field.dataset.column);
  const telling = typed.length ? [...new Set(typed)] : Object.keys(row);
  return telling.some((column) => row[column] !== "");
}

function number(table) {
  [...table.tBodies[0].rows].forEach((row, index) => {
    for (const field of row.querySelectorAll("[data-column]")) {
      field.setAttribute("aria-label", `${field.dataset.label}, ${say("row", { n: index + 1 })}`);
    }
    row.querySelector("[data-remove]").setAttribute("aria-label", say("remove_row", { n: index + 1 }));
  });
  offerNames(table);
}

/** Offer the names in a table where another field refers to them. */
function offerNames(table) {
  const names = [...table.querySelectorAll('[data-column="name"]')].map((field) => field.value.trim()).filter(Boolean);
  if (!names.length) return;
  const id = `names-of-${table.dataset.rows}`;
  let list = document.getElementById(id);
  if (!list) {
    list = document.createElement("datalist");
    list.id = id;
    document.body.append(list);
  }
  list.replaceChildren(...names.map((name) => new Option(name, name)));
  for (const field of table.querySelectorAll('[data-column="part_of"]')) field.setAttribute("list", id);
  for (const select of document.querySelectorAll(`select[data-names-of="${table.dataset.rows}"]`)) {
    const chosen = select.value;
    const first = select.options[0];
    select.replaceChildren(first, ...names.map((name) => new Option(name, name)));
    select.value = names.includes(chosen) ? chosen : "";
  }
}

function addRow(table, values = {}) {
  const made = document.querySelector(`template[data-row-of="${table.dataset.rows}"]`).content.cloneNode(true).querySelector("tr");
  for (const field of made.querySelectorAll("[data-column]")) {
    if (values[field.dataset.column] !== undefined) field.value = values[field.dataset.column];
  }
  table.tBodies[0].append(made);
  return made;
}

function removeRow(table, row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  number(table);
  (next?.querySelector("[data-remove]") ?? document.querySelector(`[data-add-to="${table.dataset.rows}"]`)).focus();
}

async function submit(form, button) {
  const trouble = form.querySelector(".trouble");
  trouble.replaceChildren();
  button.disabled = true;
  const table = form.querySelector("[data-rows]");
  const body = { ...valuesOf(form), [form.dataset.member ?? table.dataset.rows]: rowsOf(table) };
  try {
    await send(form.dataset.rowsSend, { method: form.dataset.method, body });
    if (form.dataset.then) location.assign(form.dataset.then);
    else location.reload();
  } catch (error) {
    showTrouble(trouble, error);
    button.disabled = false;
  }
}

for (const table of document.querySelectorAll("[data-rows]")) {
  number(table);
  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (button) removeRow(table, button.closest("tr"));
  });
  table.addEventListener("change", () => offerNames(table));
}

document.addEventListener("click", (event) => {
  const { addTo, fill, from } = event.target.dataset;
  if (addTo) {
    const table = document.querySelector(`[data-rows="${addTo}"]`);
    const row = addRow(table);
    number(table);
    row.querySelector("[data-column]").focus();
  } else if (fill) {
    const table = document.querySelector(`[data-rows="${fill}"]`);
    table.tBodies[0].replaceChildren();
    for (const values of JSON.parse(document.getElementById(from).textContent)) addRow(table, values);
    number(table);
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.dataset.rowsSend === undefined) return;
  event.preventDefault();
  submit(event.target, event.submitter);
});
