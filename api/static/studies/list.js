/** The list of studies: proposes a short name for a title, and opens a study that was made. */

const form = document.getElementById("new");

/** Return a title as a name that an address can hold. */
export function nameFor(title) {
  const plain = title.toLowerCase().replaceAll("ä", "ae").replaceAll("ö", "oe").replaceAll("ü", "ue").replaceAll("ß", "ss");
  return plain.normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
}

if (form) {
  const { title, name } = form.elements;
  let own = false;
  name.addEventListener("input", () => { own = name.value !== ""; });
  title.addEventListener("input", () => { if (!own) name.value = nameFor(title.value); });
  form.addEventListener("sent", (event) => location.assign(`/studies/${event.detail.name}`));
}
