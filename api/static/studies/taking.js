/** The last step of an import: what was seen in the preview is taken over, unless something was changed since. */

import { showTrouble } from "/static/common/send.js";
import { w } from "/static/common/words.js";

/**
 * Watch the form that takes over. `sources` are the names that are taken; `take(replace)` does it.
 * Returns `offer(usable)` for after a preview, and `outdated()` for whatever changes after it.
 */
export function watchTaking(sources, nameOfData, take) {
  const form = document.getElementById("take");
  const button = document.getElementById("take-button");
  const trouble = document.getElementById("take-trouble");
  const replace = document.getElementById("replace");
  const known = new Set(sources);

  function showReplace() {
    document.getElementById("replace-check").hidden = !known.has(nameOfData.value);
    if (!known.has(nameOfData.value)) replace.checked = false;
  }

  function offer(usable) {
    trouble.replaceChildren();
    form.hidden = !usable;
    button.disabled = false;
    showReplace();
  }

  function outdated() {
    showReplace();
    if (form.hidden || document.getElementById("report").hidden) return;
    button.disabled = true;
    trouble.textContent = w.changed_since;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.replaceChildren();
    button.disabled = true;
    try {
      await take(replace.checked);
      known.add(nameOfData.value);
    } catch (error) {
      showTrouble(trouble, error);
    } finally {
      button.disabled = false;
    }
  });
  nameOfData.addEventListener("input", showReplace);
  return { offer, outdated };
}
