/** Tries the draft on a clip: sends it, waits, shows what came of it beside the browser's own copy of the clip. */

import { send, showTrouble } from "/static/common/send.js";
import { language, say, w } from "/static/common/words.js";
import { ClipChart, clock } from "./clip-chart.js";
import { el } from "./dom.js";
import { stillOf } from "./picture.js";

const ASK_MS = 700;
const SECOND = 1e9;
const KINDS = new Set([
  "video/mp4", "video/quicktime", "video/webm", "video/x-matroska", "video/x-msvideo", "video/mpeg", "video/mp2t", "video/ogg", "video/3gpp",
]);

export class ClipPanel {
  #draft;
  #parts;
  #names;
  #picture;
  #limits;
  #trial = null;
  #address = null;
  #tried = null;
  #frame = 0;

  /** `parts`: {form, file, agreed, go, cancel, progress, status, trouble, result}; `names(state)`: what is shown. */
  constructor(draft, parts, { names, picture, limits }) {
    this.#draft = draft;
    this.#parts = parts;
    this.#names = names;
    this.#picture = picture;
    this.#limits = limits;
    const ready = () => { parts.go.disabled = this.#trial !== null || !parts.file.files.length || !parts.agreed.checked; };
    parts.file.addEventListener("change", () => { this.#forget(); ready(); });
    parts.agreed.addEventListener("change", ready);
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try().finally(ready);
    });
    parts.cancel.addEventListener("click", () => this.#cancel());
    for (const change of ["edited", "replaced", "checked"]) draft.addEventListener(change, () => this.#compare());
    addEventListener("pagehide", () => this.#forget());
    ready();
  }

  async #try() {
    const { file, trouble, go } = this.#parts;
    const clip = file.files[0];
    trouble.replaceChildren();
    this.#forget();
    if (clip.size > this.#limits.bytes) {
      showTrouble(trouble, new Error(say("clip_too_large", { mb: this.#limits.bytes / 2 ** 20 })));
      return;
    }
    go.disabled = true;
    try {
      await this.#draft.settle();
      if (this.#draft.checked.flaws.length) throw new Error(w.clip_needs_file);
      const { text, outline } = this.#draft;
      this.#busy(w.clip_sending);
      this.#trial = (await send("/v1/clip-trials", { body: { text } })).trial;
      const type = KINDS.has(clip.type) ? clip.type : "application/octet-stream";
      await send(`/v1/clip-trials/${this.#trial}/clip`, { method: "PUT", body: clip, type });
      const told = await this.#wait();
      if (told === null) return;
      if (told.status === "failed") this.#fail(told);
      else this.#show(clip, told.result, text, outline);
      await send(`/v1/clip-trials/${this.#trial}`, { method: "DELETE" });
    } catch (error) {
      showTrouble(trouble, error);
    } finally {
      this.#trial = null;
      this.#busy(null);
    }
  }

  async #wait() {
    while (this.#trial !== null) {
      const told = await send(`/v1/clip-trials/${this.#trial}`, { method: "GET" });
      if (told.status === "done" || told.status === "failed") return told;
      this.#busy(w.clip_running, told.progress);
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
    return null;
  }

  async #cancel() {
    const trial = this.#trial;
    if (trial === null) return;
    this.#trial = null;
    try {
      await send(`/v1/clip-trials/${trial}`, { method: "DELETE" });
      showTrouble(this.#parts.trouble, new Error(w.ending_cancelled));
    } catch (error) {
      showTrouble(this.#parts.trouble, error);
    }
  }

  #busy(text, progress = null) {
    const { status, cancel, progress: bar } = this.#parts;
    status.textContent = text ?? "";
    cancel.hidden = text === null;
    bar.hidden = text === null;
    if (progress === null) bar.removeAttribute("value");
    else bar.value = progress;
  }

  #fail({ ending, detail }) {
    const { trouble } = this.#parts;
    trouble.replaceChildren(el("strong", {}, w.clip_failed), `${w[`ending_${ending.replace(" ", "_")}`]} `, el("span", { lang: "en" }, detail));
  }

  #show(clip, result, text, outline) {
    this.#tried = text;
    this.#address = URL.createObjectURL(clip);
    const video = el("video", { controls: true, muted: true, playsinline: true, preload: "auto", "aria-label": w.clip_file });
    const cannot = el("p", { class: "notice warn", hidden: true }, w.clip_cannot_play);
    const chart = new ClipChart(result, outline.states, this.#names, (seconds) => { video.currentTime = seconds; });
    const follow = () => {
      chart.show(video.currentTime);
      this.#frame = video.paused || video.ended ? 0 : requestAnimationFrame(follow);
    };
    video.addEventListener("play", follow);
    video.addEventListener("seeked", () => chart.show(video.currentTime));
    video.addEventListener("error", () => { cannot.hidden = false; video.hidden = true; still.hidden = true; });
    const still = el("button", {
      type: "button", class: "quiet",
      onclick: async () => {
        const picture = await stillOf(video);
        if (picture) this.#picture.open(picture);
        document.getElementById("stage").scrollIntoView({ block: "center" });
      },
    }, w.clip_as_picture);
    video.src = this.#address;
    this.#parts.result.replaceChildren(
      el("p", { class: "notice warn", id: "clip-old", hidden: true, role: "status" }, w.clip_old),
      video, cannot,
      el("div", { class: "actions" }, still),
      el("h3", {}, w.clip_timeline),
      el("p", { class: "hint", id: "clip-keys" }, w.clip_timeline_hint),
      chart.element,
      outline.cycle && el("p", {}, say("clip_cycles", { n: result.cycles.length })),
      this.#table(result, (seconds) => { video.currentTime = seconds; chart.show(seconds); }),
    );
    this.#parts.result.hidden = false;
    this.#compare();
  }

  #table(result, go) {
    const percent = new Intl.NumberFormat(language, { style: "percent" });
    const rows = result.intervals.map(({ state, start_ns: start, duration_ns: length, confidence, reason }) => {
      const time = clock(start / SECOND);
      const name = reason ? `${this.#names(state)} (${this.#names(reason)})` : this.#names(state);
      return el(
        "tr", {},
        el("td", {}, el("button", { type: "button", class: "quiet", "aria-label": say("clip_go", { time }), onclick: () => go(start / SECOND) }, time)),
        el("td", {}, name), el("td", { class: "number" }, `${clock(length / SECOND)}`), el("td", { class: "number" }, percent.format(confidence)),
      );
    });
    const heads = [w.clip_from, w.state, w.duration, w.clip_sure].map((text, index) => el("th", { scope: "col", class: index > 1 ? "number" : undefined }, text));
    return el("details", {}, el("summary", {}, w.clip_table), el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": w.clip_table }, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows))));
  }

  #compare() {
    const note = document.getElementById("clip-old");
    if (note) note.hidden = this.#tried === this.#draft.text;
  }

  #forget() {
    cancelAnimationFrame(this.#frame);
    if (this.#address !== null) URL.revokeObjectURL(this.#address);
    this.#address = null;
    this.#tried = null;
    this.#parts.result.replaceChildren();
    this.#parts.result.hidden = true;
  }
}
