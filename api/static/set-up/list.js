/** The list of stations: finding some, and making one. */

import { say } from "/static/common/words.js";

const rows = [...document.querySelectorAll("#stations tbody tr")];
const filter = document.getElementById("filter");
const found = document.getElementById("found");

function show() {
  const wanted = filter.value.trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    row.hidden = !row.dataset.text.toLowerCase().includes(wanted);
    shown += row.hidden ? 0 : 1;
  }
  found.textContent = say("found", { n: shown, all: rows.length });
}

filter?.addEventListener("input", show);
if (filter) show();

document.getElementById("new")?.addEventListener("sent", ({ detail }) => {
  location.assign(`/set-up/${encodeURIComponent(detail.station)}`);
});
