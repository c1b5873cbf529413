/**
 * A check-in at this terminal, as its screen shows it. It outlives the code: its number is random, says nothing of anybody,
 * and is what lets the worker check out at any time, without a code, also after this page was opened anew.
 */

import { send, showTrouble } from "/static/common/send.js";
import { say, w } from "/static/common/words.js";
import { names, place } from "./parts.js";

const KEY = "check-in";
const EVERY_MS = 2000;
const SILENT_MS = 90_000; // a recorder takes a check-in within a minute, or never; it may be slow to say so
const LONGEST_MS = 250 * 60_000; // no check-in lasts longer (240 minutes), and each says how it ended
const part = place("session");
let current = null; // {number, since}
let timer = 0;

/** Whether a check-in of this terminal is not over yet. */
export const checkedIn = () => current !== null;

/** Show a check-in from now on. */
export function beginCheckIn(number) {
  current = { number, since: Date.now() };
  sessionStorage.setItem(KEY, JSON.stringify(current));
  part.querySelector(".trouble").replaceChildren();
  show(w.session_waiting, "paused");
  part.hidden = false;
  place("check-out").focus();
  follow();
}

function show(text, light, over = false) {
  const state = place("session-state");
  if (state.textContent !== text) state.textContent = text; // else it would be read aloud again and again
  state.className = `light ${light}`;
  place("check-out").hidden = over;
  place("session-close").hidden = !over;
}

function end(text) {
  clearTimeout(timer);
  current = null;
  sessionStorage.removeItem(KEY);
  show(text, "finished", true);
}

function told(state) {
  if (state === names.running) show(w.session_running, "recording");
  else if (state?.startsWith(names.not_begun)) end(say("session_not_begun", { why: why(state.slice(names.not_begun.length)) }));
  else if (state !== null) end(say("session_over", { why: why(state) }));
  else if (Date.now() - current.since > LONGEST_MS) end(w.session_none);
  else if (Date.now() - current.since > SILENT_MS) show(w.session_silent, "lost"); // one can still check out
  else show(w.session_waiting, "paused");
}

const why = (reason) => names.session[reason] ?? reason;

async function follow() {
  clearTimeout(timer);
  if (!current) return;
  const { number } = current;
  try {
    const { state } = await send("/v1/motion/own/check-in/state", { body: { check_in: number } });
    if (current?.number === number) told(state);
  } catch {
    if (current?.number === number) show(w.session_unknown, "lost");
  }
  if (current) timer = setTimeout(follow, EVERY_MS);
}

async function checkOut() {
  const { number } = current;
  const trouble = part.querySelector(".trouble");
  trouble.replaceChildren();
  try {
    const { state } = await send("/v1/motion/own/check-out", { body: { check_in: number } });
    if (current?.number !== number) return;
    if (state === null) end(say("session_over", { why: names.session[names.time_over] }));
    else follow();
  } catch (error) {
    showTrouble(trouble, error);
  }
}

if (part) {
  place("check-out").addEventListener("click", checkOut);
  place("session-close").addEventListener("click", () => {
    part.hidden = true;
  });
  try {
    current = JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    current = null;
  }
  if (current) {
    part.hidden = false;
    show(w.session_waiting, "paused");
    follow();
  }
}
