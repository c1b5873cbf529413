/** The set-up page of a station: puts its parts together. */

import { language, say, w } from "/static/common/words.js";
import { Camera } from "./camera.js";
import { ClipPanel } from "./clip.js";
import { el } from "./dom.js";
import { Draft } from "./draft.js";
import { Picture } from "./picture.js";
import { Revisions } from "./revisions.js";
import { Stage } from "./stage.js";
import { SettingsPanel, StatesPanel } from "./states-panel.js";
import { showFlaws, TextPanel } from "./text-panel.js";
import { ToolsPanel } from "./tools-panel.js";
import { FramePanel, ZonesPanel } from "./zones-panel.js";

const data = JSON.parse(document.getElementById("station").textContent);
const at = (id) => document.getElementById(id);
const address = `/v1/stations/${encodeURIComponent(data.detail.station)}/files`;
const nameOf = (text) => data.names[text] ?? text;

const draft = new Draft(address, data.checked);
const spoken = at("spoken");
const stage = new Stage(draft, at("stage-inner"), spoken);
const picture = new Picture({ image: at("picture"), empty: at("no-picture"), remove: at("remove-picture") });

const panels = [
  new SettingsPanel(draft, at("settings")),
  new FramePanel(draft, at("frame")),
  new ZonesPanel(draft, stage, at("zones")),
  new ToolsPanel(draft, stage, at("tools")),
  new StatesPanel(draft, at("states"), data.categories),
];
const text = new TextPanel(draft, { area: at("text"), numbers: at("numbers"), list: at("flaws") });
const revisions = new Revisions(draft, address, data.detail, {
  save: at("save"), publish: at("publish"), outcome: at("outcome"), trouble: at("trouble"), table: at("revisions"),
  devices: at("devices"), from: at("from"), to: at("to"), compare: at("compare"), changes: at("changes"),
}, data.time_zone);
new ClipPanel(draft, {
  form: at("clip-form"), file: at("clip-file"), agreed: at("clip-agreed"), go: at("clip-go"), cancel: at("clip-cancel"),
  progress: at("clip-progress"), status: at("clip-status"), trouble: at("clip-trouble"), result: at("clip-result"),
}, { names: nameOf, picture, limits: data.limits });

const camera = new Camera(data.detail.station, {
  open: at("camera-open"), sign: at("camera-sign"), left: at("camera-left"), still: at("camera-still"), end: at("camera-end"),
  video: at("camera"), outcome: at("camera-outcome"), trouble: at("camera-trouble"),
}, picture);

// ---------------------------------------------------------------- what is shown

let waiting = 0;

function renderPanels() {
  waiting = 0;
  for (const panel of panels) panel.render();
  showFlaws(draft.checked.flaws, at("form"));
}

/** Forms follow a little later: nobody reads numbers while a zone is dragged. */
function renderSoon() {
  stage.render();
  waiting ||= setTimeout(renderPanels, 60);
  showStanding();
}

function showChecked() {
  const { flaws, explanation } = draft.checked;
  showFlaws(flaws, at("form"));
  stage.flawed = new Set(flaws.filter(({ place }) => place[0] === "zones").map(({ place }) => String(place[1])));
  at("form-fields").disabled = !draft.readable;
  at("unreadable").hidden = draft.readable;
  at("explanation").textContent = explanation ? explanation[language] : w.no_explanation;
  at("explanation").classList.toggle("note", !explanation);
  showAgreement();
  showStanding();
}

function showAgreement() {
  const { unpermitted, flaws } = draft.checked;
  const notes = unpermitted.map(({ kind, name }) => el("li", {}, say(`not_${kind}`, { name })));
  const fits = flaws.length ? el("p", { class: "note" }, w.agreement_open) : el("p", { class: "notice good" }, `✓ ${w.agreement_fits}`);
  at("agreement").replaceChildren(notes.length
    ? el("div", { class: "notice warn" }, el("ul", {}, ...notes), el("p", {}, w.not_recorded_anyway))
    : fits);
}

function showStanding() {
  const { newest, published } = revisions.detail;
  const tags = [];
  if (!newest) tags.push(el("span", { class: "tag" }, w.is_new));
  else if (newest.published_ms === null) tags.push(el("span", { class: "tag" }, say("is_draft", { n: newest.revision })));
  tags.push(published ? el("span", { class: "tag good" }, `✓ ${say("is_published", { n: published.revision })}`) : el("span", { class: "tag warn" }, w.not_published));
  tags.push(el("span", { class: revisions.unsaved ? "tag warn" : "tag" }, revisions.unsaved ? `● ${w.unsaved}` : w.all_saved));
  at("standing").replaceChildren(...tags);
  at("undo").disabled = !draft.canUndo;
  at("redo").disabled = !draft.canRedo;
  at("step").textContent = draft.trouble ? w.out_of_step : draft.settled ? w.in_step : w.working_on_it;
  at("retry").hidden = !draft.trouble;
  at("step").classList.toggle("late", Boolean(draft.trouble));
}

draft.addEventListener("edited", renderSoon);
draft.addEventListener("asking", showStanding);
draft.addEventListener("trouble", showStanding);
draft.addEventListener("replaced", () => {
  stage.render();
  renderPanels();
  text.render();
  showChecked();
});
draft.addEventListener("checked", ({ detail }) => {
  if (detail.changed) {
    stage.render();
    renderPanels();
  }
  text.render();
  showChecked();
});
stage.addEventListener("selected", renderPanels);
revisions.addEventListener("changed", showStanding);
revisions.addEventListener("opened", () => text.render());

// ---------------------------------------------------------------- what is done

at("undo").addEventListener("click", () => draft.undo());
at("redo").addEventListener("click", () => draft.redo());
at("retry").addEventListener("click", () => draft.retry());
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input, textarea, select")) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) draft.undo();
  else if (key === "y" || key === "z") draft.redo();
  else return;
  event.preventDefault();
});

at("draw").addEventListener("click", () => stage.draw(w.new_zone));
at("rectangle").addEventListener("click", () => stage.addRectangle(w.new_zone));
at("finish").addEventListener("click", () => stage.finish());
at("take-back").addEventListener("click", () => stage.takeBack());
at("cancel-drawing").addEventListener("click", () => stage.cancelDrawing());
stage.addEventListener("drawing", () => {
  at("drawing").hidden = !stage.drawing;
  at("drawing-tools").hidden = stage.drawing;
});
at("grid").addEventListener("change", ({ target }) => { stage.grid = target.checked; });
at("crop-show").addEventListener("change", ({ target }) => { stage.cropping = target.checked; });
at("zoom").addEventListener("change", ({ target }) => {
  at("stage-inner").style.setProperty("inline-size", `${100 * Number(target.value)}%`);
});

at("open-picture").addEventListener("change", ({ target }) => {
  at("picture-trouble").replaceChildren();
  if (target.files.length) picture.open(target.files[0]);
  target.value = ""; // the same file can be chosen again
});
picture.addEventListener("shape", ({ detail }) => {
  stage.aspect = detail;
});
camera.addEventListener("shape", ({ detail }) => { stage.aspect = detail; });
picture.addEventListener("bad", ({ detail }) => { at("picture-trouble").textContent = detail; });

showChecked();
