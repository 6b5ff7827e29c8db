<?php
/**
 * What the card reads.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** A balance or a problem, in the words of the card's contract. */
final class Answer {

	/** The status of each problem. */
	const STATUS = array(
		'unauthorized'        => 401,
		'credentials-refused' => 502,
		'address-refused'     => 502,
		'invalid-response'    => 502,
		'upstream'            => 502,
		'rate-limited'        => 503,
		'upstream-timeout'    => 504,
		'internal'            => 500,
	);

	/** The balance, as old as it may be. */
	public static function balance( array $state ): array {
		$meta = array(
			'message'    => 'success',
			'fetched_at' => gmdate( 'Y-m-d\TH:i:s\Z', $state['fetched_at'] ),
			'stale'      => null !== $state['problem'],
		);
		if ( null !== $state['problem'] ) {
			$meta['reason'] = $state['problem'];
		}
		return array(
			'data' => array( 'balances' => $state['balances'] ),
			'meta' => $meta,
		);
	}

	public static function problem( string $code ): array {
		return array(
			'status' => self::STATUS[ $code ],
			'code'   => $code,
		);
	}

	/** The amounts are numbers again. In a name, this text would have backslashes before its quotes. */
	public static function json( mixed $data ): string {
		$json = (string) wp_json_encode( $data, JSON_HEX_TAG | JSON_HEX_AMP );
		return (string) preg_replace( '/"amount":"([^"]+)"/', '"amount":$1', $json );
	}
}
