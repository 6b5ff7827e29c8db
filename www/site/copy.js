// A button that copies the text beside it.

const COPIED_FOR = 2_000;

/** Has the button copy what `text` returns. Where a page may not copy, there is no button. */
export function copyOnClick(button, text) {
  button.hidden = !navigator.clipboard;
  let timer;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copying was refused";
    }
    clearTimeout(timer);
    timer = setTimeout(() => (button.textContent = "Copy"), COPIED_FOR);
  });
}

/** Adds a button to each snippet of the page. */
export function addCopyButtons() {
  for (const pre of document.querySelectorAll(".snippet pre")) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "copy", textContent: "Copy" });
    // Screen readers read the new text of a button that has the focus only where it is live.
    button.ariaLive = "polite";
    // Several buttons of one name are told apart by the heading or the sentence before the snippet.
    const described = pre.parentElement.querySelector("[id]");
    if (described) button.setAttribute("aria-describedby", described.id);
    pre.before(button);
    copyOnClick(button, () => pre.textContent);
  }
}
