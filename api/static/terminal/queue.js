/**
 * Entries that wait for the server, in this browser's own store: they survive a reload and a night without network.
 * An entry leaves only once the server has said that it is stored; sent twice, it counts once (its key). One that the
 * server refuses is set aside, so that it holds up no other, and somebody sees it. Each station has a store of its own:
 * what was recorded at one is never sent as another's.
 */

const OF_ENTRIES = new Set([409, 422]); // answers to what was sent; all others are to whoever sends, or to nobody

export class Queue {
  #storage;
  #waiting;
  #aside;

  constructor(storage, station) {
    this.#storage = storage;
    this.#waiting = `fairtakt self-recorded ${station}`;
    this.#aside = `fairtakt refused ${station}`;
  }

  /** Return the entries, oldest first; an unreadable store is an empty one. */
  get entries() {
    return this.#read(this.#waiting);
  }

  /** Return what the server refused: entries, each with `why`. */
  get refused() {
    return this.#read(this.#aside);
  }

  add(entry) {
    this.#write(this.#waiting, [...this.entries, entry]);
  }

  /** Send at most `most` of what waits by `post(entries)`; what it accepts is removed. Returns how many still wait. */
  async flush(post, most = 200) {
    const sent = this.entries.slice(0, most);
    if (sent.length > 0) await this.#send(sent, post);
    return this.entries.length;
  }

  /** Let what was refused wait again. */
  retry() {
    this.#write(this.#waiting, [...this.entries, ...this.refused.map(({ why, ...entry }) => entry)]);
    this.discardRefused();
  }

  discardRefused() {
    this.#storage.removeItem(this.#aside);
  }

  /** Send a list. The server stores all or none: of a refused one, the halves are sent, down to the refused entry. */
  async #send(entries, post) {
    try {
      await post(entries);
    } catch (error) {
      if (!OF_ENTRIES.has(error.status)) throw error;
      if (entries.length > 1) {
        const half = entries.length >> 1;
        await this.#send(entries.slice(0, half), post);
        await this.#send(entries.slice(half), post);
        return;
      }
      const why = [error.title, error.detail].filter(Boolean).join(": ");
      this.#write(this.#aside, [...without(this.refused, entries), { ...entries[0], why }]);
    }
    this.#write(this.#waiting, without(this.entries, entries));
  }

  #read(key) {
    try {
      const found = JSON.parse(this.#storage.getItem(key) ?? "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  #write(key, entries) {
    this.#storage.setItem(key, JSON.stringify(entries));
  }
}

function without(entries, gone) {
  const keys = new Set(gone.map(({ key }) => key));
  return entries.filter(({ key }) => !keys.has(key));
}

/** Return 32 hexadecimal digits that nobody drew before. */
export function drawKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return minutes and seconds. */
export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
