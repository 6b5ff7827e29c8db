// Adyen's own component, set up as its documentation describes, with a session that is in the page.

import { AdyenPlatformExperience, TransactionsOverview } from "@adyen/adyen-platform-experience-web";
import "@adyen/adyen-platform-experience-web/adyen-platform-experience-web.css";

const core = await AdyenPlatformExperience({
  environment: "test",
  locale: "en-US",
  loadingContext: new URL(document.querySelector("[data-api]").dataset.api, location).href,
  // Analytics are no part of showing a balance.
  analytics: { enabled: false },
  onSessionCreate: async () => ({ id: "bench", token: "bench" }),
});

new TransactionsOverview({ core }).mount(document.querySelector("[data-card]"));
