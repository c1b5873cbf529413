/**
 * Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature), checked with WebCrypto. Pure.
 *
 * Only what is signed by the given key is believed; everything else in a note is ignored.
 */

const ED25519 = 1;
const COSIGNATURE = 4;
const text = new TextEncoder();

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function join(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Return {name, id, type, key} of a verifier key `name+id+base64`; null if it is none, or its id does not fit. */
export async function parseKey(line) {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(line);
  if (!match) return null;
  const [, name, id, encoded] = match;
  const raw = bytesOf(encoded);
  const [type, key] = [raw[0], raw.slice(1)];
  if (key.length !== 32 || ![ED25519, COSIGNATURE].includes(type)) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", join(text.encode(`${name}\n`), raw)));
  const wanted = [...hash.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return wanted === id ? { name, id, type, key } : null;
}

/** Take a note apart into its text and its signature lines {name, id, signature}. */
export function parseNote(content) {
  const end = content.lastIndexOf("\n\n");
  if (end < 0) return null;
  const lines = content.slice(end + 2).split("\n").filter(Boolean).map((line) => {
    const match = /^— (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line);
    if (!match) return null;
    const raw = bytesOf(match[2]);
    const id = [...raw.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { name: match[1], id, signature: raw.slice(4) };
  });
  return lines.includes(null) ? null : { text: content.slice(0, end + 1), lines };
}

/** Return {origin, size, root} of a checkpoint's text; null if it is none. */
export function parseCheckpoint(content) {
  const [origin, size, root] = content.split("\n");
  if (!origin || !/^(0|[1-9][0-9]{0,14})$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root)) return null;
  return { origin, size: Number(size), root };
}

async function holds(key, signature, message) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

/** Return whether `key` signed the note's text; for a witness's key the time (POSIX seconds), else null or true. */
export async function signedBy(note, key) {
  const line = note.lines.find(({ name, id }) => name === key.name && id === key.id);
  if (!line) return null;
  if (key.type === ED25519) return (await holds(key.key, line.signature, text.encode(note.text))) || null;
  if (line.signature.length !== 72) return null;
  const seconds = new DataView(line.signature.buffer, line.signature.byteOffset).getBigUint64(0);
  const message = text.encode(`cosignature/v1\ntime ${seconds}\n${note.text}`);
  return (await holds(key.key, line.signature.slice(8), message)) ? Number(seconds) : null;
}

export { COSIGNATURE, ED25519 };
