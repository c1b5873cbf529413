/** The council's page: deposits stop orders, and verifies the log here in the browser. */

import { send, showTrouble } from "/static/common/send.js";
import { say, w } from "/static/common/words.js";
import { verifyLog } from "./verify.js";

const deposit = document.getElementById("deposit");
deposit.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [trouble, outcome] = [deposit.querySelector(".trouble"), deposit.querySelector(".outcome")];
  trouble.replaceChildren();
  outcome.replaceChildren();
  const [file] = document.getElementById("orders").files;
  if (!file) {
    trouble.textContent = w.choose_file;
    return;
  }
  try {
    const answer = await send("/v1/stop-orders", { body: await file.text(), type: "application/json" });
    outcome.textContent = say("deposited", { n: answer.new });
    if (answer.new > 0) setTimeout(() => location.reload(), 1200);
  } catch (error) {
    showTrouble(trouble, error);
  }
});

async function read(path) {
  const answer = await fetch(`/log/${path}`, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

const form = document.getElementById("verify");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [found, progress] = [document.getElementById("found"), document.getElementById("progress")];
  const button = form.querySelector("button");
  const value = (id) => document.getElementById(id).value.trim();
  const add = (look, text) => {
    const line = document.createElement("li");
    line.className = look;
    line.textContent = text;
    found.append(line);
  };
  found.replaceChildren();
  button.disabled = true;
  try {
    await verifyLog({
      read,
      logKey: value("log-key"),
      witnessKey: value("witness-key"),
      earlier: value("earlier"),
      onProgress: (n, all) => { progress.textContent = say("progress", { n, all }); },
      onFinding: (good, word, values) => add(good ? "good" : "bad", say(word, values)),
    });
  } catch (error) {
    add("bad", error.message);
  } finally {
    button.disabled = false;
  }
});
