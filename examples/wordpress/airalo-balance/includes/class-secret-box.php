<?php
/**
 * Encryption of what is kept in the database.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/**
 * Encrypts by the salts in wp-config.php, so that a copy of the database alone holds no secret.
 * WordPress brings these functions along where PHP lacks its extension sodium.
 */
final class Secret_Box {

	/**
	 * Encrypts a text. What was encrypted for one purpose cannot be read for another one.
	 */
	public static function encrypt( string $text, string $purpose ): string {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		return base64_encode( $nonce . sodium_crypto_secretbox( $text, $nonce, self::key( $purpose ) ) );
	}

	/**
	 * The text; empty where there is none, where the salts have changed, or where it is for another purpose.
	 */
	public static function decrypt( string $encrypted, string $purpose ): string {
		$bytes = (string) base64_decode( $encrypted, true );
		$nonce = substr( $bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		if ( strlen( $nonce ) < SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ) {
			return '';
		}
		return (string) sodium_crypto_secretbox_open( substr( $bytes, strlen( $nonce ) ), $nonce, self::key( $purpose ) );
	}

	private static function key( string $purpose ): string {
		return hash_hmac( 'sha256', "airalo-balance $purpose", wp_salt( 'auth' ), true );
	}
}
