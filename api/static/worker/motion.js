/** My motion: how much and where, who used it, what is destroyed; watch it, take it along. No vault: nothing here. */

import { say, w } from "/static/common/words.js";
import { ask, onForget, save, stillHere } from "./code.js";
import { beginCheckIn, checkedIn } from "./check-in.js";
import { Player } from "./figure.js";
import { called, day, make, names, place, span, time } from "./parts.js";

const AT_ONCE = 60; // segments that the server opens in one go
const SHOWN = 12; // rows before "show all"
const part = place("my-motion");
const trouble = part?.querySelector(".trouble");
const outcome = part?.querySelector(".outcome");
let player = null;
let figures = [];
let number = 0;

/** Ask what is kept, and show it; returns it, or null. */
export async function lookAtMotion() {
  if (!part) return null;
  const found = await ask("/v1/motion/own/look", {}, { trouble });
  if (!found) return null;
  part.hidden = false;
  showKept(found.pieces);
  showUses(found.uses);
  place("destroyed-part").hidden = found.destroyed.length === 0;
  place("destroyed").replaceChildren(...found.destroyed.map(destroyedLine));
  return found;
}

/** Offer a check-in where one is possible now. */
export function offerCheckIn(found) {
  if (place("check-in")) place("check-in").hidden = !found?.check_in_here || checkedIn();
}

function destroyedLine({ entry, at_ms: at, segments: n, because }) {
  return make("li", say("keys_gone", { day: time(at), n, because: called("because", because), entry }));
}

// --- what is kept ---

/** Put segments of one day and station together, as many as are opened in one go; newest first. */
function batches(pieces) {
  const found = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    const fits = last && last.station === piece.station && day(last.at) === day(piece.kept_ms);
    if (!fits || last.segments.length >= AT_ONCE) {
      found.push({ station: piece.station, at: piece.kept_ms, seconds: piece.seconds, segments: [piece.segment] });
    } else {
      last.segments.push(piece.segment);
      last.seconds += piece.seconds;
    }
  }
  return found.reverse();
}

function showKept(pieces) {
  const totals = new Map();
  for (const { station, seconds } of pieces) totals.set(station, (totals.get(station) ?? 0) + seconds);
  const lines = [...totals].map(([station, all]) => make("li", say("kept_total", { station, span: span(all) })));
  place("kept-where").replaceChildren(...(lines.length ? lines : [make("li", w.kept_nothing)]));
  place("take-choice").hidden = pieces.length === 0;
  const rows = batches(pieces).map(row);
  place("pieces").replaceChildren(...rows.slice(0, SHOWN));
  place("more-pieces").hidden = rows.length <= SHOWN;
  place("more-pieces").textContent = say("show_all", { n: rows.length });
  place("more-pieces").onclick = () => {
    place("pieces").replaceChildren(...rows);
    place("more-pieces").hidden = true;
    rows[SHOWN].querySelector("button").focus();
  };
}

function row({ station, at, seconds, segments }) {
  const label = say("piece", { time: time(at), station, span: span(seconds) });
  const button = (word, act) => {
    const one = make("button", word, { type: "button", className: "quiet" });
    one.setAttribute("aria-label", `${word}: ${label}`);
    one.addEventListener("click", () => act(segments));
    return one;
  };
  return make("li", [
    make("span", label),
    make("span", [button(w.watch, watch), button(w.take, take)], { className: "line-actions" }),
  ]);
}

// --- watch, take along ---

async function watch(segments) {
  closePlayer();
  outcome.textContent = w.opening;
  const seen = await ask("/v1/motion/own/watch", { segments }, { trouble });
  outcome.replaceChildren();
  if (!seen) return;
  figures = seen.figures;
  place("player").hidden = false;
  place("player-entry").textContent = say("watched_entry", { n: seen.entry });
  showFigure(0);
  place("play").focus();
}

async function take(segments) {
  outcome.textContent = w.opening;
  const format = place("take-format").value;
  const file = await ask("/v1/motion/own/take", { segments, format }, { trouble, file: true });
  outcome.replaceChildren();
  if (!file) return;
  save(file);
  outcome.textContent = w.taken;
}

function showFigure(next) {
  player?.pause();
  number = next;
  const figure = figures[number];
  place("player-part").textContent = say("part_of", { n: number + 1, all: figures.length, station: figure.station });
  place("previous").disabled = number === 0;
  place("next").disabled = number === figures.length - 1;
  place("play").textContent = w.play;
  place("position").max = figure.times_ms.at(-1);
  player = new Player(place("figure"), figure, { told, ended });
}

function told(ms, lasts) {
  const position = place("position");
  position.value = ms;
  const seconds = (value) => (value / 1000).toFixed(1);
  position.setAttribute("aria-valuetext", say("seconds_of", { at: seconds(ms), all: seconds(lasts) }));
}

function ended() {
  if (number < figures.length - 1) {
    showFigure(number + 1);
    playOn();
  } else place("play").textContent = w.play;
}

function playOn() {
  stillHere();
  player.play();
  place("play").textContent = w.pause;
}

function closePlayer() {
  player?.pause();
  [player, figures, number] = [null, [], 0];
  const canvas = place("figure");
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  for (const id of ["player-part", "player-entry"]) place(id).replaceChildren();
  place("player").hidden = true;
}

// --- who used it ---

function showUses(uses) {
  const lines = uses.map(({ purpose, licensee, at_ms: at, seconds, state, entry, models }) => {
    const who = licensee ?? w.the_plant;
    const facts = [
      say("used_facts", { time: time(at), span: span(seconds), state: called("uses", state) }),
      entry === null ? "" : say("used_entry", { n: entry }),
      models.length ? say("used_models", { names: models.join(", ") }) : w.no_models,
    ];
    const title = make("strong", say("used_by", { purpose: called("purposes", purpose), who }));
    return make("li", make("span", [title, make("br"), facts.filter(Boolean).join(" · ")]));
  });
  place("used").replaceChildren(...(lines.length ? lines : [make("li", w.used_nothing)]));
}

if (part) {
  onForget(() => {
    closePlayer();
    for (const id of ["my-motion", "check-in", "more-pieces", "destroyed-part"]) place(id).hidden = true;
    for (const id of ["kept-where", "pieces", "used", "destroyed"]) place(id).replaceChildren();
    place("more-pieces").onclick = null; // it would still know the rows
    trouble.replaceChildren();
    outcome.replaceChildren();
  });
  place("play").addEventListener("click", () => {
    if (player.playing) {
      player.pause();
      place("play").textContent = w.play;
    } else playOn();
  });
  place("position").addEventListener("input", ({ target }) => {
    stillHere();
    player.show(Number(target.value));
  });
  place("previous").addEventListener("click", () => showFigure(number - 1));
  place("next").addEventListener("click", () => showFigure(number + 1));
  place("close-player").addEventListener("click", closePlayer);
  place("check-in-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const minutes = Number(place("minutes").value);
    const wanted = { station: names.station, minutes };
    const formTrouble = event.target.querySelector(".trouble");
    const begun = await ask("/v1/motion/own/check-in", wanted, { trouble: formTrouble, keep: true });
    if (!begun) return;
    place("check-in").hidden = true;
    beginCheckIn(begun.check_in);
  });
}
