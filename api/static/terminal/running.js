/**
 * What is going on, over a reload too. How long it has lasted is measured by a clock that nobody sets: a terminal without
 * a battery starts in 1970, and gets the time from the network while a worker records.
 */

const LONGEST_MS = 7 * 86_400_000; // more, read off the wall clock after a reload, is a clock that was set

export class Running {
  #storage;
  #key;
  #begun = 0; // by performance.now(), which begins anew with each page: less than 0 if it began on an earlier one
  state = null;
  category = null;
  wasLost = false; // after a reload, the clock did not tell any more how long it had lasted

  constructor(storage, station) {
    this.#storage = storage;
    this.#key = `fairtakt running ${station}`;
    this.#resume();
  }

  start(state, category) {
    Object.assign(this, { state, category });
    this.#begun = performance.now();
    this.#storage.setItem(this.#key, JSON.stringify({ state, category, start: Date.now() }));
  }

  end() {
    this.state = this.category = null;
    this.#storage.removeItem(this.#key);
  }

  /** Return for how many milliseconds it has been going on. */
  get elapsed() {
    return Math.round(performance.now() - this.#begun);
  }

  #resume() {
    try {
      const { state, category, start } = JSON.parse(this.#storage.getItem(this.#key) ?? "{}") ?? {};
      if (!state) return;
      const elapsed = Date.now() - start;
      if (!(elapsed >= 0 && elapsed <= LONGEST_MS)) throw new RangeError("the clock was set");
      Object.assign(this, { state, category });
      this.#begun = performance.now() - elapsed;
    } catch {
      this.wasLost = true;
      this.end();
    }
  }
}
