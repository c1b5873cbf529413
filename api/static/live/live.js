/** The live wall: draws what the server sends, and says when it sends no more. */

import { send, showTrouble } from "/static/common/send.js";
import { say, w } from "/static/common/words.js";
import { drawWall } from "./wall.js";

const place = (id) => document.getElementById(id);
const reasons = JSON.parse(place("reasons").textContent);
let wall = JSON.parse(place("live").textContent);
let received = performance.now();
let stream = null;
let states = false;

function show() {
  const now = wall.now_ms + performance.now() - received;
  drawWall(place("wall"), wall, { now, reasons, states });
  const recorded = wall.stations.filter(({ light }) => light === "recording").length;
  place("summary").textContent = say("summary", { n: recorded, all: wall.stations.length });
  const banner = place("banner");
  const look = { active: "good", suspended: "warn", "": "warn" };
  banner.className = `notice ${wall.log ? "bad" : look[wall.agreement]}`;
  const told = wall.log ? w.log_trouble : w[`agreement_${wall.agreement}`];
  if (banner.textContent !== told) banner.textContent = told;
}

function listen() {
  stream?.close();
  stream = new EventSource(`/v1/live/events${states ? "?states=true" : ""}`);
  stream.addEventListener("open", () => { place("connection").hidden = true; });
  stream.addEventListener("wall", ({ data }) => {
    wall = JSON.parse(data);
    received = performance.now();
    show();
  });
  stream.addEventListener("error", () => {
    place("connection").hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

place("states")?.addEventListener("click", async ({ currentTarget: button }) => {
  place("trouble").replaceChildren();
  try {
    const wanted = !states;
    wall = await send(`/v1/live${wanted ? "?states=true" : ""}`, { method: "GET" });
    states = wanted;
  } catch (error) {
    showTrouble(place("trouble"), error);
    return;
  }
  received = performance.now();
  button.setAttribute("aria-pressed", String(states));
  button.textContent = states ? w.hide_states : w.show_states;
  show();
  listen();
});

show();
listen();
setInterval(show, 5000);
