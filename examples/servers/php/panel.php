<?php

declare(strict_types=1);

// A panel as small as can be, around balance.php, for PHP's built-in server:
//   PANEL_PASSWORD=… AIRALO_STATE_DIR=… AIRALO_CLIENT_ID=… AIRALO_CLIENT_SECRET=… \
//     PHP_CLI_SERVER_WORKERS=4 php -S 127.0.0.1:3000 -t <folder of the built card> panel.php

require_once __DIR__ . '/login.php';

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/api/balance') {
    require __DIR__ . '/balance.php';
} elseif ($path === '/sign-in' && $_SERVER['REQUEST_METHOD'] === 'POST') {
    sign_in((string) ($_POST['password'] ?? ''));
} elseif ($path === '/') {
    readfile(__DIR__ . '/../panel.html');
} else {
    return false; // A file of the card.
}
