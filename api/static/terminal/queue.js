/**
 * Entries that wait for the server, in this browser's own store: they survive a reload and a night without network.
 * An entry leaves only once the server has said that it is stored; sent twice, it counts once (its key).
 */

const KEY = "fairtakt self-recorded";

export class Queue {
  constructor(storage) {
    this.storage = storage;
  }

  /** Return the entries, oldest first; an unreadable store is an empty one. */
  get entries() {
    try {
      const found = JSON.parse(this.storage.getItem(KEY) ?? "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  add(entry) {
    this.storage.setItem(KEY, JSON.stringify([...this.entries, entry]));
  }

  /** Send at most `most` of what waits by `post(entries)`; what it accepts is removed. Returns how many still wait. */
  async flush(post, most = 200) {
    const sent = this.entries.slice(0, most);
    if (sent.length > 0) {
      await post(sent);
      const keys = new Set(sent.map(({ key }) => key));
      this.storage.setItem(KEY, JSON.stringify(this.entries.filter(({ key }) => !keys.has(key))));
    }
    return this.entries.length;
  }
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
