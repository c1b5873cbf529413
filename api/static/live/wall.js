/** Stations by area and cell as elements; texts are set as texts. */

import { say, w } from "/static/common/words.js";

function make(tag, look, ...children) {
  const element = document.createElement(tag);
  if (look) element.className = look;
  element.append(...children);
  return element;
}

/** Return how long ago something was, in the largest unit that fits. */
export function ago(ms) {
  const steps = [["days", 86_400_000], ["hours", 3_600_000], ["minutes", 60_000], ["seconds", 1000]];
  const [name, step] = steps.find(([, size]) => ms >= size) ?? steps.at(-1);
  return say(name, { n: Math.max(0, Math.floor(ms / step)) });
}

function heardText(station, now) {
  const past = now - station.heard_ms;
  return past < 20_000 ? w.heard_now : say("heard", { time: ago(past) });
}

function stationItem(station, { now, reasons, states }) {
  const item = make("li", station.light, make("span", "name", station.station));
  item.append(make("span", `light ${station.light}`, w[`light_${station.light}`]));
  if (station.reason) item.append(make("span", "reason", reasons[station.reason] ?? station.reason));
  if (states && station.light === "recording") item.append(make("span", "state", station.state ?? w.no_state));
  if (station.heard_ms !== null) item.append(make("span", "heard", `${station.device} · ${heardText(station, now)}`));
  return item;
}

/** Draw the wall anew; `look` is {now, reasons, states}. */
export function drawWall(place, wall, look) {
  if (wall.stations.length === 0) {
    place.replaceChildren(make("p", "empty", w.no_stations));
    return;
  }
  const areas = new Map();
  for (const station of wall.stations) {
    const cells = areas.get(station.area) ?? areas.set(station.area, new Map()).get(station.area);
    (cells.get(station.cell) ?? cells.set(station.cell, []).get(station.cell)).push(station);
  }
  place.replaceChildren(...[...areas].map(([area, cells]) => {
    const section = make("section", "area", make("h2", "", area || w.without_area));
    for (const [cell, stations] of cells) {
      const list = make("ul", "stations", ...stations.map((station) => stationItem(station, look)));
      section.append(make("div", "cell", ...(cell ? [make("h3", "", cell)] : []), list));
    }
    return section;
  }));
}
