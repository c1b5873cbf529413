/** The sign-in page: a password and perhaps a second factor, or a passkey alone. */

import { send, showTrouble } from "../common/send.js";
import { use } from "./passkeys.js";
import "./show.js";

const entrance = document.getElementById("entrance");
const trouble = document.getElementById("trouble");

function goOn(answer) {
  location.assign(answer.next ?? entrance.dataset.onward);
}

function askForSecond(answer) {
  document.getElementById("first").hidden = true;
  const second = document.getElementById("second");
  second.hidden = false;
  second.querySelector(".with-passkey").hidden = !answer.passkey;
  second.querySelector(".with-totp").hidden = !answer.totp;
  second.querySelector("[name=ticket]").value = answer.ticket;
  const first = answer.totp ? second.querySelector("[name=code]") : second.querySelector("h2");
  first.focus();
}

document.getElementById("password-form").addEventListener("sent", (event) => {
  if (event.detail.outcome === "second-factor") askForSecond(event.detail);
  else goOn(event.detail);
});

for (const button of document.querySelectorAll(".use-passkey")) {
  button.addEventListener("click", async () => {
    trouble.replaceChildren();
    button.disabled = true;
    try {
      const { publicKey } = await send("/v1/sign-in/passkey/options");
      goOn(await send("/v1/sign-in/passkey", { body: { credential: await use(publicKey) } }));
    } catch (error) {
      showTrouble(trouble, error);
    } finally {
      button.disabled = false;
    }
  });
}
