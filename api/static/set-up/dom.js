/** Makes elements without markup in strings: `el("button", { type: "button", onclick }, "text")`. */

const SVG = "http://www.w3.org/2000/svg";

function there(children) {
  return children.filter((child) => child !== null && child !== undefined && child !== false);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else if (name === "checked") element.checked = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...there(children));
  return element;
}

/** Return an HTML element; `on…` are listeners, true is an attribute without value, false and null are left out. */
export function el(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** Return an SVG element. */
export function svg(name, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

let numbers = 0;

/** Return an identifier that no other element has. */
export function unique(prefix) {
  numbers += 1;
  return `${prefix}-${numbers}`;
}

/** Return a label and its control in one block. `place`: where the station file says this, for errors. */
export function field(label, control, { place, hint, className = "" } = {}) {
  control.id ||= unique("field");
  return el("div", { class: `field ${className}`, "data-place": place }, el("label", { for: control.id }, label), control, hint ? el("p", { class: "hint" }, hint) : null);
}

/** Return a select; `options` are [value, text]. A value that none of them has is shown as missing. */
export function choice(options, value, { missing, ...properties } = {}) {
  const known = options.some(([option]) => option === value);
  const shown = known || value === undefined ? options : [[value, missing ? missing(value) : value], ...options];
  const select = el("select", properties, ...shown.map(([option, text]) => el("option", { value: option }, text)));
  if (value !== undefined) select.value = value;
  return select;
}

/** Replace what an element holds, and give the focus back to whatever stands in the place of what had it. */
export function refill(element, ...children) {
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.key;
  const selection = key && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  element.replaceChildren(...there(children));
  if (!key) return;
  const successor = [...element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  successor?.focus();
  if (successor && selection && selection[0] !== null) {
    try {
      successor.setSelectionRange(...selection);
    } catch {
      // a number field has no selection
    }
  }
}
