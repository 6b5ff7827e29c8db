// The first request of an element, on its way before the code that will read the answer is there.
// It has to say what the card says of every later one; see `src/browser/fetch.rs`.

import { isRunning } from "./card-instance.js";
import { plainBalanceOf } from "./first-amount.js";
import { painted } from "./skeleton.js";

// First requests that no card has taken over yet: elements that ask the same share one.
const firstRequests = new Map();

/** The card itself complains about a URL that cannot be asked; here it is only left alone. */
function requestUrl(given) {
  try {
    const url = new URL(given, document.baseURI);
    return given && /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** What is not one of the words is the first of them, as everywhere. */
const oneOf = (words, given) => words.find((word) => word === given.trim().toLowerCase()) ?? words[0];

// Headers are the same if they are the same object.
const headersSeen = new WeakMap();

function nameOf(headers) {
  if (!headers) return "";
  if (!headersSeen.has(headers)) headersSeen.set(headers, `#${Math.random()}`);
  return headersSeen.get(headers);
}

async function send(url, credentials, given, signal) {
  let own;
  try {
    own = typeof given === "function" ? await given() : given;
  } catch {
    return null; // The card knows that for what it is: nobody is signed in.
  }
  const headers = new Headers(own ?? undefined);
  headers.set("Accept", "application/json");
  headers.set("X-Airalo-Widget", "1");
  // Out of a cache an old balance would come back as a new one.
  return fetch(url, { credentials, headers, signal, cache: "no-store" });
}

/** Starts asking for the balance, so that the answer travels while the card is loading. */
export function startRequest(element) {
  const url = requestUrl(element.proxyUrl.trim());
  // What nobody can see yet is not asked for: the card does so when its time has come.
  const lazy = oneOf(["eager", "lazy"], element.loading) === "lazy";
  if (!url || document.hidden || !navigator.onLine || lazy) return null;

  const credentials = oneOf(["same-origin", "include", "omit"], element.credentials);
  const { headers } = element;
  const key = `${credentials} ${url} ${nameOf(headers)}`;
  let request = firstRequests.get(key);
  // A card that runs already asks by itself, or knows the answer from another card.
  if (!request && isRunning()) return null;
  if (!request) {
    const controller = new AbortController();
    const startedAt = performance.now();
    const response = send(url, credentials, headers, controller.signal);
    const has = () => void (request.answered = true);
    // Whoever takes the request over hears of its failure; until then nobody else should.
    response.then(has, has);
    const balance = response.then(plainBalanceOf, () => undefined);
    const seen = balance.then((known) => known && painted());
    request = {
      key,
      controller,
      startedAt,
      answered: false,
      /** The balance, if it can be shown before the card is there; and once it is shown. */
      balance,
      seen,
      users: 0,
      taken: false,
      // Several cards may hold it out to the one poller that they share; it looks at it once.
      get response() {
        this.taken = true;
        firstRequests.delete(key);
        // The amount goes first: the rest of the card takes longer to draw.
        return seen.then(() => response);
      },
    };
    firstRequests.set(key, request);
  }
  request.users += 1;
  return request;
}

/** An element that goes before its card came needs no answer any more. */
export function giveUp(request) {
  request.users -= 1;
  if (request.users > 0 || request.taken) return;
  firstRequests.delete(request.key);
  request.controller.abort();
}
