/** Takes the server's own records into a study: stations and days, a preview, the study's words, then taking them over. */

import { send, showTrouble } from "/static/common/send.js";
import { language, w } from "/static/common/words.js";
import { chosenNames, showDone, showReport } from "./report.js";
import { watchTaking } from "./taking.js";

const given = JSON.parse(document.getElementById("importing").textContent);
const form = document.getElementById("importer");
const COURSE = "camera course";

if (form) begin();

function begin() {
  const base = `/v1/studies/${given.study}`;
  const nameOfData = document.getElementById("source");
  const trouble = document.getElementById("trouble");
  let names = { states: {}, systems: {} };

  const stations = () => [...form.querySelectorAll('[name="station"]:checked')].map((field) => field.value);
  const value = (id) => document.getElementById(id)?.value.trim() ?? "";

  function taken() {
    const made = { take: given.take, stations: stations(), first: value("first"), last: value("last"), ...names, cycles: {} };
    if (value("period")) made.period = value("period");
    if (value("variant")) made.variant = value("variant");
    const session = form.querySelector('[name="session"]:checked');
    if (given.take === COURSE && session) made.session = session.value;
    for (const row of form.querySelectorAll("[data-cycle-of]")) {
      const [first, last] = ["first", "last"].map((end) => row.querySelector(`[data-cycle="${end}"]`).value.trim());
      if (first && last && made.stations.includes(row.dataset.cycleOf)) made.cycles[row.dataset.cycleOf] = { first, last };
    }
    return made;
  }

  function showCycles() {
    for (const row of form.querySelectorAll("[data-cycle-of]")) row.hidden = !stations().includes(row.dataset.cycleOf);
  }

  async function preview(button) {
    trouble.replaceChildren();
    button.disabled = true;
    document.getElementById("done").hidden = true;
    try {
      const chosen = chosenNames();
      if (chosen.all.length || Object.keys(chosen.systems).length) names = { states: chosen.states, systems: chosen.systems };
      const report = await send(`${base}/server-previews?language=${language}`, { body: taken() });
      taking.offer(showReport(report, { chosen: names, states: given.states, systems: given.systems, changed: taking.outdated }));
    } catch (error) {
      taking.offer(false);
      showTrouble(trouble, error);
    } finally {
      button.disabled = false;
    }
  }

  const taking = watchTaking(given.sources, nameOfData, async (replace) => {
    const address = `${base}/server-sources/${encodeURIComponent(nameOfData.value)}`;
    const report = await send(`${address}?language=${language}&replace=${replace}`, { method: "PUT", body: taken() });
    showDone(report, given.study, nameOfData.value);
  });

  async function list() {
    trouble.replaceChildren();
    const query = new URLSearchParams({ first: value("first"), last: value("last") });
    for (const station of stations()) query.append("station", station);
    try {
      showSessions((await send(`${base}/sessions?${query}`, { method: "GET" })).sessions);
    } catch (error) {
      showTrouble(trouble, error);
    }
  }

  function showSessions(sessions) {
    const place = document.getElementById("sessions");
    place.replaceChildren();
    if (!sessions.length) {
      const empty = document.createElement("p");
      empty.className = "empty";
      empty.textContent = w.no_sessions;
      place.append(empty);
      return;
    }
    const choices = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = w.session;
    choices.append(legend);
    const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", timeZone: given.zone });
    for (const one of sessions) {
      const label = document.createElement("label");
      label.className = "check";
      const choice = document.createElement("input");
      Object.assign(choice, { type: "radio", name: "session", value: one.session });
      const text = document.createElement("span");
      const minutes = (one.duration_ms / 60_000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
      text.textContent = `${when.format(one.start_ms)} · ${minutes}\u202fmin · ${one.intervals} ${w.session_intervals}`;
      label.append(choice, text);
      choices.append(label);
    }
    place.append(choices);
  }

  document.getElementById("list")?.addEventListener("click", list);
  form.addEventListener("change", () => {
    showCycles();
    taking.outdated();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    preview(event.submitter);
  });
  showCycles();
}
