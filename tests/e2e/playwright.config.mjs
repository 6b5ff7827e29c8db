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

export default defineConfig({
  testDir: ".",
  // Pictures can be compared only with the same fonts: `cargo xtask test` installs them where it
  // can, and reports where it cannot.
  testIgnore: process.env.AIRALO_FONTS ? [] : ["looks.spec.mjs"],
  snapshotPathTemplate: "pictures/{arg}{ext}",
  outputDir: "results",
  reporter: "list",
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: "chromium",
    locale: "en-US",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    launchOptions: { executablePath: process.env.AIRALO_CHROMIUM ?? "/usr/bin/chromium", args },
  },
});
