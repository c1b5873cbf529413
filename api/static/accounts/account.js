/** The own account: passkeys, an authenticator app, times as the reader's clock says them. */

import { send, showTrouble } from "../common/send.js";
import { language } from "../common/words.js";
import { create } from "./passkeys.js";
import "./show.js";

const times = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time")) time.textContent = times.format(new Date(time.dateTime));

document.getElementById("app-begin").addEventListener("sent", ({ detail }) => {
  document.getElementById("app-setup").hidden = false;
  document.getElementById("app-qr").src = detail.qr;
  document.getElementById("app-secret").textContent = detail.secret.match(/.{1,4}/g).join(" ");
  document.getElementById("app-code").focus();
});

const form = document.getElementById("passkey-form");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const place = form.querySelector(".trouble");
  const button = form.querySelector("button");
  place.replaceChildren();
  button.disabled = true;
  try {
    const { publicKey } = await send("/v1/account/passkey-options");
    const credential = await create(publicKey);
    await send("/v1/account/passkeys", { body: { label: form.elements.label.value, credential } });
    location.reload();
  } catch (error) {
    showTrouble(place, error);
  } finally {
    button.disabled = false;
  }
});
