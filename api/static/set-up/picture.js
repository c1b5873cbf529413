/**
 * The picture under the zones. The browser opens it, and nobody else: it is an object of this page with an address that
 * only this page knows (`blob:`), and no request ever carries it.
 */

import { w } from "/static/common/words.js";

const NO_PICTURE = 9 / 16; // height by width of the empty stage

export class Picture extends EventTarget {
  #image;
  #empty;
  #remove;
  #address = null;

  /** `image`: the element that shows it; `empty`: what stands there without; `remove`: the button that takes it away. */
  constructor({ image, empty, remove }) {
    super();
    this.#image = image;
    this.#empty = empty;
    this.#remove = remove;
    remove.addEventListener("click", () => this.clear());
    image.addEventListener("load", () => {
      if (this.#address === null) return;
      this.dispatchEvent(new CustomEvent("shape", { detail: image.naturalHeight / image.naturalWidth }));
    });
    image.addEventListener("error", () => {
      if (this.#address === null) return;
      this.clear();
      this.dispatchEvent(new CustomEvent("bad", { detail: w.picture_bad }));
    });
    addEventListener("pagehide", () => this.clear());
  }

  /** Show a file or blob of this browser. */
  open(file) {
    this.clear();
    this.#address = URL.createObjectURL(file);
    this.#image.src = this.#address;
    this.#show(true);
  }

  /** Forget the picture. */
  clear() {
    if (this.#address === null) return;
    URL.revokeObjectURL(this.#address);
    this.#address = null;
    this.#image.removeAttribute("src");
    this.#show(false);
    this.dispatchEvent(new CustomEvent("shape", { detail: NO_PICTURE }));
  }

  #show(shown) {
    this.#image.hidden = !shown;
    this.#empty.hidden = shown;
    this.#remove.hidden = !shown;
  }
}

/** Resolve to the picture that a video element shows now, as a blob of this browser. */
export function stillOf(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
