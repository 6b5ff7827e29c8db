<?php

declare(strict_types=1);

namespace App\Services;

use RuntimeException;

/** Why there is no balance: by a code that the card knows, and in words for the log. */
final class AiraloProblem extends RuntimeException
{
    public const STATUS = [ // Where it is not 502.
        'missing-widget-header' => 403, 'forbidden-origin' => 403, 'rate-limited' => 503, 'upstream-timeout' => 504,
    ];

    public function __construct(public readonly string $reason, string $cause, public readonly int $retryAfter = 0)
    {
        parent::__construct($cause);
    }

    public static function unreadable(string $path): self
    {
        return new self('invalid-response', "$path: not the documented JSON");
    }
}
