/**
 * Verifies a log in the browser: signatures, and that all entries make the signed root. It believes nothing that the
 * server says but what the given keys have signed.
 */

import { bundlePath, entriesOf, Tree, WIDTH } from "./merkle.js";
import { COSIGNATURE, ED25519, parseCheckpoint, parseKey, parseNote, signedBy } from "./notes.js";

const decode = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

async function keysOf({ logKey, witnessKey }, onFinding) {
  const log = await parseKey(logKey);
  const witness = await parseKey(witnessKey);
  if (log?.type !== ED25519) onFinding(false, "bad_key", { what: logKey });
  if (witness?.type !== COSIGNATURE) onFinding(false, "bad_key", { what: witnessKey });
  return log?.type === ED25519 && witness?.type === COSIGNATURE ? { log, witness } : null;
}

async function supported() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

/** Return {size, root} of an earlier check, null if none was given, undefined if it cannot be read. */
function earlierOf(text) {
  if (!text) return null;
  const match = /^([1-9][0-9]{0,14})\s+([A-Za-z0-9+/]{43}=)$/.exec(text);
  return match ? { size: Number(match[1]), root: match[2] } : undefined;
}

async function opened(content, log) {
  const note = content && parseNote(decode(content));
  const checkpoint = note && parseCheckpoint(note.text);
  const good = checkpoint && checkpoint.origin === log.name && (await signedBy(note, log));
  return good ? { note, checkpoint } : null;
}

/**
 * Check everything; `read(path)` gives a file of the log as bytes. Each finding is told by `onFinding(good, word,
 * values)`. Returns whether nothing was found wrong.
 */
export async function verifyLog({ read, logKey, witnessKey, earlier, onProgress, onFinding }) {
  let sound = true;
  const tell = (good, word, values = {}) => {
    sound &&= good;
    onFinding(good, word, values);
  };
  if (!(await supported())) return tell(false, "too_old") ?? false;
  const keys = await keysOf({ logKey, witnessKey }, tell);
  const before = earlierOf(earlier);
  if (before === undefined) tell(false, "bad_earlier_text");
  if (!keys || before === undefined) return false;
  // The co-signed state first: what the log holds afterwards can only be more.
  const cosigned = await opened(await read("cosigned/latest").catch(() => null), keys.log);
  const now = await opened(await read("checkpoint"), keys.log);
  tell(Boolean(now), now ? "ok_log" : "bad_log");
  if (!now) return false;
  const seconds = cosigned && (await signedBy(cosigned.note, keys.witness));
  const wanted = new Map();
  const { size } = now.checkpoint;
  const want = (at, root, good, bad) => wanted.set(at, [...(wanted.get(at) ?? []), { root, good, bad }]);
  want(size, now.checkpoint.root, ["ok_root", { n: size }], "bad_root");
  if (seconds) {
    const at = new Date(seconds * 1000).toLocaleString(document.documentElement.lang);
    want(cosigned.checkpoint.size, cosigned.checkpoint.root, ["ok_witness", { n: cosigned.checkpoint.size, at }], "bad_root");
  } else tell(false, "bad_witness");
  if (before) want(before.size, before.root, ["ok_earlier", { n: before.size }], "bad_earlier");
  const tree = new Tree();
  const compare = async () => {
    for (const { root, good, bad } of wanted.get(tree.size) ?? []) {
      if ((await tree.root()) === root) tell(true, ...good);
      else tell(false, bad);
    }
    wanted.delete(tree.size);
  };
  await compare();
  for (let number = 0; number * WIDTH < size; number += 1) {
    const width = Math.min(WIDTH, size - number * WIDTH);
    const entries = entriesOf(await read(bundlePath(number, width)));
    if (entries?.length !== width) return tell(false, "bad_root") ?? false;
    for (const entry of entries) {
      await tree.add(entry);
      await compare();
    }
    onProgress(tree.size, size);
  }
  for (const [, left] of wanted) left.forEach(({ bad }) => tell(false, bad)); // of more entries than there are
  if (sound) onFinding(true, "keep", { size, root: now.checkpoint.root });
  return sound;
}
