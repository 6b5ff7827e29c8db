"use client";
// A component for React 18 and newer. It sets the properties and adds the listeners of the element by
// itself: React 18 does neither, and no React does where it takes over the markup of a server.

import { createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { ATTRIBUTES, camelCase } from "./attributes.js";
import "./airalo-balance.js";

/** @import { ForwardRefExoticComponent, RefAttributes, RefObject } from "react" */
/** @import { AiraloBalanceElement } from "./element.js" */
/** @import { AiraloBalanceProps } from "./react-types.js" */
/** @import { AiraloBalanceEventMap } from "./types.js" */

/**
 * The attribute of each property.
 *
 * @type {Map<string, string>}
 */
const ATTRIBUTE_OF = new Map(ATTRIBUTES.map((name) => [camelCase(name), name]));

/** Attributes of every element that are on where they are there, whatever their value. */
const HTML_BOOLEANS = new Set(["autoFocus", "hidden", "inert"]);

// On a server React warns of layout effects, which it does not run there.
const useClientEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * What React writes into the markup: the same on a server and in a browser.
 *
 * @param {AiraloBalanceProps} props
 */
function markupOf({ headers, messages, onReady, onChange, onLevel, onError, onTopUp, className, ...props }) {
  // The card of a server's markup would ask before its headers are set. With a `loading` of its own a
  // page decides that itself.
  const loading = props.loading ?? (headers ? "manual" : undefined);
  /** @type {Record<string, unknown>} */
  const markup = { class: className };
  for (const [name, value] of Object.entries({ ...props, loading })) {
    const attribute = ATTRIBUTE_OF.get(name);
    const isBoolean = typeof value === "boolean" && (attribute !== undefined || HTML_BOOLEANS.has(name));
    // React 18 writes a boolean as text.
    markup[attribute ?? name] = isBoolean ? (value ? "" : undefined) : value;
  }
  return markup;
}

/**
 * @template {keyof AiraloBalanceEventMap} Name
 * @param {RefObject<AiraloBalanceElement | null>} element
 * @param {Name} name
 * @param {((event: AiraloBalanceEventMap[Name]) => void) | undefined} listener
 */
function useListener(element, name, listener) {
  useClientEffect(() => {
    const card = element.current;
    if (!card || !listener) return undefined;
    const listen = /** @type {EventListener} */ (listener);
    card.addEventListener(name, listen);
    return () => card.removeEventListener(name, listen);
  }, [element, name, listener]);
}

/**
 * Tells a listener that came late of a card that is ready. The event is dispatched where nobody else
 * listens, because others have heard it; a listener that throws is reported there and not to React.
 *
 * @param {AiraloBalanceElement} card
 * @param {NonNullable<AiraloBalanceProps["onReady"]>} listener
 */
function tellReady(card, listener) {
  const name = "airalo-balance-ready";
  const event = new CustomEvent(name, { detail: card.snapshot, bubbles: true, composed: true });
  Object.defineProperties(event, { target: { value: card }, currentTarget: { value: card } });
  const place = new EventTarget();
  place.addEventListener(name, /** @type {EventListener} */ (listener));
  place.dispatchEvent(event);
}

/**
 * `<airalo-balance>` as a component: its properties in camel case, its events as `onReady`, `onChange`,
 * `onLevel`, `onError` and `onTopUp`, and a `ref` to the element.
 *
 * @type {ForwardRefExoticComponent<AiraloBalanceProps & RefAttributes<AiraloBalanceElement>>}
 */
export const AiraloBalance = forwardRef((props, ref) => {
  const { headers = null, messages = null, onReady } = props;
  const element = useRef(/** @type {AiraloBalanceElement | null} */ (null));
  useImperativeHandle(ref, () => /** @type {AiraloBalanceElement} */ (element.current), []);
  useListener(element, "airalo-balance-ready", onReady);
  useListener(element, "airalo-balance-change", props.onChange);
  useListener(element, "airalo-balance-level", props.onLevel);
  useListener(element, "airalo-balance-error", props.onError);
  useListener(element, "airalo-balance-top-up", props.onTopUp);
  useClientEffect(() => {
    if (element.current) element.current.messages = messages;
  }, [messages]);
  useClientEffect(() => {
    if (element.current) element.current.headers = headers;
  }, [headers]);
  useClientEffect(() => {
    const card = element.current;
    // There is none before the element is registered.
    const { snapshot } = /** @type {Partial<AiraloBalanceElement>} */ (card ?? {});
    const isReady = snapshot?.state === "ready" || snapshot?.state === "empty";
    if (card && isReady && onReady) tellReady(card, onReady);
  }, []);
  return createElement("airalo-balance", { ...markupOf(props), ref: element });
});
AiraloBalance.displayName = "AiraloBalance";
