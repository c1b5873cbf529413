/** Plays a recording that somebody opened, and takes down which state begins when. Nothing of it leaves the browser. */

import { say, w } from "/static/common/words.js";
import { change, intervals, statesOf, toCsv } from "./labels.js";

const place = (id) => document.getElementById(id);
const video = place("video");
let states = [];
let changes = [];
let address = "";

const seconds = (time) => time.toFixed(1);

function showKeys() {
  const current = changes.filter(({ time }) => time <= video.currentTime).at(-1)?.state;
  place("keys").replaceChildren(...states.map((state, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.setAttribute("aria-pressed", String(state === current));
    const key = document.createElement("kbd");
    key.textContent = String(i + 1);
    button.append(key, state);
    button.addEventListener("click", () => begin(state));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

function showLabels() {
  const list = intervals(changes, video.duration || Infinity).filter(({ end }) => Number.isFinite(end));
  place("none").hidden = list.length > 0;
  place("labels").hidden = list.length === 0;
  place("download").disabled = list.length === 0;
  place("labels").querySelector("tbody").replaceChildren(...list.map(({ state, start, end }) => {
    const line = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { textContent: state, scope: "row" });
    const cells = [start, end].map((time) => Object.assign(document.createElement("td"), { textContent: seconds(time), className: "number" }));
    line.append(head, ...cells);
    return line;
  }));
  showKeys();
}

function begin(state) {
  if (video.hidden) return;
  changes = change(changes, state, video.currentTime);
  place("said").textContent = say("now", { state, time: seconds(video.currentTime) });
  showLabels();
}

const acts = {
  play: () => (video.paused ? video.play() : video.pause()),
  back: () => { video.currentTime = Math.max(0, video.currentTime - 5); },
  forward: () => { video.currentTime = Math.min(video.duration, video.currentTime + 5); },
  undo: () => {
    changes = changes.slice(0, -1);
    place("said").textContent = w.removed;
    showLabels();
  },
};
const KEYS = { " ": "play", ArrowLeft: "back", ArrowRight: "forward", Backspace: "undo" };

place("file").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  URL.revokeObjectURL(address);
  address = URL.createObjectURL(file);
  video.src = address;
  changes = [];
  place("trouble").replaceChildren();
});
video.addEventListener("loadedmetadata", () => {
  video.hidden = place("controls").hidden = false;
  showLabels();
});
video.addEventListener("error", () => {
  if (!video.src) return;
  video.hidden = place("controls").hidden = true;
  place("trouble").textContent = w.cannot_play;
});
video.addEventListener("timeupdate", () => {
  place("clock").textContent = `${seconds(video.currentTime)} s`;
  showKeys();
});
place("speed").addEventListener("change", ({ target }) => { video.playbackRate = Number(target.value); });
place("controls").addEventListener("click", ({ target }) => acts[target.dataset.act]?.());
place("states-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useStates();
});
addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea, button, summary") || event.ctrlKey || event.altKey || event.metaKey) return;
  const state = states[Number(event.key) - 1];
  if (state) begin(state);
  else if (event.key in KEYS && !video.hidden) acts[KEYS[event.key]]();
  else return;
  event.preventDefault();
});
place("download").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([toCsv(intervals(changes, video.duration))], { type: "text/csv" }));
  link.download = "labels.csv";
  link.click();
  URL.revokeObjectURL(link.href);
});

function useStates() {
  place("trouble").replaceChildren();
  try {
    states = statesOf(place("states").value);
  } catch (error) {
    place("trouble").textContent = w[error.message];
  }
  showKeys();
}

useStates();
