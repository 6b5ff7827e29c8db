// A token with which a page of yours may ask the proxy for the next ten minutes:
//   WIDGET_TOKEN_SECRET=… node token.mjs user-7 https://panel.example.com

import { fileURLToPath } from "node:url";
// docs:token
import { createHmac } from "node:crypto";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** `user` is counted by itself; with an `origin` the token is of no use to other pages. */
export function widgetToken(secret, user, origin) {
  const claims = { aud: "airalo-balance", exp: Math.floor(Date.now() / 1000) + 600, sub: String(user), origin };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
// docs:end

// A panel that imports this file has arguments of its own.
const [program, user, origin] = process.argv.slice(1);
if (program === fileURLToPath(import.meta.url) && user) console.log(widgetToken(process.env.WIDGET_TOKEN_SECRET, user, origin));
