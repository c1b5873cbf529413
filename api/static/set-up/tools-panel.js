/** Tools and their holders. */

import { say, w } from "/static/common/words.js";
import { choice, el, field, refill } from "./dom.js";
import { addTool, changeTool, freeName, removeTool, renameTool } from "./model.js";

export class ToolsPanel {
  #draft;
  #stage;
  #element;

  constructor(draft, stage, element) {
    this.#draft = draft;
    this.#stage = stage;
    this.#element = element;
    this.render();
  }

  render() {
    const { outline } = this.#draft;
    if (!outline) return;
    const tools = outline.tools.map((tool) => this.#tool(tool, outline));
    refill(
      this.#element,
      ...(tools.length ? tools : [el("p", { class: "note" }, w.no_tools)]),
      el("div", { class: "actions" }, el("button", { type: "button", class: "quiet", "data-key": "add tool", onclick: () => this.#add() }, w.add_tool)),
    );
  }

  #tool(tool, outline) {
    const taken = new Set(outline.tools.filter((other) => other !== tool).map(({ name }) => name));
    const name = el("input", {
      type: "text", maxlength: 80, value: tool.name, "data-key": `tool ${tool.key}`, autocomplete: "off",
      oninput: (event) => !taken.has(event.target.value)
        && this.#draft.edit(`tool ${tool.key}`, (changed) => renameTool(changed, tool.key, event.target.value)),
    });
    const zones = outline.zones.map((zone) => [zone.name, zone.name]);
    const holder = choice(zones, tool.holder, {
      missing: (value) => (value ? say("missing", { name: value }) : w.choose), "data-key": `holder ${tool.key}`,
      onchange: (event) => this.#draft.edit("holder", (changed) => changeTool(changed, tool.key, { holder: event.target.value })),
    });
    return el(
      "div", { class: "card", "data-place": `tools/${tool.name}` },
      el("div", { class: "row" }, field(w.tool_name, name), field(w.holder, holder, { place: `tools/${tool.name}/holder` })),
      el(
        "div", { class: "actions" },
        el("button", { type: "button", class: "quiet", onclick: () => this.#draw(tool) }, w.draw_holder),
        el("button", {
          type: "button", class: "quiet icon", "aria-label": say("remove_tool", { name: tool.name }), title: say("remove_tool", { name: tool.name }),
          onclick: () => this.#draft.edit("remove tool", (changed) => removeTool(changed, tool.key)),
        }, "✕"),
      ),
    );
  }

  #add() {
    let added;
    this.#draft.edit("add tool", (outline) => {
      const [changed, tool] = addTool(outline, w.new_tool, "");
      added = tool;
      return changed;
    });
    this.render();
    const name = this.#element.querySelector(`[data-key="tool ${added.key}"]`);
    name.focus();
    name.select();
  }

  async #draw(tool) {
    const name = freeName(say("holder_of", { name: tool.name }).trim(), this.#draft.outline.zones);
    const zone = await this.#stage.draw(name);
    if (zone) this.#draft.edit("holder", (changed) => changeTool(changed, tool.key, { holder: zone.name }));
  }
}
