// A browser that Playwright drives: Chromium and Firefox.

/** Starts it, from another path than that of the project if there is one, with permissions for its pages. */
export async function launch(browserType, { executablePath, permissions } = {}) {
  const browser = await browserType.launch(executablePath ? { executablePath } : {});
  const options = { locale: "en-US", timezoneId: "UTC", permissions };
  return {
    newSession: async () => new Session(await browser.newContext(options)),
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
