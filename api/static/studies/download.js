/** Downloads of results: fetched first, so that a refusal is told on the page and not saved as a file. */

import { Refused, showTrouble } from "/static/common/send.js";
import { w } from "/static/common/words.js";

async function download(form, button) {
  const trouble = form.querySelector(".trouble");
  const status = form.querySelector(".outcome");
  trouble.replaceChildren();
  status.textContent = w.downloading;
  button.disabled = true;
  try {
    const answer = await fetch(addressOf(form), { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Refused({ status: answer.status, ...(await answer.json()) });
    save(await answer.blob(), nameIn(answer.headers.get("content-disposition") ?? ""));
  } catch (error) {
    showTrouble(trouble, error instanceof Refused ? error : new Refused({ title: w.unreachable, detail: "" }));
  } finally {
    status.textContent = "";
    button.disabled = false;
  }
}

function addressOf(form) {
  const { form: kind, language, scope } = form.elements;
  const query = new URLSearchParams(scope?.value === "all" ? "" : form.dataset.query);
  query.set("language", language.value);
  return `${form.dataset.download}${kind.value}?${query}`;
}

function nameIn(disposition) {
  return /filename="([^"]+)"/.exec(disposition)?.[1] ?? "results";
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

document.addEventListener("submit", (event) => {
  if (event.target.dataset.download === undefined) return;
  event.preventDefault();
  download(event.target, event.submitter);
});
