// A browser that Playwright drives: Chromium and Firefox.

/** Starts it. */
export async function launch(browserType) {
  const browser = await browserType.launch();
  return {
    newSession: async () => new Session(await browser.newContext({ locale: "en-US", timezoneId: "UTC" })),
    close: () => browser.close(),
  };
}

/** Tabs that share their storage, and nothing with those of other sessions. */
class Session {
  #context;

  constructor(context) {
    this.#context = context;
  }

  async newTab() {
    return new Tab(await this.#context.newPage());
  }

  close() {
    return this.#context.close();
  }
}

class Tab {
  #page;

  constructor(page) {
    this.#page = page;
  }

  open(url) {
    return this.#page.goto(url);
  }

  /** Runs a function in the page, and waits for its promise. */
  evaluate(run, argument) {
    return this.#page.evaluate(run, argument);
  }

  /** Clicks what a reader sees at this place of the card. */
  click(selector) {
    return this.#page.locator("airalo-balance").locator(selector).click();
  }

  press(key) {
    return this.#page.keyboard.press(key);
  }

  picture() {
    return this.#page.screenshot();
  }
}
