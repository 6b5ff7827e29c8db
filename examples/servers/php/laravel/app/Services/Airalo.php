<?php

declare(strict_types=1);

namespace App\Services;

use GuzzleHttp\Exception\TransferException;
use Illuminate\Contracts\Encryption\DecryptException;
use Illuminate\Http\Client\ConnectionException;
use Illuminate\Http\Client\PendingRequest;
use Illuminate\Http\Client\Response;
use Illuminate\Support\Facades\Cache;
use Illuminate\Support\Facades\Crypt;
use Illuminate\Support\Facades\Http;

/** The requests to Airalo, all of which have to be over after 8 seconds: the card waits for 10. */
final class Airalo
{
    private float $deadline;

    public function balances(): array
    {
        $this->deadline = microtime(true) + 8;
        try {
            $response = $this->http()->withToken($this->token())->get('/v2/balance');
            if ($response->status() === 401) {
                Cache::forget('airalo-token'); // It has expired or was revoked, and is renewed once.
                $response = $this->http()->withToken($this->token())->get('/v2/balance');
            }
        } catch (ConnectionException | TransferException $error) {
            $isTimeout = str_contains($error->getMessage(), 'cURL error 28');
            throw new AiraloProblem($isTimeout ? 'upstream-timeout' : 'upstream');
        }
        $json = $this->read($response);
        $found = $json['data']['balances'] ?? $json['data']['accounts'] ?? [];
        if (($json['meta']['message'] ?? null) !== 'success' || !is_array($found)) {
            throw new AiraloProblem('invalid-response');
        }
        return array_map($this->balance(...), array_is_list($found) ? $found : [$found]);
    }

    private function balance(mixed $one): array
    {
        $money = is_array($one['availableBalance'] ?? null) ? $one['availableBalance'] : [];
        $money = ['amount' => $money['amount'] ?? '', 'currency' => $money['currency'] ?? ''];
        $number = '/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/D';
        $areTexts = $money === array_filter($money, 'is_string');
        if (!$areTexts || !preg_match($number, $money['amount']) || !ctype_alnum($money['currency'])) {
            throw new AiraloProblem('invalid-response');
        }
        return ['name' => $one['name'] ?? '', 'availableBalance' => $money];
    }

    private function http(): PendingRequest
    {
        $options = ['allow_redirects' => false, 'timeout' => max(0.1, $this->deadline - microtime(true))];
        return Http::baseUrl(config('services.airalo.base_url'))->acceptJson()->withOptions($options);
    }

    private function token(): string
    {
        try {
            return Crypt::decryptString(Cache::get('airalo-token', ''));
        } catch (DecryptException) {
            // There is none, or the key of the application has changed.
        }
        $data = $this->read($this->http()->asForm()->post('/v2/token', [
            'client_id' => config('services.airalo.client_id'),
            'client_secret' => config('services.airalo.client_secret'),
            'grant_type' => 'client_credentials',
        ]))['data'];
        $token = $data['access_token'] ?? throw new AiraloProblem('invalid-response');
        // Airalo documents a lifetime of a day, and shows one of a year.
        $lifetime = min((int) ($data['expires_in'] ?? 3600), 86_400) - 60;
        Cache::put('airalo-token', Crypt::encryptString($token), $lifetime);
        return $token;
    }

    /** What is in a successful response; a problem in place of any other. */
    private function read(Response $response): array
    {
        if ($response->ok()) {
            // The amounts as text, because a float would round long ones.
            $text = preg_replace('/("amount"\s*:\s*)(-?[\d.eE+-]+)/', '$1"$2"', $response->body());
            $json = json_decode((string) $text, true);
            return is_array($json['data'] ?? null) ? $json : throw new AiraloProblem('invalid-response');
        }
        $after = $response->header('Retry-After');
        throw new AiraloProblem(match ($response->status()) {
            401, 422 => 'credentials-refused',
            403 => preg_match('/"code"\s*:\s*89\b/', $response->body()) ? 'address-refused' : 'upstream',
            429 => 'rate-limited',
            default => 'upstream',
        }, ctype_digit($after) ? (int) $after : (strtotime($after) ?: time()) - time());
    }
}
