/**
 * The draft: a text and its outline, kept in step by the server, with undo.
 *
 * Whichever of the two is changed, the other follows. One request at a time is under way; what is changed meanwhile is
 * sent when it has come back. An outline is always put into the text that its `was` speak of, so comments stay.
 */

import { Refused, send } from "/static/common/send.js";
import { same, withKeys, withoutKeys } from "./model.js";

const SETTLED = 250; // ms without change after which the server is asked
const TOGETHER = 1200; // ms within which changes of the same kind are one step of undo
const MOST_STEPS = 200;

export class Draft extends EventTarget {
  #address;
  #synced; // { text, outline } as the server gave them
  #past = [];
  #future = [];
  #last = { what: "", at: 0 };
  #timer = 0;
  #sending = null; // "text" or "outline": what the server is looking at
  #stale = null; // the same: what it has not seen yet

  constructor(address, checked) {
    super();
    this.#address = address;
    this.text = checked.text;
    this.outline = checked.outline && withKeys(checked.outline);
    this.checked = checked;
    this.trouble = null;
    this.#synced = { text: this.text, outline: this.outline };
  }

  /** Whether everything that was changed has been checked. */
  get settled() {
    return this.#stale === null && this.#sending === null;
  }

  /** Whether the form shows what the text says. */
  get readable() {
    return this.checked.outline !== null || this.#unseen === "outline";
  }

  get #unseen() {
    return this.#stale ?? this.#sending;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Change the outline. Changes of the same `what` that follow one another closely are one step of undo. */
  edit(what, change) {
    if (!this.readable) return;
    const outline = change(this.outline);
    if (outline === this.outline) return;
    this.#remember(what);
    this.outline = outline;
    this.#ask("outline");
    this.#tell("edited", { what });
  }

  /** Change the text. */
  type(text, what = "text") {
    if (text === this.text) return;
    this.#remember(what);
    this.text = text;
    this.#ask("text");
    this.#tell("edited", { what });
  }

  undo() {
    this.#step(this.#past, this.#future);
  }

  redo() {
    this.#step(this.#future, this.#past);
  }

  /** Ask the server again after it did not answer. */
  retry() {
    this.#ask(this.#stale ?? "text", 0);
  }

  /** Resolve when everything has been checked; reject if that does not work. */
  async settle() {
    while (!this.settled) {
      if (this.trouble) throw this.trouble;
      await new Promise((resolve) => {
        this.addEventListener("checked", resolve, { once: true });
        this.addEventListener("trouble", resolve, { once: true });
      });
    }
  }

  #remember(what) {
    const now = performance.now();
    const together = this.#last.what === what && now - this.#last.at < TOGETHER;
    this.#last = { what, at: now };
    this.#future = [];
    if (together && this.#past.length) return;
    this.#past.push(this.#snapshot());
    if (this.#past.length > MOST_STEPS) this.#past.shift();
  }

  #snapshot() {
    return { text: this.text, outline: this.outline, checked: this.checked, synced: this.#synced, stale: this.#unseen };
  }

  #step(from, to) {
    const state = from.pop();
    if (!state) return;
    to.push(this.#snapshot());
    ({ text: this.text, outline: this.outline, checked: this.checked, synced: this.#synced } = state);
    this.#last = { what: "", at: 0 };
    this.#ask(state.stale ?? "text", 0);
    this.#tell("replaced");
  }

  #ask(what, after = SETTLED) {
    // An outline that was changed counts more than its text: it is what the text will follow.
    this.#stale = what;
    this.trouble = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), after);
    this.#tell("asking");
  }

  async #send() {
    if (this.#sending !== null || this.#stale === null) return;
    const what = this.#stale;
    const { text, outline } = this;
    this.#sending = what;
    this.#stale = null;
    const body = what === "text" ? { text } : { text: this.#synced.text, outline: withoutKeys(outline) };
    let checked = null;
    try {
      checked = await send(`${this.#address}/${what === "text" ? "check" : "write"}`, { body });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.trouble = error;
    }
    this.#sending = null;
    if (this.#stale !== null) {
      // Changed meanwhile: whatever came is about something else.
      this.#send();
      return;
    }
    if (checked === null) {
      this.#stale = what;
      this.#tell("trouble");
      return;
    }
    this.#adopt(what, checked);
  }

  #adopt(what, checked) {
    const before = this.outline;
    this.checked = checked;
    this.text = checked.text;
    if (checked.outline) {
      const outline = withKeys(checked.outline, before);
      const changed = !before || !same(before, outline);
      this.outline = outline;
      this.#synced = { text: checked.text, outline };
      this.#tell("checked", { what, changed });
      return;
    }
    this.#tell("checked", { what, changed: false });
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
