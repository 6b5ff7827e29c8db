// The nodes of a card. They are made here, because every step over from WebAssembly takes longer
// than the step itself, and a card is two hundred of them.

/** A mark, and what comes after it: see `src/view/template.rs`. */
const STEPS = /([<>@={$#*])([^<>@={$#*]*)/g;

const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";

/** What a piece of markup has become: nodes, and places to write on. */
export class Nodes {
  #places = [];
  #lines;

  constructor(steps) {
    let at, name;
    for (const [, mark, word] of steps.matchAll(STEPS)) {
      const within = at;
      if (mark === "<") {
        at = document.createElementNS(word === "svg" ? SVG : (within?.namespaceURI ?? HTML), word);
        within?.append(at);
      } else if (mark === ">") {
        this.root = at;
        at = at.parentNode;
      } else if (mark === "@") name = word;
      else if (mark === "=") at.setAttribute(name, word);
      else if (mark === "*") this.#lines = at;
      else this.#places.push(PLACES[mark](at, word));
    }
  }

  /** Writes a word on a place, or nothing. */
  write(place, word) {
    this.#places[place](word);
  }

  /** Puts a line below the others. */
  add(line) {
    this.#lines.append(line.root);
  }

  remove() {
    this.root.remove();
  }
}

const PLACES = {
  "{": (element, name) => (word) =>
    word === undefined ? element.removeAttribute(name) : element.setAttribute(name, word),
  // The text itself stays: who has selected it keeps it.
  $: (element) => {
    const text = element.appendChild(new Text());
    return (word) => (text.data = word ?? "");
  },
  "#": (element) => (word) => {
    const fresh = element.cloneNode();
    fresh.textContent = word ?? "";
    element.replaceWith(fresh);
    element = fresh;
  },
};
