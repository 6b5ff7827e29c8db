<?php
/**
 * The requests to Airalo.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** Airalo's Partner API, of which two paths are used. No other class knows them. */
final class Partner_API {

	const TOKEN = 'airalo_balance_token';

	/** For how many seconds all requests may take. The card waits for 10. */
	const SECONDS = 8;

	private float $deadline = 0.0;

	public function __construct( private Settings $settings ) {}

	/**
	 * The balances, with their amounts as texts: a float would round long ones.
	 *
	 * @throws Problem Where there are none.
	 */
	public function balances(): array {
		$this->deadline = microtime( true ) + self::SECONDS;
		$response       = $this->request_balance();
		if ( 401 === wp_remote_retrieve_response_code( $response ) ) {
			// The token has expired or was revoked, and is renewed once.
			delete_transient( self::TOKEN );
			$response = $this->request_balance();
		}
		$json = self::read( '/v2/balance', $response );
		$data = $json->data ?? null;
		// Without an account there are no `balances`, or there is no `data`.
		$is_known = $data instanceof \stdClass || array() === $data || ( null === $data && property_exists( $json, 'data' ) );
		if ( ! $is_known || 'success' !== ( $json->meta->message ?? null ) ) {
			throw Problem::unreadable( '/v2/balance' );
		}
		$found = $data->balances ?? $data->accounts ?? array();
		return array_map( array( self::class, 'balance' ), is_array( $found ) ? $found : array( $found ) );
	}

	private function request_balance(): array {
		return $this->request( '/v2/balance', array( 'headers' => array( 'Authorization' => 'Bearer ' . $this->token() ) ) );
	}

	private function token(): string {
		$purpose = 'token ' . $this->settings->account();
		$token   = Secret_Box::decrypt( (string) get_transient( self::TOKEN ), $purpose );
		if ( '' !== $token ) {
			return $token;
		}
		$form  = array(
			'client_id'     => $this->settings->client_id(),
			'client_secret' => $this->settings->client_secret(),
			'grant_type'    => 'client_credentials',
		);
		$json  = self::read( '/v2/token', $this->request( '/v2/token', array( 'method' => 'POST', 'body' => $form ) ) );
		$data  = $json->data ?? null;
		$token = $data->access_token ?? null;
		// No header can hold another one.
		if ( ! is_string( $token ) || ! preg_match( '/^[!-~]+$/D', $token ) ) {
			throw Problem::unreadable( '/v2/token' );
		}
		// Airalo documents a lifetime of a day, and shows one of a year.
		$lifetime = filter_var( $data->expires_in ?? null, FILTER_VALIDATE_INT, array( 'options' => array( 'min_range' => 1 ) ) );
		$kept     = min( $lifetime ?: HOUR_IN_SECONDS, DAY_IN_SECONDS ) - MINUTE_IN_SECONDS;
		if ( $kept > 0 ) {
			set_transient( self::TOKEN, Secret_Box::encrypt( $token, $purpose ), $kept );
		}
		return $token;
	}

	private function request( string $path, array $options ): array {
		$base = $this->settings->base_url();
		if ( null === $base ) {
			throw new Problem( 'internal', 'AIRALO_BASE_URL has to be an https address, or http on a loopback address, without a user or a path' );
		}
		$options['headers']['Accept'] = 'application/json';
		$response                     = wp_remote_request(
			$base . $path,
			$options + array(
				'timeout'             => max( 0.1, $this->deadline - microtime( true ) ),
				'redirection'         => 0,
				'limit_response_size' => MB_IN_BYTES,
				'user-agent'          => 'airalo-balance/' . VERSION . ' (WordPress)',
			)
		);
		if ( is_wp_error( $response ) ) {
			$cause      = $response->get_error_message();
			$is_timeout = 1 === preg_match( '/cURL error 28|timed out/', $cause );
			throw new Problem( $is_timeout ? 'upstream-timeout' : 'upstream', "$path: $cause" );
		}
		return $response;
	}

	/** What is in a successful response; a problem in place of any other. */
	private static function read( string $path, array $response ): \stdClass {
		$body   = wp_remote_retrieve_body( $response );
		$status = wp_remote_retrieve_response_code( $response );
		if ( 200 === $status ) {
			$text = preg_replace( '/("amount"\s*:\s*)(-?[\d.eE+-]+)/', '$1"$2"', $body );
			$json = json_decode( (string) $text, false, 512, JSON_INVALID_UTF8_SUBSTITUTE );
			return $json instanceof \stdClass ? $json : throw Problem::unreadable( $path );
		}
		$after = wp_remote_retrieve_header( $response, 'retry-after' );
		$after = is_array( $after ) ? (string) end( $after ) : $after;
		throw new Problem(
			match ( $status ) {
				401, 422 => 'credentials-refused',
				403      => preg_match( '/"code"\s*:\s*89\b/', $body ) ? 'address-refused' : 'upstream',
				429      => 'rate-limited',
				default  => 'upstream',
			},
			"$path: status $status",
			ctype_digit( $after ) ? (int) $after : ( strtotime( $after ) ?: time() ) - time()
		);
	}

	private static function balance( mixed $one ): array {
		$money     = $one->availableBalance ?? null;
		$money     = array(
			'amount'   => $money->amount ?? null,
			'currency' => $money->currency ?? null,
		);
		$are_texts = array_filter( $money, 'is_string' ) === $money;
		if ( ! $are_texts || null === Amount::parse( $money['amount'] ) || ! ctype_alnum( $money['currency'] ) ) {
			throw Problem::unreadable( '/v2/balance' );
		}
		return array(
			'name'             => is_string( $one->name ?? null ) ? $one->name : '',
			'availableBalance' => $money,
		);
	}
}
