// What a page can set, read, call and listen to, as TypeScript sees it. The class is checked against
// this file, which is part of the package; the manifest of the element takes its texts from here.

import type { AiraloBalanceElement } from "./element.js";

export type { AiraloBalanceElement };

/** One balance of the account. */
export interface Balance {
  /** The partner's name for it, or empty. */
  readonly name: string;
  /** A decimal number as text, because a JavaScript number would lose digits. */
  readonly amount: string;
  /** The code of its currency, such as `USD`. */
  readonly currency: string;
}

/** How much cause for concern there is. */
export type Level = "ok" | "low" | "critical";

/** What went wrong. There are no others. */
export type ErrorCode =
  | "config"
  | "offline"
  | "network"
  | "timeout"
  | "unauthorized"
  | "forbidden"
  | "rate-limited"
  | "upstream"
  | "invalid-response"
  | "unsupported";

/** Why there is no balance, or no newer one. */
export interface ErrorDetail {
  readonly code: ErrorCode;
  /** What the server says of it, which is more exact: the `code` of its problem, such as `credentials-refused`. */
  readonly problem: string | null;
  /** Whether the same request may succeed later although nobody changes anything. */
  readonly retryable: boolean;
  /** The status of the response, if there was one. */
  readonly status: number | null;
  /** How long the server wants to be left alone, in seconds. */
  readonly retryAfter: number | null;
}

/** How long the credit will last. More than 90 days are a `low` of 90 without the other two. */
export interface Forecast {
  readonly daysLeft: { readonly low: number; readonly middle: number | null; readonly high: number | null };
  /** The use on an average day, a decimal number as text. */
  readonly spentPerDay: string;
  /** The day on which the credit will be used up, such as `2026-12-04`; null where it is not within 90 days. */
  readonly runsOut: string | null;
}

/** What a card shows. It is frozen. */
export interface Snapshot {
  /** `ready` once a balance is shown; a later failure leaves it so, with `stale` and `error` set. */
  readonly state: "loading" | "ready" | "empty" | "error";
  readonly balances: readonly Balance[];
  /** Null before the first balance. */
  readonly level: Level | null;
  /** In milliseconds since 1970; null where it is unknown. */
  readonly fetchedAt: number | null;
  /** Whether the balance is known to be an old one. */
  readonly stale: boolean;
  /** Why there is no newer balance: the card’s last request has failed, or the server’s own to Airalo; null where neither is known. */
  readonly error: ErrorDetail | null;
  /** Null where there is no history, or too little of it. */
  readonly forecast: Forecast | null;
}

/** The names and values of request headers. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** Request headers, or a function that is called for them before every request. */
export type HeadersSource =
  | RequestHeaders
  | (() => RequestHeaders | null | undefined | Promise<RequestHeaders | null | undefined>);

/** Texts in place of the card's own, each with the English one. What is in braces is a placeholder. */
export type Messages = {
  /** “Available credit” */
  readonly label?: string;
  /** “Refresh” */
  readonly refresh?: string;
  /** “Try again” */
  readonly retry?: string;
  /** “Top up” */
  readonly "top-up"?: string;
  /** “As of {time}” */
  readonly "as-of"?: string;
  /** “Time unknown” */
  readonly "unknown-time"?: string;
  /** “Trying again shortly” */
  readonly "retrying-soon"?: string;
  /** “Trying again {when}” */
  readonly retrying?: string;
  /** “of {limit}” */
  readonly "of-limit"?: string;
  /** “Details” */
  readonly details?: string;
  /** “Copy” */
  readonly copy?: string;
  /** “Copied” */
  readonly copied?: string;
  /** “Running low” */
  readonly low?: string;
  /** “Almost used up” */
  readonly critical?: string;
  /** “No credit left: orders will fail” */
  readonly "nothing-left"?: string;
  /** “Enough credit again” */
  readonly enough?: string;
  /** “Up to date again” */
  readonly recovered?: string;
  /** “About {days} left ({range})” */
  readonly "days-left-range"?: string;
  /** “About {days} left” */
  readonly "days-left"?: string;
  /** “More than {days} left” */
  readonly "more-days-left"?: string;
  /** “Less than a day left” */
  readonly "less-than-a-day"?: string;
  /** “{days}: from {first} to {last}, lowest {lowest}” */
  readonly trend?: string;
  /** “History” */
  readonly history?: string;
  /** “{amount} a day on average” */
  readonly "per-day"?: string;
  /** “Used up around {date}” */
  readonly "runs-out"?: string;
  /** “Spent per day” */
  readonly "use-per-day"?: string;
  /** “Top-ups and refunds” */
  readonly credits?: string;
  /** “Date” */
  readonly date?: string;
  /** “Amount” */
  readonly amount?: string;
  /** “No history here” */
  readonly "no-history"?: string;
  /** “The server doesn’t record one. Ask your administrator to turn it on.” */
  readonly "no-history-advice"?: string;
  /** “Nothing recorded yet” */
  readonly "nothing-recorded"?: string;
  /** “The history begins with the first balance that the server reads.” */
  readonly "nothing-recorded-advice"?: string;
  /** “Some readings are missing.” */
  readonly incomplete?: string;
  /** “Invented figures, for the demonstration.” */
  readonly invented?: string;
  /** “No account” */
  readonly "no-account"?: string;
  /** “Airalo has no balance for these credentials. Ask your contact at Airalo.” */
  readonly "no-account-advice"?: string;
  /** “Not up to date” */
  readonly old?: string;
  /** “Airalo did not give the server a newer balance.” */
  readonly "old-advice"?: string;
  /** “This card is not set up” */
  readonly "not-set-up"?: string;
  /** “Give the element a proxy-url attribute: the address of your proxy.” */
  readonly "no-url-advice"?: string;
  /** “Its proxy-url has to be a relative address, or one with http or https.” */
  readonly "not-http-advice"?: string;
  /** “No balance at this address” */
  readonly "nothing-there"?: string;
  /** “Check the card’s proxy-url: the server has nothing at that address.” */
  readonly "nothing-there-advice"?: string;
  /** “The request can’t be sent” */
  readonly "cannot-send"?: string;
  /** “Check the proxy-url and the page’s headers: the browser’s console says why.” */
  readonly "cannot-send-advice"?: string;
  /** “Airalo refused the credentials” */
  readonly "credentials-refused"?: string;
  /** “Ask your administrator to check the client ID and secret on the server.” */
  readonly "credentials-refused-advice"?: string;
  /** “Airalo refused the server’s address” */
  readonly "address-refused"?: string;
  /** “Ask your administrator to add it to the IP allowlist in the Airalo console.” */
  readonly "address-refused-advice"?: string;
  /** “Airalo can’t be reached” */
  readonly "airalo-away"?: string;
  /** “The server is fine, Airalo is not answering it. Try again in a moment.” */
  readonly "airalo-away-advice"?: string;
  /** “Airalo takes too long” */
  readonly "airalo-slow"?: string;
  /** “The server is fine, Airalo is slow to answer it. Try again in a moment.” */
  readonly "airalo-slow-advice"?: string;
  /** “You’re offline” */
  readonly offline?: string;
  /** “The balance will be here when the connection is back.” */
  readonly "offline-advice"?: string;
  /** “The server can’t be reached” */
  readonly network?: string;
  /** “Check your connection, then try again.” */
  readonly "network-advice"?: string;
  /** “The server takes too long” */
  readonly timeout?: string;
  /** “Try again in a moment.” */
  readonly "timeout-advice"?: string;
  /** “You’re not signed in” */
  readonly unauthorized?: string;
  /** “Sign in again. If that doesn’t help, ask your administrator.” */
  readonly "unauthorized-advice"?: string;
  /** “No permission to see the balance” */
  readonly forbidden?: string;
  /** “Ask your administrator to give you access.” */
  readonly "forbidden-advice"?: string;
  /** “Too many requests” */
  readonly "rate-limited"?: string;
  /** “The balance will be read again shortly.” */
  readonly "rate-limited-advice"?: string;
  /** “The server has a problem” */
  readonly upstream?: string;
  /** “Try again in a moment.” */
  readonly "upstream-advice"?: string;
  /** “The answer can’t be read” */
  readonly "invalid-response"?: string;
  /** “The server answered, but not with a balance. Ask your administrator.” */
  readonly "invalid-response-advice"?: string;
  /** “The card can’t run here” */
  readonly unsupported?: string;
  /** “Reload the page. If that doesn’t help, your browser or a rule of this page blocks WebAssembly.” */
  readonly "unsupported-advice"?: string;
  /** “Can’t be refreshed here” */
  readonly "cannot-refresh"?: string;
  /** “A file of the card could not be loaded. Reload the page; if that doesn’t help, ask your administrator.” */
  readonly "missing-file-advice"?: string;
};

/** The keys of `messages`. */
export type MessageKey = keyof Messages;

/** The properties that are attributes too, in kebab case. */
export interface CardProperties {
  /**
   * The relative or absolute http(s) URL that answers with the balance. Another one drops the balance at once.
   * @required
   */
  proxyUrl: string;
  /** Seconds from one request to the next, 10 to 86400; 0 for never, but once more where the server is getting a newer balance. */
  refreshInterval: number;
  /** Seconds that a request may take, 1 to 120. */
  requestTimeout: number;
  /** A decimal in the balance's currency. At or below it the card warns; a tenth above it the warning ends. */
  get lowThreshold(): string;
  set lowThreshold(value: string | number);
  /** The same for the second, more urgent warning. */
  get criticalThreshold(): string;
  set criticalThreshold(value: string | number);
  /** Whole days, 1 to 90. The card also warns when the credit lasts no longer by its history; 0 for never. */
  lowDays: number;
  /** The same for the second, more urgent warning. */
  criticalDays: number;
  /** The http(s) URL that answers with the history; without it `proxy-url` and `/history`, where there is one. Cards with the same `proxy-url` share it. */
  historyUrl: string;
  /** A decimal. The card shows how much of it is left. */
  get creditLimit(): string;
  set creditLimit(value: string | number);
  /** The http(s) URL that the top-up link opens; without it Airalo's partner console. */
  topUpUrl: string;
  /** The title; without it “Available credit” in the card's language. */
  label: string;
  /** A BCP 47 tag, for words, numbers and times; without it the nearest `lang`, then the browser's. */
  locale: string;
  /** `auto` follows the page's `color-scheme`. */
  theme: "auto" | "light" | "dark";
  /** `inline` is one line for a navigation bar. */
  variant: "card" | "compact" | "inline";
  /** Which cookies go with a request. */
  credentials: "same-origin" | "include" | "omit";
  /**
   * `lazy` asks when the card comes near the viewport; `manual` once the page has set `headers` or
   * has called `refresh()`.
   */
  loading: "eager" | "lazy" | "manual";
  /** The URL of the folder with the WebAssembly, where a bundler has left it behind. */
  assetBase: string;
  /** Leaves the top-up link out. */
  noTopUp: boolean;
  /** Leaves the refresh button out. */
  noRefresh: boolean;
  /** Leaves the line of the last 30 days out, and with it the details that it opens. */
  noTrend: boolean;
}

type DecimalProperty = "lowThreshold" | "criticalThreshold" | "creditLimit";

/** What `mount` and the component for React take: the properties, each with the values that can be written. */
export type CardOptions = {
  [Name in keyof CardProperties]?: CardProperties[Name] | (Name extends DecimalProperty ? number : never) | undefined;
} & RichProperties;

/** The properties that are no attributes. */
export interface RichProperties {
  /** Headers of every request. */
  headers?: HeadersSource | null | undefined;
  /** Texts in place of the card's own, by their keys. */
  messages?: Messages | null | undefined;
}

/** A card that `mount` has added. */
export interface MountedCard {
  readonly element: AiraloBalanceElement;
  /** Changes some of its properties. */
  update(changes: CardOptions): void;
  /** Requests the balance; resolves with the snapshot when the request has succeeded or failed. */
  refresh(): Promise<Snapshot>;
  /** Takes the card off the page. May be called twice. */
  destroy(): void;
}

/** What `configure` sets for every card of the page. */
export interface Settings {
  /** The URL of the folder with the WebAssembly, where a bundler has left it behind. */
  assetBase?: string | undefined;
  /** Runs no other WebAssembly than the one that the script was built with. */
  integrity?: boolean | undefined;
}

/** What `mountHistory` shows. */
export interface HistoryOptions extends Pick<Settings, "assetBase"> {
  /** The http(s) URL that answers with the history, with the number of days in its query. */
  url: string;
  /** Headers of the request. */
  headers?: HeadersSource | null | undefined;
  /** Which cookies go with the request. */
  credentials?: CardProperties["credentials"] | undefined;
  /** A BCP 47 tag, for words, numbers and dates. */
  locale?: string | undefined;
}

/** A history that `mountHistory` has drawn. */
export interface MountedHistory {
  /** Draws another one in its place. */
  update(options: HistoryOptions): void;
  /** Takes it off the page. May be called twice. */
  destroy(): void;
}

/** The events of a card. All of them bubble and cross shadow roots. */
export interface AiraloBalanceEventMap {
  /** A balance, or the absence of an account, is shown for the first time: of this card, of another `proxy-url`, or since `reset()`. */
  "airalo-balance-ready": CustomEvent<Snapshot>;
  /** The balances differ from the last ones shown. */
  "airalo-balance-change": CustomEvent<{ readonly balances: readonly Balance[]; readonly previous: readonly Balance[] }>;
  /** There is more or less cause for concern than before. */
  "airalo-balance-level": CustomEvent<{ readonly level: Level; readonly previous: Level }>;
  /** A request failed. */
  "airalo-balance-error": CustomEvent<ErrorDetail>;
  /** The top-up link was pressed. `preventDefault()` keeps it from opening. */
  "airalo-balance-top-up": CustomEvent<{ readonly url: string | null; readonly balances: readonly Balance[] }>;
}

type KebabCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${KebabCase<Rest>}`
  : "";

/** The attributes, each with the type of its property. */
export type PropertyOfAttribute = { [Name in keyof CardProperties as KebabCase<Name>]: CardProperties[Name] };

/** The values that markup may give an attribute: numbers as text too, `"false"` for an absent boolean. */
type AttributeValue<Value, Name> = Value extends boolean
  ? boolean | "" | "true" | "false"
  : Value extends number
    ? number | `${number}`
    : Name extends DecimalProperty
      ? string | number
      : Value;

/** The attributes, each with the values that markup may give it. */
export type CardAttributes = {
  [Name in keyof CardProperties as KebabCase<Name>]?: AttributeValue<CardProperties[Name], Name> | undefined;
};

/** What the markup of React, Preact and Svelte may hold besides what every element does. */
export type CardMarkup = CardAttributes &
  RichProperties & {
    [Name in keyof AiraloBalanceEventMap as `on${Name}`]?: ((event: AiraloBalanceEventMap[Name]) => void) | undefined;
  };

// With the properties that the class defines in a loop.
declare module "./element.js" {
  interface AiraloBalanceElement extends CardProperties {}
}

declare global {
  interface HTMLElementTagNameMap {
    "airalo-balance": AiraloBalanceElement;
  }
  // The events bubble, so that any element, the document and the window may listen.
  interface GlobalEventHandlersEventMap extends AiraloBalanceEventMap {}
}
