import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";

// The browser is the one of the machine: `cargo xtask test` finds it and passes its path.
const quiet = ["disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"];
const args = ["--disable-gpu", "--disable-dev-shm-usage", ...quiet.map((name) => `--${name}`)];
// Chromium treats a page that a test has rewritten as one of the public network, and blocks its
// requests to this machine, where all servers of the tests run.
args.push("--disable-features=LocalNetworkAccessChecks");
// Text is rendered in the same way on every screen.
args.push("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb");
if (process.getuid?.() === 0) args.push("--no-sandbox");

// Firefox and WebKit run the core, and Firefox also what depends most on the browser. Playwright drives the Firefox of the
// machine by WebDriver BiDi; releases after 1.60 send commands that Firefox ESR does not know.
const executablePath = process.env.AIRALO_FIREFOX;
const use = { browserName: "firefox", channel: "moz-firefox", trace: "off", launchOptions: { executablePath } };
const firefox = executablePath ? [{ name: "firefox", grep: /@firefox|@core/, use }] : [];

// For WebKitGTK, which the tests of the core drive by WebDriver (core/webdriver.mjs).
const webkit = process.env.AIRALO_WEBKIT_DRIVER ? [{ name: "webkit", grep: /@core/, use: { browserName: "webkit" } }] : [];

// The package has the program for this platform only.
const isOldestHere = process.platform === "linux" && process.arch === "x64";
const oldestUse = { browserName: "chromium", isOldest: true, trace: "off", launchOptions: { args } };
const oldest = isOldestHere ? [{ name: "oldest", grep: /@core/, use: oldestUse }] : [];

export default defineConfig({
  testDir: ".",
  // Pictures can be compared only with the same fonts: `cargo xtask test` installs them where it
  // can, and reports where it cannot.
  testIgnore: process.env.AIRALO_FONTS ? [] : ["pictures.spec.mjs"],
  snapshotPathTemplate: "pictures/{arg}{ext}",
  outputDir: "results",
  reporter: "list",
  // More would wait for each other: every test has a browser, and most of them servers of their own.
  workers: Math.min(2, availableParallelism()),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: { locale: "en-US", timezoneId: "UTC", trace: "retain-on-failure" },
  projects: [
    {
      name: "chromium",
      use: {
        browserName: "chromium",
        launchOptions: { executablePath: process.env.AIRALO_CHROMIUM ?? "/usr/bin/chromium", args },
      },
    },
    ...firefox,
    ...webkit,
    ...oldest,
  ],
});
