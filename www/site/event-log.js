// A list of the events of a card, each with its detail, the newest first.

const EVENTS = ["ready", "change", "level", "error", "top-up"];
const MOST = 50;

/** Writes each event that passes `target` into the list, and returns what empties it. */
export function logEvents(target, list) {
  const add = ({ type, detail }) => {
    const entry = document.createElement("li");
    const time = Object.assign(document.createElement("time"), { textContent: new Date().toLocaleTimeString() });
    const name = Object.assign(document.createElement("code"), { textContent: type });
    const body = Object.assign(document.createElement("pre"), { textContent: JSON.stringify(detail, null, 1).replace(/\n\s*/g, " ") });
    entry.append(time, " ", name, body);
    list.prepend(entry);
    while (list.children.length > MOST) list.lastChild.remove();
  };
  for (const name of EVENTS) target.addEventListener(`airalo-balance-${name}`, add);
  return () => list.replaceChildren();
}
