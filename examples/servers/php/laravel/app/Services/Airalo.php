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
use stdClass;

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
            throw new AiraloProblem($isTimeout ? 'upstream-timeout' : 'upstream', $error->getMessage());
        }
        $json = $this->read('/v2/balance', $response);
        $data = $json->data ?? null;
        // Without an account there are no `balances`, or there is no `data`.
        $isKnown = $data instanceof stdClass || $data === [] || $data === null && property_exists($json, 'data');
        $isKnown && ($json->meta->message ?? null) === 'success' || throw AiraloProblem::unreadable('/v2/balance');
        $found = $data->balances ?? $data->accounts ?? [];
        return array_map($this->balance(...), is_array($found) ? $found : [$found]);
    }

    private function balance(mixed $one): array
    {
        $money = ['amount' => data_get($one, 'availableBalance.amount'), 'currency' => data_get($one, 'availableBalance.currency')];
        $number = '/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/D';
        $areTexts = $money === array_filter($money, 'is_string');
        $isMoney = $areTexts && preg_match($number, $money['amount']) && ctype_alnum($money['currency']);
        $isMoney || throw AiraloProblem::unreadable('/v2/balance');
        return ['name' => is_string($one->name ?? null) ? $one->name : '', 'availableBalance' => $money];
    }

    private function http(): PendingRequest
    {
        $url = config('services.airalo.base_url', 'https://partners-api.airalo.com');
        // The secret must not travel unencrypted beyond this machine.
        preg_match('~^https://[^@\s]+$|^http://(localhost|127(\.\d+){3}|\[::1\])(:\d+)?/?$~D', $url)
            || throw new \RuntimeException('AIRALO_BASE_URL has to be https without a user, or http on a loopback address');
        $options = ['allow_redirects' => false, 'timeout' => max(0.1, $this->deadline - microtime(true))];
        return Http::baseUrl($url)->acceptJson()->withOptions($options);
    }

    private function token(): string
    {
        try {
            return Crypt::decryptString(Cache::get('airalo-token', ''));
        } catch (DecryptException) {
            // There is none, or the key of the application has changed.
        }
        $form = collect(config('services.airalo'))->only('client_id', 'client_secret')->all();
        $form += ['grant_type' => 'client_credentials'];
        $data = $this->read('/v2/token', $this->http()->asForm()->post('/v2/token', $form))->data ?? null;
        $token = $data->access_token ?? null;
        is_string($token) && preg_match('/^[!-~]+$/D', $token) || throw AiraloProblem::unreadable('/v2/token');
        // Airalo documents a lifetime of a day, and shows one of a year.
        $lifetime = filter_var($data->expires_in ?? null, FILTER_VALIDATE_INT, ['options' => ['min_range' => 1]]);
        Cache::put('airalo-token', Crypt::encryptString($token), min($lifetime ?: 3600, 86_400) - 60);
        return $token;
    }

    /** What is in a successful response; a problem in place of any other. */
    private function read(string $path, Response $response): stdClass
    {
        if ($response->ok()) {
            // The amounts as text, because a float would round long ones.
            $json = json_decode(preg_replace('/("amount"\s*:\s*)(-?[\d.eE+-]+)/', '$1"$2"', $response->body()) ?? '');
            return $json instanceof stdClass ? $json : throw AiraloProblem::unreadable($path);
        }
        $after = $response->header('Retry-After');
        $wait = ctype_digit($after) ? (int) $after : (strtotime($after) ?: time()) - time();
        throw new AiraloProblem(match ($response->status()) {
            401, 422 => 'credentials-refused',
            403 => preg_match('/"code"\s*:\s*89\b/', $response->body()) ? 'address-refused' : 'upstream',
            429 => 'rate-limited',
            default => 'upstream',
        }, "$path: status {$response->status()}", $wait);
    }
}
