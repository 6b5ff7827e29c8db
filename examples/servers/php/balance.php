<?php

declare(strict_types=1);

// `GET /api/balance` for the card, in plain PHP 8.1 or newer with the extension curl.
// AIRALO_STATE_DIR is a folder that only PHP can read, outside the document root: the token is kept there.

require_once __DIR__ . '/airalo.php';
// docs:login
require_once __DIR__ . '/login.php';
require_login(); // Your panel's own: whoever is not signed in gets 401 here, and goes no further.
// docs:end

/** When all requests to Airalo have to be over. The card waits for 10 seconds. */
define('DEADLINE', microtime(true) + 8);
// Airalo is asked at most once in BALANCE_TTL seconds, whether it answers or fails.
// For MAX_STALE seconds a balance is served while there is no newer one.
foreach (['BALANCE_TTL' => '60', 'MAX_STALE' => '3600'] as $name => $default) {
    $seconds = setting($name, $default);
    ctype_digit($seconds) || throw new RuntimeException("$name has to be a whole number of seconds");
    define($name, (int) $seconds);
}

function respond(array $body, int $status = 200, string $type = 'application/json'): never
{
    http_response_code($status);
    header("Content-Type: $type");
    header('Cache-Control: private, no-store');
    // The amounts are numbers again. In a name, this text would have backslashes before its quotes.
    exit(preg_replace('/"amount":"([^"]+)"/', '"amount":$1', json_encode($body, JSON_THROW_ON_ERROR)));
}

function refuse(string $code): never
{
    $status = match ($code) {
        'missing-widget-header', 'forbidden-origin' => 403,
        'rate-limited' => 503,
        'upstream-timeout' => 504,
        default => 502,
    };
    respond(['status' => $status, 'code' => $code], $status, 'application/problem+json');
}

function refresh(array $state): array
{
    $wait = BALANCE_TTL;
    try {
        $state = ['balances' => fetch_balances($state), 'fetched_at' => time(), 'problem' => null] + $state;
    } catch (Problem $problem) {
        $state['problem'] = $problem->reason;
        $wait = max($wait, min($problem->retryAfter, 900));
        error_log("No new balance from Airalo: {$problem->reason} ({$problem->getMessage()})");
    }
    return ['due' => time() + $wait] + $state;
}

function load(string $file): array
{
    $nothing = ['token' => '', 'expires' => 0, 'balances' => null, 'fetched_at' => 0, 'problem' => null, 'due' => 0];
    return (is_file($file) ? json_decode((string) file_get_contents($file), true) : null) ?? $nothing;
}

// Pages of another origin must ask before they send this header, and nothing here allows it.
if (($_SERVER['HTTP_X_AIRALO_WIDGET'] ?? '') !== '1') {
    refuse('missing-widget-header');
}
if (!in_array($_SERVER['HTTP_SEC_FETCH_SITE'] ?? 'none', ['same-origin', 'none'], true)) {
    refuse('forbidden-origin');
}

umask(0077);
$file = setting('AIRALO_STATE_DIR') . '/airalo-balance.json';
$state = load($file);
$isUsable = fn (array $state): bool => time() - $state['fetched_at'] < MAX_STALE;
if (time() >= $state['due']) {
    $lock = fopen("$file.lock", 'c') ?: throw new RuntimeException('AIRALO_STATE_DIR cannot be written to');
    // One process asks Airalo. The others wait for its answer only where they have no balance.
    if (flock($lock, $isUsable($state) ? LOCK_EX | LOCK_NB : LOCK_EX)) {
        $state = load($file);
        if (time() >= $state['due']) {
            $state = refresh($state);
            file_put_contents("$file.new", json_encode($state, JSON_THROW_ON_ERROR));
            rename("$file.new", $file);
        }
    } else {
        $state['problem'] ??= 'refreshing';
    }
}

if ($state['problem'] !== null && !$isUsable($state)) {
    header('Retry-After: ' . max(1, $state['due'] - time()));
    refuse($state['problem']);
}
$fetchedAt = gmdate('Y-m-d\TH:i:s\Z', $state['fetched_at']);
$reason = $state['problem'] === null ? [] : ['reason' => $state['problem']];
$meta = ['message' => 'success', 'fetched_at' => $fetchedAt, 'stale' => $reason !== []] + $reason;
respond(['data' => ['balances' => $state['balances']], 'meta' => $meta]);
