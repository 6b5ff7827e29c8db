<?php

declare(strict_types=1);

// A Laravel application around the controller of examples/servers/php/laravel, for PHP's built-in
// server: the framework as Debian packages it, its own session, `auth`, cache and HTTP client.

use Illuminate\Auth\GenericUser;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel as KernelContract;
use Illuminate\Contracts\Console\Kernel as ConsoleContract;
use Illuminate\Cookie\Middleware\AddQueuedCookiesToResponse;
use Illuminate\Cookie\Middleware\EncryptCookies;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Http\Request;
use Illuminate\Session\Middleware\StartSession;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Cache;
use Illuminate\Support\Facades\Route;

// Laravel 8 is older than PHP 8.2, and what is deprecated since then is no concern of this test.
error_reporting(E_ALL & ~E_DEPRECATED);
require_once 'Illuminate/autoload.php';
require_once 'GuzzleHttp/autoload.php';

const EXAMPLE = __DIR__ . '/../../../examples/servers/php/laravel';
foreach (['Services/AiraloProblem', 'Services/Airalo', 'Http/Controllers/AiraloBalanceController'] as $class) {
    require_once EXAMPLE . "/app/$class.php";
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) {
    return false; // A file of the card.
}

final class HttpKernel extends Kernel
{
    protected $middlewareGroups = ['web' => [EncryptCookies::class, AddQueuedCookiesToResponse::class, StartSession::class]];
    protected $routeMiddleware = ['auth' => Illuminate\Auth\Middleware\Authenticate::class];
    protected $bootstrappers = [
        Illuminate\Foundation\Bootstrap\HandleExceptions::class,
        Illuminate\Foundation\Bootstrap\RegisterFacades::class,
        Illuminate\Foundation\Bootstrap\RegisterProviders::class,
        Illuminate\Foundation\Bootstrap\BootProviders::class,
    ];
}

$folder = getenv('AIRALO_STATE_DIR');
@mkdir("$folder/bootstrap/cache", 0700, true);
$application = new Application($folder);
$application->singleton(KernelContract::class, HttpKernel::class);
$application->singleton(ExceptionHandler::class, Handler::class);
$application->instance('env', 'testing');
$application->instance('config', new Illuminate\Config\Repository([
    'app' => [
        'key' => 'base64:' . base64_encode(hash('sha256', $folder, true)),
        'cipher' => 'AES-256-CBC',
        'timezone' => 'UTC',
        'locale' => 'en',
        'fallback_locale' => 'en',
        'debug' => false,
        'providers' => [
            Illuminate\Auth\AuthServiceProvider::class,
            Illuminate\Cache\CacheServiceProvider::class,
            Illuminate\Cookie\CookieServiceProvider::class,
            Illuminate\Encryption\EncryptionServiceProvider::class,
            Illuminate\Filesystem\FilesystemServiceProvider::class,
            Illuminate\Foundation\Providers\FoundationServiceProvider::class,
            Illuminate\Session\SessionServiceProvider::class,
            Illuminate\Translation\TranslationServiceProvider::class,
            Illuminate\View\ViewServiceProvider::class,
        ],
        'aliases' => [],
    ],
    'auth' => ['defaults' => ['guard' => 'web'], 'guards' => ['web' => ['driver' => 'panel']]],
    'cache' => ['default' => 'file', 'stores' => ['file' => ['driver' => 'file', 'path' => "$folder/cache"]], 'prefix' => ''],
    'logging' => ['default' => 'errors', 'channels' => ['errors' => ['driver' => 'errorlog']]],
    'services' => require EXAMPLE . '/config/services.php',
    'session' => ['driver' => 'file', 'files' => $folder, 'lifetime' => 120, 'expire_on_close' => false, 'lottery' => [0, 100],
        'cookie' => 'panel', 'path' => '/', 'domain' => null, 'secure' => false, 'http_only' => true, 'same_site' => 'lax'],
    'view' => ['paths' => [], 'compiled' => $folder],
]));

Illuminate\Support\Facades\Facade::setFacadeApplication($application);
$application->booted(function (): void {
    $user = fn (Request $request) => $request->session()->has('user') ? new GenericUser(['id' => 1]) : null;
    Auth::viaRequest('panel', $user);
    Route::middleware('web')->group(function (): void {
        require EXAMPLE . '/routes/web.php';
        Route::get('/', fn () => response()->file(EXAMPLE . '/../../panel.html'));
        // As a process does that does not come to an end.
        Route::get('/hold-lock', fn () => abort_unless(Cache::lock('airalo-balance-refresh', 60)->get(), 409) ?? '');
        Route::post('/sign-in', function (Request $request) {
            $expected = (string) getenv('PANEL_PASSWORD');
            abort_unless($expected !== '' && hash_equals($expected, (string) $request->input('password')), 403);
            $request->session()->regenerate();
            $request->session()->put('user', 'admin');
            return redirect('/', 303);
        });
    });
});

$kernel = $application->make(KernelContract::class);
$response = $kernel->handle($request = Request::capture());
$response->send();
$kernel->terminate($request, $response);
