/** Saving, publishing, and the revisions that there are. */

import { ask } from "/static/common/forms.js";
import { send, showTrouble } from "/static/common/send.js";
import { language, say, w } from "/static/common/words.js";
import { el } from "./dom.js";

const SHOWN = 8; // digits of a digest

export class Revisions extends EventTarget {
  #draft;
  #address;
  #detail;
  #parts;
  #saved;
  #format;

  /** `parts`: {save, publish, outcome, trouble, table, devices, from, to, compare, changes}; `zone`: the site's time zone. */
  constructor(draft, address, detail, parts, zone) {
    super();
    this.#draft = draft;
    this.#address = address;
    this.#detail = detail;
    this.#parts = parts;
    this.#saved = detail.newest ? draft.text : null;
    this.#format = new Intl.DateTimeFormat(language === "de" ? "de" : "en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: zone });
    parts.save.addEventListener("click", () => this.#act(async () => {
      const kept = await this.#save();
      return say("saved", { n: kept.revision });
    }));
    parts.publish.addEventListener("click", () => this.#act(() => this.#publishDraft()));
    parts.compare.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#act(() => this.#compare(Number(parts.from.value), Number(parts.to.value)));
    });
    addEventListener("beforeunload", (event) => {
      if (this.unsaved) event.preventDefault();
    });
    this.render();
  }

  get detail() {
    return this.#detail;
  }

  get unsaved() {
    return this.#saved === null ? this.#draft.canUndo : this.#saved !== this.#draft.text || !this.#draft.settled;
  }

  async #act(act) {
    const { trouble, outcome, save, publish } = this.#parts;
    trouble.replaceChildren();
    outcome.textContent = "";
    save.disabled = publish.disabled = true;
    try {
      outcome.textContent = (await act()) ?? "";
    } catch (error) {
      showTrouble(trouble, error);
    } finally {
      save.disabled = publish.disabled = false;
      this.dispatchEvent(new CustomEvent("changed"));
    }
  }

  async #save() {
    await this.#draft.settle();
    const { text } = this.#draft;
    const kept = await send(this.#address, { body: { text, base: this.#detail.newest?.revision ?? 0 } });
    this.#saved = text;
    await this.#reload();
    return kept;
  }

  async #publishDraft() {
    await this.#draft.settle();
    if (this.#draft.checked.flaws.length) throw new Error(w.publish_flawed);
    const { unpermitted } = this.#draft.checked;
    if (!(await ask(unpermitted.length ? w.publish_despite : w.publish_sure))) return "";
    const kept = await this.#save();
    return this.#publish(kept, unpermitted.length > 0);
  }

  async #publishAgain(revision) {
    const { checked } = await send(`${this.#address}/${revision.revision}`, { method: "GET" });
    if (checked.flaws.length) throw new Error(w.publish_flawed);
    const despite = checked.unpermitted.length > 0;
    if (!(await ask(despite ? w.publish_despite : w.publish_sure))) return "";
    return this.#publish(revision, despite);
  }

  async #publish({ revision, digest }, acknowledged) {
    const published = await send(`${this.#address}/${revision}/publication`, { body: { digest, acknowledged } });
    await this.#reload();
    return say("now_published", { n: published.revision });
  }

  async #reload() {
    this.#detail = await send(this.#address, { method: "GET" });
    this.render();
  }

  async #open({ revision }) {
    if (this.unsaved && !(await ask(say("open_sure", { n: revision })))) return "";
    const { checked } = await send(`${this.#address}/${revision}`, { method: "GET" });
    this.#draft.type(checked.text, `open ${revision}`);
    this.dispatchEvent(new CustomEvent("opened"));
    return "";
  }

  async #compare(from, to) {
    const { before, after, lines } = await send(`${this.#address}/${to}/changes?since=${from}`, { method: "GET" });
    const rows = lines.map(({ kind, before: old, after: fresh, text }) => el(
      "tr", { class: kind },
      el("td", { class: "number" }, old === null ? "" : String(old)), el("td", { class: "number" }, fresh === null ? "" : String(fresh)),
      el("td", {}, el("span", { "aria-hidden": "true" }, { same: " ", added: "+", removed: "−" }[kind]), kind === "same" ? null : el("span", { class: "unseen" }, kind === "added" ? w.was_added : w.was_removed)),
      el("td", {}, el("code", {}, text)),
    ));
    const caption = say("compared", { a: before.revision, b: after.revision });
    this.#parts.changes.replaceChildren(lines.length
      ? el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, el("table", { class: "changes" }, el("caption", {}, caption), el("tbody", {}, ...rows)))
      : el("p", { class: "note" }, w.no_changes));
    return "";
  }

  render() {
    const { revisions } = this.#detail;
    this.#table(revisions);
    this.#devices();
    const { from, to, compare } = this.#parts;
    const options = () => revisions.map(({ revision }) => el("option", { value: revision }, String(revision)));
    const [last, before] = [revisions[0]?.revision, revisions[1]?.revision];
    from.replaceChildren(...options());
    to.replaceChildren(...options());
    if (before !== undefined) [from.value, to.value] = [before, last];
    compare.hidden = revisions.length < 2;
    this.dispatchEvent(new CustomEvent("changed"));
  }

  #table(revisions) {
    const published = this.#detail.published?.revision;
    const rows = revisions.map((one) => {
      const { revision, digest, account, written_ms: written, published_ms: publication } = one;
      const twin = revisions.findLast((other) => other.digest === digest);
      const kind = publication === null ? w.a_draft : w.a_publication;
      return el(
        "tr", {},
        el("th", { scope: "row" }, String(revision)),
        el("td", {}, `${kind} `, revision === published ? el("span", { class: "tag good" }, `✓ ${w.publish_current}`) : null),
        el("td", {}, this.#format.format(publication ?? written)), el("td", {}, account ?? "–"),
        el("td", {}, el("code", { title: digest }, digest.slice(0, SHOWN)), twin.revision === revision ? null : el("span", { class: "hint" }, ` ${say("same_text", { n: twin.revision })}`)),
        el(
          "td", { class: "buttons" },
          el("button", { type: "button", class: "quiet", "aria-label": say("open_revision", { n: revision }), onclick: () => this.#act(() => this.#open(one)) }, w.open),
          revision === published ? null : el("button", { type: "button", class: "quiet", "aria-label": say("publish_again", { n: revision }), onclick: () => this.#act(() => this.#publishAgain(one)) }, publication === null ? w.publish : w.again),
        ),
      );
    });
    const heads = [w.revision, w.kind_of_revision, w.when, w.by, w.digest, w.actions].map((text) => el("th", { scope: "col" }, text));
    this.#parts.table.replaceChildren(rows.length
      ? el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": w.revisions }, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)))
      : el("p", { class: "empty" }, w.no_revisions));
  }

  #devices() {
    const { devices, revisions, published } = this.#detail;
    if (devices === null) {
      this.#parts.devices.replaceChildren(el("p", { class: "notice warn" }, w.devices_unknown));
      return;
    }
    const said = (digest) => {
      if (digest === published?.digest) return el("span", { class: "tag good" }, `✓ ${say("device_current", { n: published.revision })}`);
      const known = revisions.find((revision) => revision.digest === digest);
      return el("span", { class: "tag warn" }, known ? `≠ ${say("device_older", { n: known.revision })}` : `≠ ${w.device_other}`);
    };
    const rows = devices.map(({ device, digest, since_ms: since }) => el(
      "tr", {},
      el("th", { scope: "row" }, device), el("td", {}, said(digest), " ", el("code", { title: digest }, digest.slice(0, SHOWN))), el("td", {}, this.#format.format(since)),
    ));
    const heads = [w.device, w.records_with, w.since].map((text) => el("th", { scope: "col" }, text));
    this.#parts.devices.replaceChildren(rows.length
      ? el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": w.devices }, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)))
      : el("p", { class: "empty" }, w.no_devices));
  }
}
