// A browser that is driven by WebDriver: WebKitGTK, for which there is no Playwright. It needs a
// screen, and `xvfb-run` gives it one that nobody sees.

import { spawn } from "node:child_process";
import { Builder, By, Key } from "selenium-webdriver";
import { freePort } from "../stack.mjs";

const KEYS = { Enter: Key.ENTER, Escape: Key.ESCAPE, Space: Key.SPACE, Tab: Key.TAB };

const DRIVER = process.env.AIRALO_WEBKIT_DRIVER ?? "WebKitWebDriver";

/** Starts the driver, which starts a browser for each session. */
export async function launch() {
  const port = await freePort();
  const options = ["--auto-servernum", "--server-args=-screen 0 1280x1024x24", DRIVER, `--port=${port}`];
  const env = { ...process.env, LANG: "en_US.UTF-8", TZ: "UTC" };
  // A process group of its own, because xvfb-run does not end what it has started.
  const child = spawn("xvfb-run", options, { detached: true, stdio: "ignore", env });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; !(await fetch(`${url}/status`).catch(() => null)); attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${DRIVER} ended`);
    if (attempt === 200) {
      process.kill(-child.pid);
      throw new Error(`${DRIVER} does not answer`);
    }
    await new Promise((next) => setTimeout(next, 50));
  }
  // The browser that comes with the driver.
  const builder = () => new Builder().usingServer(url).forBrowser("MiniBrowser");
  return {
    newSession: async () => new Session(await builder().build()),
    close: async () => process.kill(-child.pid),
  };
}

/** Tabs that share their storage, and nothing with those of other sessions. */
class Session {
  #driver;
  #hasTab = false;

  constructor(driver) {
    this.#driver = driver;
  }

  async newTab() {
    // A session begins with one. Of several tabs in one window only one would be visible.
    if (this.#hasTab) await this.#driver.switchTo().newWindow("window");
    this.#hasTab = true;
    return new Tab(this.#driver, await this.#driver.getWindowHandle());
  }

  close() {
    return this.#driver.quit();
  }
}

class Tab {
  #driver;
  #handle;

  constructor(driver, handle) {
    this.#driver = driver;
    this.#handle = handle;
  }

  /** The driver, whose commands go to this tab. */
  async #here() {
    await this.#driver.switchTo().window(this.#handle);
    return this.#driver;
  }

  async open(url) {
    await (await this.#here()).get(url);
  }

  /** Runs a function in the page, and waits for its promise. */
  async evaluate(run, argument) {
    return (await this.#here()).executeScript(run, argument);
  }

  /** Clicks what a reader sees at this place of the card. */
  async click(selector) {
    const host = await (await this.#here()).findElement(By.css("airalo-balance"));
    const part = await (await host.getShadowRoot()).findElement(By.css(selector));
    await part.click();
  }

  async press(key) {
    await (await this.#here()).actions().sendKeys(KEYS[key]).perform();
  }

  async picture() {
    return Buffer.from(await (await this.#here()).takeScreenshot(), "base64");
  }
}
