/** Which key does what, as a table. Pure. */

const PLAIN = {
  ArrowLeft: ["pan", -0.1], ArrowRight: ["pan", 0.1], PageUp: ["pan", -1], PageDown: ["pan", 1],
  ArrowUp: ["row", -1], ArrowDown: ["row", 1], Home: ["end", 0], End: ["end", 1],
  "+": ["zoom", 0.5], "=": ["zoom", 0.5], "-": ["zoom", 2], 0: ["all"],
  ",": ["interval", -1], ".": ["interval", 1], Enter: ["mark"], " ": ["mark"], Escape: ["clear"],
};
const SHIFT = {
  ArrowLeft: ["select", -1], ArrowRight: ["select", 1], ArrowUp: ["selectRow", -1], ArrowDown: ["selectRow", 1],
  "+": ["zoom", 0.5], "*": ["zoom", 0.5], _: ["zoom", 2],
};

/** Return [action, amount] of a key, or undefined. Keys with Ctrl, Alt or Meta belong to the browser. */
export function actionOf({ key, shiftKey, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey) return undefined;
  if (key === "Tab") return ["tab", shiftKey ? -1 : 1];
  return (shiftKey ? SHIFT : PLAIN)[key];
}
