/** The terminal: start and stop by tile, and send what is over when the server is there. */

import { send } from "/static/common/send.js";
import { say, w } from "/static/common/words.js";
import { clock, drawKey, Queue } from "./queue.js";
import { Running } from "./running.js";

const AGAIN_MS = 15_000;
const place = (id) => document.getElementById(id);
const { station } = place("station").dataset;
const queue = new Queue(localStorage, station);
const running = new Running(localStorage, station);
const labels = new Map();
let sending = false;

function show(told = "") {
  for (const tile of document.querySelectorAll(".touch-tile")) {
    labels.set(tile.dataset.state, tile.firstElementChild.textContent);
    const on = running.state === tile.dataset.state;
    tile.setAttribute("aria-pressed", String(on));
    tile.querySelector(".timer").textContent = on ? clock(running.elapsed) : "";
  }
  place("stop").hidden = place("discard").hidden = !running.state;
  const text = running.state ? say("now", { state: labels.get(running.state) ?? running.state }) : told || w.nothing;
  if (place("now").textContent !== text) place("now").textContent = text;
}

function showRefused() {
  const { refused } = queue;
  place("refused").hidden = refused.length === 0;
  place("refused-number").textContent = say("set_aside", { n: refused.length });
  place("refused-list").replaceChildren(...refused.map(({ state, duration_ns: ns, why }) => {
    const line = document.createElement("li");
    line.textContent = `${labels.get(state) ?? state}, ${clock(ns / 1_000_000)} (${why})`;
    return line;
  }));
}

function network(look, text) {
  place("network").className = `notice ${look}`;
  if (place("network").textContent !== text) place("network").textContent = text;
}

async function flush() {
  if (sending) return; // whoever sends looks again for what came meanwhile
  sending = true;
  try {
    let left = queue.entries.length;
    while (left > 0) left = await queue.flush((entries) => send("/v1/self-recorded", { body: entries }));
    if (queue.refused.length > 0) network("warn", w.rest_sent);
    else network("good", w.all_sent);
  } catch (error) {
    const n = queue.entries.length;
    if (error.status === 401 || error.problem?.type?.endsWith(":origin")) network("bad", say("sign_in_again", { n }));
    else if (error.status >= 400 && error.status < 500 && error.status !== 429) {
      network("bad", say("refused", { why: [error.title, error.detail].filter(Boolean).join(": ") }));
    } else network("warn", say("waiting", { n }));
  } finally {
    sending = false;
    showRefused();
  }
}

function stop() {
  if (!running.state) return "";
  const { state, category, elapsed } = running;
  running.end();
  // The start is counted back from now: at the end, the clock has more likely been set.
  const start = Math.max(0, Date.now() - elapsed);
  queue.add({ key: drawKey(), state, category, start_ms: start, duration_ns: elapsed * 1_000_000 });
  flush();
  return say("kept", { state: labels.get(state) ?? state, time: clock(elapsed) });
}

document.querySelectorAll(".touch").forEach((list) => list.addEventListener("click", ({ target }) => {
  const tile = target.closest(".touch-tile");
  if (!tile) return;
  const same = running.state === tile.dataset.state;
  const told = stop();
  if (!same) running.start(tile.dataset.state, tile.dataset.category);
  show(told);
}));
place("stop").addEventListener("click", () => show(stop()));
place("discard").addEventListener("click", () => {
  running.end();
  show(w.discarded);
});
place("retry").addEventListener("click", () => {
  queue.retry();
  showRefused();
  flush();
});
place("discard-refused").addEventListener("click", () => {
  queue.discardRefused();
  showRefused();
  flush();
});

show(running.wasLost ? w.clock_was_set : "");
flush();
setInterval(() => running.state && show(), 1000);
setInterval(() => queue.entries.length && flush(), AGAIN_MS);
addEventListener("online", flush);
navigator.serviceWorker?.register("/terminal/offline.js", { scope: "/terminal" }).catch(() => {}); // works without, too
