// The colours of the card as inputs. A colour that nobody has chosen is the card's own, and not said.

const NAMES = ["background", "foreground", "muted", "accent", "border", "low", "critical", "focus"];

/** Colours are written by the browser as `rgb(…)`; an input wants `#rrggbb`. */
function toHex(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  return context.fillStyle;
}

/** What the card has where nobody chooses, in the light or in the dark. */
function ownColour(card, name) {
  const probe = document.createElement("span");
  probe.style.color = getComputedStyle(card).getPropertyValue(`--_${name}`);
  card.parentElement.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return toHex(color);
}

export class Colours {
  #inputs = new Map();

  /** Adds an input for each colour, with the values that the address has. */
  constructor(parent, query) {
    for (const name of NAMES) {
      const input = Object.assign(document.createElement("input"), { type: "color", name: `colour-${name}` });
      const label = document.createElement("label");
      label.append(`${name} `, input);
      parent.append(label);
      const value = query.get(input.name);
      if (/^#[0-9a-f]{6}$/i.test(value ?? "")) this.#choose(input, value);
      input.addEventListener("input", () => this.#choose(input, input.value));
      this.#inputs.set(name, input);
    }
  }

  #choose(input, value) {
    input.value = value;
    input.dataset.chosen = "";
  }

  /** Those that were chosen, by their names. */
  get chosen() {
    const inputs = [...this.#inputs].filter(([, input]) => "chosen" in input.dataset);
    return Object.fromEntries(inputs.map(([name, { value }]) => [name, value]));
  }

  reset() {
    for (const input of this.#inputs.values()) delete input.dataset.chosen;
  }

  /** Gives the card what was chosen, and the other inputs what the card has. */
  apply(card) {
    const { chosen } = this;
    for (const [name, input] of this.#inputs) {
      const property = `--airalo-balance-${name}`;
      if (name in chosen) card.style.setProperty(property, chosen[name]);
      else {
        card.style.removeProperty(property);
        input.value = ownColour(card, name);
      }
    }
  }
}
