<?php

declare(strict_types=1);

namespace App\Services;

use RuntimeException;

/** Why there is no balance: by a code that the card knows, and in words for the log. */
final class AiraloProblem extends RuntimeException
{
    public function __construct(public readonly string $problem, string $cause, public readonly int $retryAfter = 0)
    {
        parent::__construct($cause);
    }

    public static function unreadable(string $path): self
    {
        return new self('invalid-response', "$path: not the documented JSON");
    }
}
