// What a card looks like before its code is there.

/** The stylesheet, put in its place by the build. */
const CSS = "/* card.css */";

const sheets = new WeakMap();

export function sheetOf(document) {
  let sheet = sheets.get(document);
  if (!sheet) {
    // A constructed sheet belongs to one document, and no policy for inline styles stops it.
    sheet = new document.defaultView.CSSStyleSheet();
    sheet.replaceSync(CSS);
    sheets.set(document, sheet);
  }
  return sheet;
}

/** What is on the card before its code is there: the same boxes, with bars instead of words. */
export function skeleton(document) {
  const box = (parent, tag, name, part = name) => {
    const element = document.createElement(tag);
    element.className = name;
    if (part) element.part = part;
    parent.append(element);
    return element;
  };
  const stage = document.createElement("div");
  stage.className = "stage";
  const base = box(stage, "section", "card loading", "base");
  base.ariaBusy = "true";
  const label = box(box(base, "div", "header"), "span", "label");
  box(label, "span", "bone", "");
  const amount = box(box(base, "div", "list"), "div", "amount", "");
  // What a server wrote into the element stands here until the card knows better.
  box(box(amount, "slot", "", ""), "span", "bone", "");
  const foot = box(base, "div", "foot", "");
  box(box(box(foot, "div", "status known", "status"), "span", "as-of", ""), "span", "bone", "");
  return stage;
}
