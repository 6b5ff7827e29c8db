// The route of an Express panel that gives the page of a signed-in user a token.

import { widgetToken } from "./token.mjs";

export function addRoute(app) {
  // docs:route
  // The session is your panel's own.
  app.get("/widget-token", (request, response) => {
    const { user } = request.session;
    response.set("Cache-Control", "no-store");
    if (user) response.type("text").send(widgetToken(process.env.WIDGET_TOKEN_SECRET, user));
    else response.sendStatus(401);
  });
  // docs:end
}
