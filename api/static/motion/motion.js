/** While a use goes on by itself, look every few seconds whether it has come further; then show the page anew. */

import { send } from "/static/common/send.js";

const EVERY_MS = 4000;
const states = ({ uses }) => uses.map(({ use, state }) => `${use} ${state}`).join("\n");
let before;

async function look() {
  try {
    const now = states(await send("/v1/motion/uses", { method: "GET" }));
    if (before !== undefined && now !== before && !document.querySelector("dialog[open]")) {
      location.reload();
      return;
    }
    before ??= now;
  } catch {
    // the server or its log is away: the next look may find it
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
