/** Consent at a kiosk, and what a code shows beside it: motion, check-in, royalties. */

import { language, say, w } from "/static/common/words.js";
import { ask, forget, hasCode, onForget, save } from "./code.js";
import { lookAtMotion, offerCheckIn } from "./motion.js";
import { called, date, make, place, time } from "./parts.js";
import { lookAtRoyalties } from "./royalties.js";

const trouble = document.querySelector("#present .trouble");
const outcome = document.querySelector("#present .outcome");
let shown = null; // what is kept, as this page shows it
const KEYS_MS = [1000, 2000, 4000, 8000, 16_000]; // after a withdrawal: when to look whether the keys are gone

onForget(() => {
  for (const id of ["answer", "yours", "forget"]) place(id).hidden = true;
  for (const id of ["consents", "at", "for", "happened"]) place(id).replaceChildren();
  trouble.replaceChildren();
  outcome.replaceChildren();
  shown = null;
});

function check(value, label, name) {
  const box = make("input", "", { type: "checkbox", value, name, id: `${name}-${value}` });
  return make("div", [box, make("label", label, { htmlFor: box.id })], { className: "check" });
}

const chosen = (id) => [...place(id).querySelectorAll("input:checked")].map(({ value }) => value);

function showQuestion(question) {
  place("answer").hidden = !question;
  if (!question) return;
  place("at").replaceChildren(...question.stations.map((name) => check(name, name, "station")));
  place("for").replaceChildren(...question.purposes.map((name) => check(name, called("purposes", name), "purpose")));
  place("days-label").textContent = say("how_long", { n: question.longest_days });
  place("days").max = question.longest_days;
}

function showConsents(consents) {
  place("yours").hidden = false;
  const lines = consents.map(({ state, purposes: what, stations, until, in_force: holds }) => {
    const word = holds ? w.in_force : w[`state_${state}`] ?? state;
    const about = [what.map((name) => called("purposes", name)).join(", "), stations.join(", ")].filter(Boolean);
    const ends = until ? `${w.until} ${date(Date.parse(until) - 1)}` : "";
    return make("li", [word, ...about, ends].filter(Boolean).join(" · "));
  });
  place("consents").replaceChildren(...(lines.length ? lines : [make("li", w.none_yours)]));
  place("withdraw").disabled = !consents.some(({ in_force: holds }) => holds);
  place("receipt").disabled = !consents.some(({ stations }) => stations.length > 0);
}

async function act(path, more = {}) {
  outcome.replaceChildren();
  return ask(`/v1/grants/${path}`, more, { trouble, keepalive: path === "withdraw" });
}

async function look() {
  if (!hasCode()) return; // forgotten meanwhile
  const found = await act("look");
  if (!found) return;
  place("forget").hidden = false;
  showQuestion(found.question);
  showConsents(found.consents);
  shown = await lookAtMotion();
  offerCheckIn(shown);
  await lookAtRoyalties();
}

async function sayAct(path, told, more = {}) {
  if (!(await act(path, more))) return;
  await look();
  if (hasCode()) outcome.textContent = told;
}

/** Say what happened after a withdrawal: which keys were destroyed, as soon as the log says so. */
async function watchKeys(before) {
  if (before === null || before.pieces.length === 0) return;
  place("happened").textContent = w.keys_waiting;
  for (const ms of KEYS_MS) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (!hasCode()) return;
    const now = await lookAtMotion();
    const gone = now?.destroyed.filter(({ entry }) => !before.destroyed.some((one) => one.entry === entry)) ?? [];
    if (gone.length === 0) continue;
    place("happened").textContent = gone
      .map(({ at_ms: at, segments: n, because, entry }) =>
        say("keys_gone", { day: time(at), n, because: called("because", because), entry }))
      .join(" ");
    return;
  }
}

place("present").addEventListener("submit", (event) => {
  event.preventDefault();
  look();
});
place("answer").addEventListener("submit", (event) => {
  event.preventDefault();
  const [stations, what] = [chosen("at"), chosen("for")];
  if (stations.length === 0 || what.length === 0) {
    trouble.textContent = w.choose;
    return;
  }
  sayAct("yes", w.said_yes, { stations, purposes: what, days: Number(place("days").value), language });
});
place("no").addEventListener("click", () => sayAct("no", w.said_no));
place("withdraw").addEventListener("click", async () => {
  const before = shown; // nothing is asked first: the withdrawal leaves with the press, also if its worker does
  await sayAct("withdraw", w.withdrawn);
  if (hasCode() && outcome.textContent) await watchKeys(before);
});
place("receipt").addEventListener("click", async () => {
  const files = await act("receipt");
  if (!files) return;
  for (const [name, content] of [["receipt.jsonld", files.receipt], ["receipt.tlog-proof", files.proof]]) {
    save({ name, content: new Blob([content], { type: "application/octet-stream" }) });
  }
});
place("forget").addEventListener("click", forget);
addEventListener("pagehide", forget);
