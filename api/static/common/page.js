/** What every page does: forms that send, and the menu on narrow screens. */

import { watchForms } from "./forms.js";

watchForms();

const button = document.querySelector(".menu-button");
button?.addEventListener("click", () => {
  const open = button.parentElement.classList.toggle("open");
  button.setAttribute("aria-expanded", String(open));
});
