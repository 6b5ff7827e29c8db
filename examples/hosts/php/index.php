<?php
// A page with the balance in it: `php -S 127.0.0.1:3001 -t php`. The server asks the proxy itself.
// docs:ask
$proxy = getenv('BALANCE_URL') ?: 'http://127.0.0.1:8080/api/balance';
header('Cache-Control: private, no-store');

$request = ['header' => 'X-Airalo-Widget: 1', 'timeout' => 2, 'follow_location' => 0];
$answer = (string) @file_get_contents($proxy, false, stream_context_create(['http' => $request]));
$text = json_decode($answer)->meta->text ?? null;
// docs:end
?>
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Panel</title>
    <link rel="icon" href="data:,">
    <!-- docs:head -->
    <link rel="stylesheet" href="/airalo-balance.css">
    <script type="module" src="/airalo-balance.js"></script>
    <!-- docs:end -->
    <script type="module" src="/panel.js"></script>
  </head>
  <body>
    <h1>Orders</h1>
    <p>
      <button id="warn">Warn earlier</button>
      <button id="toggle">Hide</button>
      Level: <output>ok</output>
    </p>
    <div id="credit">
      <!-- docs:card -->
      <airalo-balance proxy-url="/api/balance" low-threshold="100">
        <?php if (is_string($text)): ?>
          <?= htmlspecialchars($text) ?>

          <script type="application/json"><?= str_replace('<', '\u003c', $answer) ?></script>
        <?php endif ?>
      </airalo-balance>
      <!-- docs:end -->
    </div>
  </body>
</html>
