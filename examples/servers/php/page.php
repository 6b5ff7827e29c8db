<?php
// A page with the balance in it. BALANCE_URL is where this server reaches the proxy.
$proxy = getenv('BALANCE_URL') ?: 'http://127.0.0.1:8080/api/balance';
header('Cache-Control: private, no-store');

// docs:ask
$request = ['header' => 'X-Airalo-Widget: 1', 'timeout' => 2, 'follow_location' => 0];
$answer = (string) @file_get_contents($proxy, false, stream_context_create(['http' => $request]));
$text = json_decode($answer)->meta->text ?? null;
// docs:end
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Panel</title>
<link rel="stylesheet" href="/airalo-balance.css">
<script type="module" src="/airalo-balance.js"></script>

<?php // docs:element ?>
<airalo-balance proxy-url="/api/balance">
<?php if (is_string($text)): ?>
  <?= htmlspecialchars($text) ?>

  <script type="application/json"><?= str_replace('<', '\u003c', $answer) ?></script>
<?php endif ?>
</airalo-balance>
<?php // docs:end ?>
