/** The hash tree of RFC 6962 section 2.1 over entries as they come, and entry bundles of C2SP tlog-tiles. Pure. */

export const WIDTH = 256;

async function hash(prefix, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 1);
  const joined = new Uint8Array(length);
  joined[0] = prefix;
  let at = 1;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
}

/** Grows entry by entry and keeps one hash for each full subtree: the root costs nothing to ask at any size. */
export class Tree {
  #subtrees = []; // {size, hash}, falling powers of two
  size = 0;

  async add(entry) {
    let node = { size: 1, hash: await hash(0, entry) };
    while (this.#subtrees.at(-1)?.size === node.size) {
      const left = this.#subtrees.pop();
      node = { size: 2 * node.size, hash: await hash(1, left.hash, node.hash) };
    }
    this.#subtrees.push(node);
    this.size += 1;
  }

  /** Return the root in base64. */
  async root() {
    let root = null;
    for (const { hash: left } of [...this.#subtrees].reverse()) root = root === null ? left : await hash(1, left, root);
    root ??= new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array()));
    return btoa(String.fromCharCode(...root));
  }
}

/** Return the path of an entry bundle, of `width` entries. */
export function bundlePath(number, width) {
  const groups = [String(number % 1000).padStart(3, "0")];
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  }
  return `tile/entries/${groups.join("/")}${width === WIDTH ? "" : `.p/${width}`}`;
}

/** Take a bundle apart; null if it does not end with an entry. */
export function entriesOf(bundle) {
  const entries = [];
  let at = 0;
  while (at < bundle.length) {
    const start = at + 2;
    at = start + bundle[at] * 256 + bundle[at + 1];
    entries.push(bundle.subarray(start, at));
  }
  return at === bundle.length ? entries : null;
}
