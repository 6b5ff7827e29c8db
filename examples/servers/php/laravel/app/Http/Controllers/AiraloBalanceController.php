<?php

declare(strict_types=1);

namespace App\Http\Controllers;

use App\Services\Airalo;
use App\Services\AiraloProblem;
use Illuminate\Contracts\Cache\LockTimeoutException;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Illuminate\Support\Facades\Cache;

/** `GET /api/balance` for the card. Its cache has to have locks, and to be shared where there are several servers. */
final class AiraloBalanceController
{
    private const NOTHING = ['balances' => [], 'fetched_at' => 0, 'problem' => null, 'due' => 0];

    public function __invoke(Request $request, Airalo $airalo): Response
    {
        // Pages of another origin must ask before they send this header, and nothing here allows it.
        if ($request->header('X-Airalo-Widget') !== '1') {
            return $this->refuse('missing-widget-header');
        }
        if (!in_array($request->header('Sec-Fetch-Site', 'none'), ['same-origin', 'none'], true)) {
            return $this->refuse('forbidden-origin');
        }
        $state = $this->current($airalo);
        $problem = $state['problem'];
        if ($problem !== null && !$this->isUsable($state)) {
            return $this->refuse($problem, ['Retry-After' => (string) max(1, $state['due'] - time())]);
        }
        $fetchedAt = gmdate('Y-m-d\TH:i:s\Z', $state['fetched_at']);
        $reason = $problem === null ? [] : ['reason' => $problem];
        $meta = ['message' => 'success', 'fetched_at' => $fetchedAt, 'stale' => $problem !== null] + $reason;
        return $this->respond(['data' => ['balances' => $state['balances']], 'meta' => $meta]);
    }

    private function current(Airalo $airalo): array
    {
        $load = fn (): array => Cache::get('airalo-balance', self::NOTHING);
        $state = $load();
        if (time() < $state['due']) {
            return $state;
        }
        $lock = Cache::lock('airalo-balance-refresh', 10);
        try {
            // One process asks Airalo. The others wait for its answer only where they have no balance.
            if (!($this->isUsable($state) ? $lock->get() : $lock->block(9))) {
                return ['problem' => $state['problem'] ?? 'refreshing'] + $state;
            }
            $state = $load();
            if (time() >= $state['due']) {
                $state = $this->refresh($airalo, $state);
                Cache::forever('airalo-balance', $state);
            }
            return $state;
        } catch (LockTimeoutException) {
            return ['problem' => 'upstream-timeout', 'due' => time() + 1] + $state;
        } finally {
            $lock->release(); // Does nothing where another process has it.
        }
    }

    private function refresh(Airalo $airalo, array $state): array
    {
        $wait = config('services.airalo.balance_ttl', 60);
        ctype_digit((string) $wait) || throw new \RuntimeException('BALANCE_TTL has to be a whole number of seconds');
        try {
            return ['balances' => $airalo->balances(), 'problem' => null, 'fetched_at' => time(), 'due' => time() + $wait];
        } catch (AiraloProblem $problem) {
            logger()->warning("No new balance from Airalo: {$problem->reason} ({$problem->getMessage()})");
            $wait = max($wait, min($problem->retryAfter, 900));
            return ['problem' => $problem->reason, 'due' => time() + $wait] + $state;
        }
    }

    private function isUsable(array $state): bool
    {
        $seconds = config('services.airalo.max_stale', 3600);
        ctype_digit((string) $seconds) || throw new \RuntimeException('MAX_STALE has to be a whole number of seconds');
        return time() - $state['fetched_at'] < $seconds;
    }

    private function refuse(string $code, array $headers = []): Response
    {
        $status = AiraloProblem::STATUS[$code] ?? 502;
        $headers['Content-Type'] = 'application/problem+json';
        return $this->respond(['status' => $status, 'code' => $code], $status, $headers);
    }

    private function respond(array $body, int $status = 200, array $headers = []): Response
    {
        // The amounts are numbers again. In a name, this text would have backslashes before its quotes.
        $json = preg_replace('/"amount":"([^"]+)"/', '"amount":$1', json_encode($body, JSON_THROW_ON_ERROR));
        $headers += ['Content-Type' => 'application/json', 'Cache-Control' => 'private, no-store'];
        return response($json, $status, $headers);
    }
}
