import "./vendor/airalo-balance.js";
