/** Requests to our own server: JSON in, JSON out, problems as exceptions. The one way in which pages change anything. */

import { titleOf, w } from "./words.js";

/** What the server, or the way to it, refused. `title` is in the page's language, `detail` says where and why. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? "");
    this.problem = problem;
    this.title = titleOf(problem);
    this.detail = problem.detail ?? "";
    this.status = problem.status ?? 0;
  }
}

const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

async function ask(address, { method = "POST", body, type, keepalive = false } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = token;
  let content;
  if (body !== undefined) {
    const raw = typeof body === "string" || body instanceof Blob;
    headers["Content-Type"] = type ?? (raw && body.type ? body.type : "application/json");
    content = raw ? body : JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(address, { method, headers, body: content, credentials: "same-origin", redirect: "error", keepalive });
  } catch {
    throw new Refused({ title: w.unreachable, detail: "" });
  }
  if (answer.ok) return answer;
  throw new Refused({ status: answer.status, ...(isJson(answer) ? await answer.json() : {}) });
}

const isJson = (answer) => answer.headers.get("content-type")?.includes("json") ?? false;

/**
 * Send a request; `body` is an object (sent as JSON), a Blob or text (sent as it is, with `type`), or nothing.
 * `keepalive`: it is sent even if the page is left at once.
 */
export async function send(address, options) {
  const answer = await ask(address, options);
  return isJson(answer) ? answer.json() : {};
}

/** Send a request that a file answers; returns its content and its name. */
export async function sendForFile(address, options) {
  const answer = await ask(address, options);
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "file";
  return { content: await answer.blob(), name };
}

/** Show a problem in an element, so that it is read aloud. */
export function showTrouble(place, error) {
  place.replaceChildren();
  const title = document.createElement("strong");
  title.textContent = error instanceof Refused ? error.title : w.problem;
  place.append(title, error instanceof Refused ? error.detail : String(error.message ?? error));
}
