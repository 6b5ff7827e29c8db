<?php

// docs:route
use App\Http\Controllers\AiraloBalanceController;
use Illuminate\Support\Facades\Route;

// The routes of this file have a session: `auth` answers 401 to the card of somebody who is not signed in.
Route::get('/api/balance', AiraloBalanceController::class)->middleware('auth');
// docs:end
