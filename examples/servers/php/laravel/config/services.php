<?php

return [
    // Beside what is there already.
    // docs:airalo
    'airalo' => [
        'base_url' => env('AIRALO_BASE_URL', 'https://partners-api.airalo.com'),
        'client_id' => env('AIRALO_CLIENT_ID'),
        'client_secret' => env('AIRALO_CLIENT_SECRET'),
        // Airalo is asked at most once in this many seconds, whether it answers or fails.
        'balance_ttl' => env('BALANCE_TTL', 60),
        // For this many seconds a balance is served while there is no newer one.
        'max_stale' => env('MAX_STALE', 3600),
    ],
    // docs:end
];
