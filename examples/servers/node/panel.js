// A panel as small as can be, around balance.js. In yours, the login and the page are there already.
//   PANEL_PASSWORD=… CARD_DIR=… AIRALO_CLIENT_ID=… AIRALO_CLIENT_SECRET=… npm start

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { fileURLToPath } from "node:url";
import express from "express";
import session from "express-session";
// docs:route
import { balance, refuse } from "./balance.js";
// docs:end

const { PANEL_PASSWORD, CARD_DIR, PORT = "3000" } = process.env;
if (!PANEL_PASSWORD || !CARD_DIR) throw new Error("set PANEL_PASSWORD, and CARD_DIR to the folder of the built card");

const app = express();
const cookie = { sameSite: "lax", secure: "auto" };
app.use(session({ secret: randomBytes(32).toString("hex"), resave: false, saveUninitialized: false, cookie }));

const digest = (text) => createHash("sha256").update(text).digest();

app.get("/", (_, response) => response.sendFile(fileURLToPath(new URL("../panel.html", import.meta.url))));
app.post("/sign-in", express.urlencoded(), (request, response, next) => {
  const password = String(request.body?.password ?? "");
  if (!timingSafeEqual(digest(password), digest(PANEL_PASSWORD))) return response.sendStatus(403);
  // A new session, so that nobody can have brought its id along.
  request.session.regenerate((error) => {
    if (error) return next(error);
    request.session.user = "admin";
    response.redirect(303, "/");
  });
});

// docs:route
/** Your panel's own: whoever is not signed in gets 401, not a redirect to a page. */
function requireLogin(request, response, next) {
  if (request.session.user) next();
  else refuse(response, "unauthorized");
}

app.get("/api/balance", requireLogin, balance);
// docs:end
app.use(express.static(CARD_DIR, { index: false }));
app.listen(Number(PORT), "127.0.0.1");
