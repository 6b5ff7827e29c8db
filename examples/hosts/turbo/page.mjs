// The page of a server that Turbo refreshes: what differs is changed in place, and the card with it.

const panel = ({ low, isShown }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Panel</title>
    <link rel="icon" href="data:," />
    <script type="module" src="/node_modules/@hotwired/turbo/dist/turbo.es2017-esm.js"></script>
    <script type="module" src="/level.js"></script>
    <!-- docs:head -->
    <meta name="turbo-refresh-method" content="morph" />
    <link rel="stylesheet" href="/airalo-balance.css" />
    <script type="module" src="/airalo-balance.js"></script>
    <!-- docs:end -->
  </head>
  <body>
    <h1>Orders</h1>
    <p>
      <a role="button" href="/?low=500" data-turbo-action="replace">Warn earlier</a>
      <a role="button" href="/?hidden" data-turbo-action="replace">Hide</a>
      <a role="button" href="/?low=100" data-turbo-action="replace">Show</a>
      Level: <output data-turbo-permanent id="level">ok</output>
    </p>
    ${
      isShown
        ? // docs:card
          `<airalo-balance id="credit" proxy-url="/api/balance" low-threshold="${low}"></airalo-balance>`
        : // docs:end
          "<p>The credit is hidden.</p>"
    }
  </body>
</html>`;

export const render = ({ searchParams }) =>
  panel({ low: Number(searchParams.get("low") ?? 100), isShown: !searchParams.has("hidden") });
