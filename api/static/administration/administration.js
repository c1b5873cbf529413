/** Administration: shows one-time codes, makes stations, imports calendars. */

import { send, showTrouble } from "/static/common/send.js";
import { say, w } from "/static/common/words.js";

const place = (id) => document.getElementById(id);

document.addEventListener("sent", ({ target, detail }) => {
  if (target.dataset.code === undefined || !detail.code) return;
  const dialog = place("code");
  place("code-title").textContent = say("code_is", { hours: detail.hours });
  dialog.querySelector("output").textContent = detail.code;
  dialog.addEventListener("close", () => location.reload(), { once: true });
  dialog.showModal();
});

function onSubmit(form, act) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const trouble = form.querySelector(".trouble");
    trouble.replaceChildren();
    try {
      await act(form);
    } catch (error) {
      showTrouble(trouble, error);
    }
  });
}

onSubmit(place("new-station"), async () => {
  await send(`/v1/plant/stations/${encodeURIComponent(place("station-name").value.trim())}`, { method: "PUT", body: {} });
  location.reload();
});

onSubmit(place("calendar-form"), async (form) => {
  const [file] = place("calendar-file").files;
  if (!file) throw new Error(w.choose_file);
  const query = new URLSearchParams({ from: place("calendar-from").value, to: place("calendar-to").value });
  const answer = await send(`/v1/plant/calendar?${query}`, { body: await file.text(), type: "text/calendar" });
  form.querySelector(".outcome").textContent = say("calendar_done", { n: answer.shifts });
});
