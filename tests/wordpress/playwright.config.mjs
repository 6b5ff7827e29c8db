import common from "../e2e/playwright.config.mjs";

// Installing WordPress comes before the first test, and again after one that fails.
export default {
  ...common,
  testDir: ".",
  testIgnore: [],
  outputDir: "../e2e/results/wordpress",
  timeout: 120_000,
  use: { ...common.use, actionTimeout: 15_000, navigationTimeout: 30_000 },
};
