/**
 * Forms that send JSON. `<form data-send="/v1/…" data-method="PUT" data-then="/next" data-confirm="Sure?">`.
 *
 * Each named field is a member: `type="number"` becomes a number, a checkbox true or false, `data-list` a list of its
 * non-empty lines, or of the values of the checkboxes of this name that are checked, an empty field with `data-optional` is left out. `data-then` is the page that comes next, "reload",
 * or "stay" (then `sent` is fired on the form, with the answer). Trouble is shown in the form's `.trouble`.
 */

import { send, showTrouble } from "./send.js";
import { w } from "./words.js";

/** Return what a form holds, as it will be sent. */
export function valuesOf(form) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || (field.type === "radio" && !field.checked)) continue;
    if (field.type === "checkbox" && field.dataset.list !== undefined) {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else if (field.type === "checkbox") values[field.name] = field.checked;
    else if (field.dataset.optional !== undefined && field.value === "") continue;
    else if (field.type === "number") values[field.name] = field.value === "" ? null : Number(field.value);
    else if (field.dataset.list !== undefined) values[field.name] = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
    else values[field.name] = field.value;
  }
  return values;
}

function placeFor(form, kind) {
  let place = form.querySelector(`.${kind}`);
  if (!place) {
    place = document.createElement("div");
    place.className = kind;
    form.append(place);
  }
  place.setAttribute("role", kind === "trouble" ? "alert" : "status");
  return place;
}

/** Ask in a dialog; resolves to whether it was confirmed. */
export function ask(question) {
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = question;
  const actions = document.createElement("form");
  actions.method = "dialog";
  actions.className = "actions";
  for (const [value, label, look] of [["yes", w.confirm, ""], ["no", w.cancel, "quiet"]]) {
    const button = document.createElement("button");
    button.value = value;
    button.textContent = label;
    button.className = look;
    actions.append(button);
  }
  dialog.append(text, actions);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

async function submit(form, button) {
  if (form.dataset.confirm && !(await ask(form.dataset.confirm))) return;
  const trouble = placeFor(form, "trouble");
  trouble.replaceChildren();
  if (button) button.disabled = true;
  try {
    const method = form.dataset.method ?? "POST";
    const values = valuesOf(form);
    const empty = Object.keys(values).length === 0;
    const answer = await send(form.dataset.send, { method, body: empty && method !== "PUT" ? undefined : values });
    const then = form.dataset.then ?? "reload";
    if (then === "stay") {
      placeFor(form, "outcome").textContent = form.dataset.done ?? w.done;
      form.dispatchEvent(new CustomEvent("sent", { bubbles: true, detail: answer }));
    } else if (then === "reload") location.reload();
    else location.assign(answer.next ?? then);
  } catch (error) {
    showTrouble(trouble, error);
  } finally {
    if (button) button.disabled = false;
  }
}

/** Take care of every form of the page, those that come later too. */
export function watchForms() {
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.send === undefined) return;
    event.preventDefault();
    submit(event.target, event.submitter);
  });
}
