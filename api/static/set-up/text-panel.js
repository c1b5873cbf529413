/** The text of the station file with its line numbers, and what is wrong with it, told where it is. */

import { language, say, w } from "/static/common/words.js";
import { el, unique } from "./dom.js";

export class TextPanel {
  #draft;
  #area;
  #numbers;
  #list;

  constructor(draft, { area, numbers, list }) {
    this.#draft = draft;
    this.#area = area;
    this.#numbers = numbers;
    this.#list = list;
    area.addEventListener("input", () => draft.type(area.value));
    area.addEventListener("scroll", () => { numbers.scrollTop = area.scrollTop; });
    this.render();
  }

  render() {
    if (this.#area.value !== this.#draft.text) {
      const { selectionStart, selectionEnd, scrollTop } = this.#area;
      this.#area.value = this.#draft.text;
      if (document.activeElement === this.#area) this.#area.setSelectionRange(selectionStart, selectionEnd);
      this.#area.scrollTop = scrollTop;
    }
    const { flaws } = this.#draft.checked;
    const lines = this.#draft.text.split("\n").length;
    const flawed = new Set(flaws.map(({ line }) => line));
    this.#numbers.replaceChildren(...Array.from({ length: lines }, (_, index) => {
      const bad = flawed.has(index + 1);
      return el("span", { class: bad ? "bad" : undefined }, bad ? `⚠ ${index + 1}` : String(index + 1));
    }));
    this.#area.setAttribute("aria-invalid", String(flaws.length > 0));
    this.#list.replaceChildren(...this.#flaws(flaws));
  }

  #flaws(flaws) {
    if (flaws.length === 0) return [el("p", { class: "outcome" }, w.no_flaws)];
    const items = flaws.map(({ message, german, line }) => el(
      "li", {},
      line !== null && el("button", { type: "button", class: "quiet", onclick: () => this.#go(line) }, say("line", { n: line })),
      " ", language === "de" ? german : message,
    ));
    return [el("h3", {}, say("flaws", { n: flaws.length })), el("ul", { class: "flaws" }, ...items)];
  }

  #go(line) {
    const lines = this.#draft.text.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    this.#area.focus();
    this.#area.setSelectionRange(start, start + lines[line - 1].length);
    const height = this.#area.scrollHeight / lines.length;
    this.#area.scrollTop = Math.max(0, (line - 4) * height);
  }
}

/** Show each flaw at the control that it is about, as near as there is one. */
export function showFlaws(flaws, root) {
  for (const old of root.querySelectorAll(".flaw")) old.remove();
  for (const control of root.querySelectorAll("[data-flawed]")) {
    control.removeAttribute("data-flawed");
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
  const places = new Map([...root.querySelectorAll("[data-place]")].map((one) => [one.dataset.place, one]));
  for (const { message, german, place } of flaws) {
    const path = place.map(String);
    while (path.length && !places.has(path.join("/"))) path.pop();
    const found = places.get(path.join("/"));
    if (!found) continue;
    const note = el("p", { class: "flaw", id: unique("flaw") }, `⚠ ${language === "de" ? german : message}`);
    found.append(note);
    for (let outer = found.closest("details"); outer; outer = outer.parentElement.closest("details")) {
      const summary = outer.querySelector("summary");
      if (!summary.querySelector(".flaw")) summary.append(el("span", { class: "flaw" }, " ⚠"));
    }
    const control = found.querySelector("input, select");
    if (control && found.classList.contains("field")) {
      control.dataset.flawed = "";
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", note.id);
    }
  }
}
