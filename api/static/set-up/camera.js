/**
 * A set-up session: the browser's own camera for a few minutes, with a sign for as long as it is open.
 *
 * It fails closed. The camera is opened only after the server has said that the session stands in the log; it is closed
 * as soon as the server says so or says nothing, when the minutes are over, when the page cannot be seen, and when it is
 * left. Pictures go from the camera to the screen of this browser; none is sent.
 */

import { ask } from "/static/common/forms.js";
import { send, showTrouble } from "/static/common/send.js";
import { say, w } from "/static/common/words.js";
import { stillOf } from "./picture.js";

const ASK_MS = 2000;
const PATIENCE_MS = 5000; // without an answer
const OVER = { "closed by hand": "done", "the time is over": "time", "the page was left": "hidden", "not permitted any more": "permission" };

export class Camera extends EventTarget {
  #station;
  #parts;
  #picture;
  #session = null;
  #stream = null;
  #timer = 0;
  #heard = 0;
  #ends = 0;

  /** `parts`: {open, sign, left, still, end, video, outcome, trouble}; `open` is null where nobody may. */
  constructor(station, parts, picture) {
    super();
    this.#station = station;
    this.#parts = parts;
    this.#picture = picture;
    parts.open?.addEventListener("click", () => this.#open());
    parts.end.addEventListener("click", () => this.#close("done"));
    parts.still.addEventListener("click", () => this.#still());
    parts.video.addEventListener("loadedmetadata", () => {
      this.dispatchEvent(new CustomEvent("shape", { detail: parts.video.videoHeight / parts.video.videoWidth }));
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.#close("hidden"));
    addEventListener("pagehide", () => this.#close("hidden", true));
  }

  async #open() {
    const { open, trouble, outcome } = this.#parts;
    trouble.replaceChildren();
    outcome.textContent = "";
    if (!(await ask(say("camera_sure", { n: open.dataset.minutes })))) return;
    open.disabled = true;
    try {
      const told = await send(`/v1/stations/${encodeURIComponent(this.#station)}/set-up-sessions`);
      this.#session = told.session;
      this.#heard = performance.now();
      this.#ends = this.#heard + told.seconds_left * 1000;
      this.#sign(true);
      this.#timer = setInterval(() => this.#ask(), ASK_MS);
      await this.#show();
    } catch (error) {
      showTrouble(trouble, error);
    } finally {
      open.disabled = this.#session !== null;
    }
  }

  async #show() {
    const session = this.#session;
    let stream;
    try {
      const wanted = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch {
      this.#close("done");
      throw new Error(w.camera_none);
    }
    if (this.#session !== session || session === null) {
      // Closed while the browser asked for permission.
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.#stream = stream;
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.#close("done"));
    const { video } = this.#parts;
    this.#picture.clear();
    document.getElementById("no-picture").hidden = true;
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
  }

  async #ask() {
    const session = this.#session;
    const now = performance.now();
    if (now >= this.#ends) this.#close("time");
    else if (now - this.#heard > PATIENCE_MS) this.#close("server");
    if (this.#session === null) return;
    this.#showLeft();
    try {
      const told = await send(`/v1/set-up-sessions/${session}`, { method: "GET" });
      if (this.#session !== session) return;
      this.#heard = performance.now();
      if (!told.open) this.#close(OVER[told.because] ?? "done");
    } catch (error) {
      if (error.status && this.#session === session) this.#close("permission");
    }
  }

  async #still() {
    const { video } = this.#parts;
    if (video.hidden || !video.videoWidth) return;
    const picture = await stillOf(video);
    this.#close("done");
    if (picture) this.#picture.open(picture);
  }

  /** Close the camera first, and say so then. */
  #close(why, leaving = false) {
    const session = this.#session;
    if (session === null) return;
    this.#session = null;
    clearInterval(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    const { video, open, outcome } = this.#parts;
    video.srcObject = null;
    video.hidden = true;
    document.getElementById("no-picture").hidden = false;
    this.#sign(false);
    open.disabled = false;
    outcome.textContent = w[`camera_over_${why}`];
    if (leaving) return; // the server notices within seconds
    // Whether or not this arrives: the server ends a session of which it hears nothing.
    send(`/v1/set-up-sessions/${session}`, { method: "DELETE" }).catch(() => undefined);
  }

  #sign(shown) {
    this.#parts.sign.hidden = !shown;
    if (shown) this.#showLeft();
  }

  #showLeft() {
    const seconds = Math.max(0, Math.round((this.#ends - performance.now()) / 1000));
    this.#parts.left.textContent = say("camera_left", { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` });
  }
}
