<?php

declare(strict_types=1);

// The login of a panel as small as can be. Yours is there already; balance.php needs one function of it.

/** Whoever is not signed in gets 401, not a redirect to a page. */
function require_login(): void
{
    // Closed at once: an open session would keep the other requests of its user waiting.
    session_start(['read_and_close' => true, 'cookie_httponly' => true, 'cookie_samesite' => 'Lax']);
    if (!isset($_SESSION['user'])) {
        http_response_code(401);
        header('Content-Type: application/problem+json');
        header('Cache-Control: private, no-store');
        exit('{"status":401,"code":"unauthorized"}');
    }
}

function sign_in(string $password): void
{
    $expected = (string) getenv('PANEL_PASSWORD');
    if ($expected === '' || !hash_equals($expected, $password)) {
        http_response_code(403);
        exit;
    }
    session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax']);
    // A new id, so that nobody can have brought it along.
    session_regenerate_id(true);
    $_SESSION['user'] = 'admin';
    header('Location: /', true, 303);
}
