// Checks the signature of an alert, as docs/alerts.md shows it.
// docs:verify
import { createHmac, timingSafeEqual } from "node:crypto";

// `body` is the raw body; `headers` has lower-case names.
export function verify(secret, headers, body, now = Date.now() / 1000) {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signatures = "" } = headers;
  const isRecent = Math.abs(now - Number(at)) <= 300;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest();
  return signatures.split(" ").some((signature) => {
    const [version, text = ""] = signature.split(",");
    const given = Buffer.from(text, "base64");
    return isRecent && version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
// docs:end
