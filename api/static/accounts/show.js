/** `<input type="checkbox" data-shows="ID">` shows what is typed into a password field. */

for (const box of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(box.dataset.shows);
  box.addEventListener("change", () => {
    field.type = box.checked ? "text" : "password";
  });
}
