// What the class calls in the WebAssembly (`src/element.rs`), and what it is called with.

import type { FirstRequest } from "./first-request.js";
import type { AiraloBalanceEventMap, HistoryOptions, Messages, MountedHistory, Snapshot } from "./types.js";

/** What surrounds an element: its language, and what the page has put into it. */
export interface Context {
  lang: string;
  /** Absent for English, as are the sentences. */
  language?: string | undefined;
  messages?: Messages;
  /** Whether the attribute `locale` has no effect. */
  ignoresLocale?: boolean;
  /** The URL of the page when the element got its `proxy-url`. */
  baseUrl?: string;
  initialData?: string | undefined;
  /** Whether the page has called `reset()` before there was a card. */
  isReset?: boolean;
}

type EventDetails = {
  [Name in keyof AiraloBalanceEventMap as Name extends `airalo-balance-${infer Event}` ? Event : never]: AiraloBalanceEventMap[Name]["detail"];
};

/** What a card tells the class, by name: events, and what only the class has to know. */
interface Notifications extends EventDetails {
  snapshot: Snapshot;
  busy: boolean;
  announcement: string;
  settled: undefined;
}

/** The name of one of them and its value. */
export type Notification = { [Name in keyof Notifications]: [name: Name, detail: Notifications[Name]] }[keyof Notifications];

/** Returns false where a listener has prevented the default action. */
export type Notify = (...notification: Notification) => boolean;

/** A card that the WebAssembly has mounted. */
export interface Card {
  update(context: Context): void;
  refresh(): void;
  reset(): void;
  destroy(): void;
}

/** An instance of wasm-bindgen's glue, before its WebAssembly runs. */
export interface NewGlue {
  start(options: { module_or_path: Response }): Promise<unknown>;
  mount(host: Element, root: Element, context: Context, request: FirstRequest | undefined, notify: Notify): Card;
  mountHistory(root: Element, options: Context & HistoryOptions): MountedHistory;
  knownSnapshot(host: Element): Snapshot | undefined;
  stopAll(): void;
  /** What was thrown out of the WebAssembly. */
  thrown: WeakSet<object>;
  /** The copies of the class that use it: when it fails, it does so for all of them. */
  users: Set<{ fail(error: unknown): void }>;
}

/** The same while it runs. */
export interface Glue extends NewGlue {
  /** The next card gets another instance. */
  retire(): void;
}

/** The file of the glue, which the build makes. */
export interface GlueModule {
  createGlue(): NewGlue;
  /** For all copies of the class on a page. */
  shared: { running?: Promise<Glue> | undefined; checked?: Promise<Glue> | undefined };
}
