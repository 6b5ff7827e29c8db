<?php

declare(strict_types=1);

// The requests to Airalo of balance.php. A problem has a code that the card knows, and words for the log.
final class Problem extends RuntimeException
{
    public function __construct(public string $reason, protected $message, public int $retryAfter = 0) {}
}

function unreadable(string $path): never
{
    throw new Problem('invalid-response', "$path: not the documented JSON");
}

function setting(string $name, ?string $default = null): string
{
    $value = getenv($name);
    return $value === false ? $default ?? throw new RuntimeException("$name is not set") : $value;
}

function ask(string $path, array $headers = [], array $options = []): array
{
    $base = setting('AIRALO_BASE_URL', 'https://partners-api.airalo.com');
    // The secret must not travel unencrypted beyond this machine.
    preg_match('~^https://[^@\s]+$|^http://(localhost|127(\.\d+){3}|\[::1\])(:\d+)?/?$~D', $base)
        || throw new RuntimeException('AIRALO_BASE_URL has to be https without a user, or http on a loopback address');
    $retryAfter = '';
    $curl = curl_init(rtrim($base, '/') . $path);
    curl_setopt_array($curl, $options + [
        CURLOPT_HTTPHEADER => ['Accept: application/json', ...$headers],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT_MS => max(1, (int) ((DEADLINE - microtime(true)) * 1000)),
        CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$retryAfter): int {
            $retryAfter = preg_match('/^retry-after:(.*)/i', $line, $found) ? trim($found[1]) : $retryAfter;
            return strlen($line);
        },
    ]);
    $body = curl_exec($curl);
    $reason = curl_errno($curl) === CURLE_OPERATION_TIMEDOUT ? 'upstream-timeout' : 'upstream';
    $body !== false || throw new Problem($reason, "$path: " . curl_error($curl));
    $wait = ctype_digit($retryAfter) ? (int) $retryAfter : (strtotime($retryAfter) ?: time()) - time();
    return [$path, curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $body, $wait];
}

/** What is in a successful answer; a problem in place of any other. */
function read_answer(string $path, int $status, string $body, int $retryAfter): stdClass
{
    if ($status === 200) {
        // The amounts as text, because a float would round long ones.
        $json = json_decode((string) preg_replace('/("amount"\s*:\s*)(-?[\d.eE+-]+)/', '$1"$2"', $body));
        return $json instanceof stdClass ? $json : unreadable($path);
    }
    throw new Problem(match (true) {
        $status === 401, $status === 422 => 'credentials-refused',
        $status === 403 && preg_match('/"code"\s*:\s*89\b/', $body) === 1 => 'address-refused',
        $status === 429 => 'rate-limited',
        default => 'upstream',
    }, "$path: status $status", $retryAfter);
}

function authorization(array &$state): array
{
    if (time() >= $state['expires']) {
        $form = ['client_id' => setting('AIRALO_CLIENT_ID'), 'client_secret' => setting('AIRALO_CLIENT_SECRET')];
        $form = http_build_query($form + ['grant_type' => 'client_credentials']);
        $data = read_answer(...ask('/v2/token', options: [CURLOPT_POSTFIELDS => $form]))->data ?? null;
        $token = $data->access_token ?? null;
        $state['token'] = is_string($token) && preg_match('/^[!-~]+$/D', $token) ? $token : unreadable('/v2/token');
        // Airalo documents a lifetime of a day, and shows one of a year.
        $lifetime = filter_var($data->expires_in ?? null, FILTER_VALIDATE_INT, ['options' => ['min_range' => 1]]);
        $state['expires'] = time() + min($lifetime ?: 3600, 86_400) - 60;
    }
    return ["Authorization: Bearer {$state['token']}"];
}

function fetch_balances(array &$state): array
{
    $answer = ask('/v2/balance', authorization($state));
    if ($answer[1] === 401) {
        $state['expires'] = 0; // It has expired or was revoked, and is renewed once.
        $answer = ask('/v2/balance', authorization($state));
    }
    $json = read_answer(...$answer);
    $data = $json->data ?? null;
    // Without an account there are no `balances`, or there is no `data`.
    $isKnown = $data instanceof stdClass || $data === [] || $data === null && property_exists($json, 'data');
    $isKnown && ($json->meta->message ?? null) === 'success' || unreadable('/v2/balance');
    $found = $data->balances ?? $data->accounts ?? [];
    return array_map('read_balance', is_array($found) ? $found : [$found]);
}

function read_balance(mixed $one): array
{
    $money = ['amount' => $one->availableBalance->amount ?? '', 'currency' => $one->availableBalance->currency ?? ''];
    $isText = $money === array_filter($money, 'is_string') && ctype_alnum($money['currency']);
    $isText && preg_match('/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/D', $money['amount']) || unreadable('/v2/balance');
    return ['name' => is_string($one->name ?? null) ? $one->name : '', 'availableBalance' => $money];
}
