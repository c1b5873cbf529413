/** The terminal: start and stop by tile, and send what is over when the server is there. */

import { send } from "/static/common/send.js";
import { say, w } from "/static/common/words.js";
import { clock, drawKey, Queue } from "./queue.js";

const RUNNING = "fairtakt running";
const AGAIN_MS = 15_000;
const place = (id) => document.getElementById(id);
const queue = new Queue(localStorage);
const labels = new Map();
let running = null; // {state, category, start}

try {
  running = JSON.parse(localStorage.getItem(RUNNING) ?? "null");
} catch {
  running = null;
}

function keepRunning() {
  if (running) localStorage.setItem(RUNNING, JSON.stringify(running));
  else localStorage.removeItem(RUNNING);
}

function show(told = "") {
  for (const tile of document.querySelectorAll(".touch-tile")) {
    labels.set(tile.dataset.state, tile.firstElementChild.textContent);
    const on = running?.state === tile.dataset.state;
    tile.setAttribute("aria-pressed", String(on));
    tile.querySelector(".timer").textContent = on ? clock(Date.now() - running.start) : "";
  }
  place("stop").hidden = place("discard").hidden = !running;
  const text = running ? say("now", { state: labels.get(running.state) ?? running.state }) : told || w.nothing;
  if (place("now").textContent !== text) place("now").textContent = text;
}

function network(look, text) {
  place("network").className = `notice ${look}`;
  if (place("network").textContent !== text) place("network").textContent = text;
}

async function flush() {
  try {
    let left = queue.entries.length;
    while (left > 0) left = await queue.flush((entries) => send("/v1/self-recorded", { body: entries }));
    network("good", w.all_sent);
  } catch (error) {
    const n = queue.entries.length;
    if (error.status === 401 || error.problem?.type?.endsWith(":origin")) network("bad", say("sign_in_again", { n }));
    else if (error.status >= 400 && error.status < 500 && error.status !== 429) {
      network("bad", say("refused", { why: [error.title, error.detail].filter(Boolean).join(": ") }));
    } else network("warn", say("waiting", { n }));
  }
}

function stop() {
  if (!running) return "";
  const { state, category, start } = running;
  const duration = Math.max(0, Date.now() - start);
  running = null;
  keepRunning();
  queue.add({ key: drawKey(), state, category, start_ms: start, duration_ns: duration * 1_000_000 });
  flush();
  return say("kept", { state: labels.get(state) ?? state, time: clock(duration) });
}

document.querySelectorAll(".touch").forEach((list) => list.addEventListener("click", ({ target }) => {
  const tile = target.closest(".touch-tile");
  if (!tile) return;
  const same = running?.state === tile.dataset.state;
  const told = stop();
  if (!same) {
    running = { state: tile.dataset.state, category: tile.dataset.category, start: Date.now() };
    keepRunning();
  }
  show(told);
}));
place("stop").addEventListener("click", () => show(stop()));
place("discard").addEventListener("click", () => {
  running = null;
  keepRunning();
  show(w.discarded);
});

show();
flush();
setInterval(() => running && show(), 1000);
setInterval(() => queue.entries.length && flush(), AGAIN_MS);
addEventListener("online", flush);
navigator.serviceWorker?.register("/terminal/offline.js", { scope: "/terminal" }).catch(() => {}); // works without, too
