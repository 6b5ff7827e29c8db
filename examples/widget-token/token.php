<?php

declare(strict_types=1);

// A token with which a page of yours may ask the proxy for the next ten minutes:
//   WIDGET_TOKEN_SECRET=… php token.php user-7 https://panel.example.com

// docs:token
function widget_token(string $secret, string $user, ?string $origin = null): string
{
    $part = fn (string $bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $claims = ['aud' => 'airalo-balance', 'exp' => time() + 600, 'sub' => $user, 'origin' => $origin];
    $signed = $part('{"alg":"HS256","typ":"JWT"}') . '.' . $part(json_encode($claims, JSON_THROW_ON_ERROR));
    return $signed . '.' . $part(hash_hmac('sha256', $signed, $secret, true));
}
// docs:end

// A panel that requires this file may have arguments of its own, and so has a request of the web.
if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__ && isset($argv[1])) {
    echo widget_token((string) getenv('WIDGET_TOKEN_SECRET'), $argv[1], $argv[2] ?? null), "\n";
}
