/** Passkeys: between the server's JSON and the browser's buffers (WebAuthn level 3, PublicKeyCredential.toJSON). */

import { Refused } from "../common/send.js";
import { w } from "../common/words.js";

function bytes(text) {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function answer(credential, names) {
  const response = {};
  for (const name of names) if (credential.response[name]) response[name] = text(credential.response[name]);
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

async function asked(question) {
  if (!window.PublicKeyCredential) throw new Refused({ title: w.no_passkeys_here });
  try {
    return await question();
  } catch {
    // Cancelled, timed out, or already there: browsers tell no more, so that no page learns who has a passkey.
    throw new Refused({ title: w.passkey_failed });
  }
}

/** Make a passkey; `options` is `publicKey` as the server says it. */
export async function create(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials.map((each) => ({ ...each, id: bytes(each.id) })),
  };
  const credential = await asked(() => navigator.credentials.create({ publicKey }));
  return answer(credential, ["clientDataJSON", "attestationObject"]);
}

/** Sign with a passkey. */
export async function use(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  const credential = await asked(() => navigator.credentials.get({ publicKey }));
  return answer(credential, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
}
