/** The dialog in which an engineer says what an interval was; the original stays. */

import { send, showTrouble } from "/static/common/send.js";
import { say, w } from "/static/common/words.js";
import { instant } from "./numbers.js";
import { nameOf } from "./words.js";

const place = (id) => document.getElementById(id);
const RESERVED = ["unknown", "not recorded"];
let now = null; // what is being corrected

const states = JSON.parse(place("known-states").textContent);
const categoryOf = (name) => (RESERVED.includes(name) ? "" : states.find((state) => state.name === name)?.category);

function showHistory(found) {
  const line = (text) => Object.assign(document.createElement("li"), { textContent: text });
  const { words, zone } = now;
  place("correction-history").replaceChildren(
    line(`${w.original}: ${nameOf(words, found.state)}`),
    ...found.revisions.map(({ state, at_ms: at, account, reason }) => line(
      say("by", { state: nameOf(words, state), at: instant(at, zone, words), account, reason }),
    )),
  );
  place("correction-sealed").hidden = !found.sealed;
  place("correction-form").querySelector("button[type=submit]").disabled = found.sealed;
}

/** Open the dialog for {batch, position, state, told, zone, words, saved}; `saved` is called after a correction. */
export async function openCorrection(which) {
  now = which;
  const dialog = place("correction");
  const trouble = dialog.querySelector(".trouble");
  trouble.replaceChildren();
  place("correction-history").replaceChildren();
  place("correction-which").textContent = which.told;
  place("new-state").value = which.state;
  place("new-category").value = categoryOf(which.state) ?? "irregular";
  place("reason").value = "";
  dialog.showModal();
  try {
    showHistory(await send(`/v1/intervals/${which.batch}/${which.position}`, { method: "GET" }));
  } catch (error) {
    showTrouble(trouble, error);
  }
}

const dialog = place("correction");
if (dialog) {
  place("correction-close").addEventListener("click", () => dialog.close());
  place("new-state").addEventListener("change", ({ target }) => {
    const category = categoryOf(target.value);
    if (category !== undefined) place("new-category").value = category;
  });
  place("correction-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const trouble = dialog.querySelector(".trouble");
    trouble.replaceChildren();
    const category = place("new-category").value || null;
    const body = { state: place("new-state").value.trim(), category, reason: place("reason").value.trim() };
    try {
      await send(`/v1/intervals/${now.batch}/${now.position}/revisions`, { body });
      dialog.close();
      await now.saved();
    } catch (error) {
      showTrouble(trouble, error);
    }
  });
}
