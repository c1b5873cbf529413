/**
 * The worker's code: it stays in this page until it is forgotten, by pressing, by leaving, after two minutes.
 *
 * Whatever was shown with it is forgotten with it (`onForget`), and an answer to a code that was forgotten meanwhile is
 * not shown: `ask` then gives null.
 */

import { send, sendForFile, showTrouble } from "/static/common/send.js";

const FORGET_MS = 120_000;
const field = document.getElementById("token");
const forgetters = [];
let waiting = 0;
let presented = 0; // counts codes

/** Have something done when the code is forgotten. */
export const onForget = (forgetter) => forgetters.push(forgetter);

/** Forget the code, and all that was shown with it. */
export function forget() {
  presented += 1;
  clearTimeout(waiting);
  field.value = "";
  for (const forgetter of forgetters) forgetter();
}

/** Whether there is a code. */
export const hasCode = () => field.value !== "";

/** Somebody is still here: the two minutes begin anew. */
export function stillHere() {
  clearTimeout(waiting);
  if (hasCode()) waiting = setTimeout(forget, FORGET_MS);
}

/**
 * Ask the server with the code; `more` goes with it. Trouble is shown in `trouble`, and null given. `keep`: the answer
 * says nothing of anybody, and is needed even if the code was forgotten meanwhile. `keepalive`: see `send`.
 */
export async function ask(address, more = {}, { trouble, file = false, keep = false, keepalive = false } = {}) {
  trouble?.replaceChildren();
  if (!hasCode()) return null; // forgotten meanwhile
  stillHere();
  const mine = presented;
  try {
    const answer = await (file ? sendForFile : send)(address, { body: { token: field.value, ...more }, keepalive });
    return keep || mine === presented ? answer : null;
  } catch (error) {
    if (mine === presented && trouble) showTrouble(trouble, error);
    return null;
  }
}

/** Save a file that was asked for. */
export function save({ name, content }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
