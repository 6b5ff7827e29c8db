<?php

declare(strict_types=1);

namespace App\Services;

use RuntimeException;

/** Why there is no balance, by a code that the card knows. */
final class AiraloProblem extends RuntimeException
{
    public function __construct(public readonly string $problem, public readonly int $retryAfter = 0)
    {
        parent::__construct($problem);
    }
}
