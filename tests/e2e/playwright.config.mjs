import { defineConfig } from "@playwright/test";

// The browser is the machine's own: `cargo xtask test` finds it and names it here.
const quiet = ["disable-background-networking", "disable-component-update", "disable-sync", "no-first-run"];
const args = ["--disable-gpu", "--disable-dev-shm-usage", ...quiet.map((name) => `--${name}`)];
// A page that a test has rewritten counts as one of the public network, which Chromium keeps from
// asking this machine; the servers of these tests are all here.
args.push("--disable-features=LocalNetworkAccessChecks");
// Letters are drawn in the same way whatever the screen.
args.push("--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb");
if (process.getuid?.() === 0) args.push("--no-sandbox");

export default defineConfig({
  testDir: ".",
  // Pictures can only be compared where the letters are the same: `cargo xtask test` installs the
  // fonts where it can, and says so where it cannot.
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
