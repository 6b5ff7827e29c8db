<?php
/**
 * The settings: constants of wp-config.php, and one option.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** What the operator of the site has set. */
final class Settings {

	private const AIRALO = 'https://partners-api.airalo.com';

	const OPTION = 'airalo_balance';

	/** https, or http on a loopback address. */
	const SAFE_ORIGIN = '(https://[^/@?#\s]+|http://(localhost|127(\.\d+){3}|\[::1\])(:\d+)?)';

	/** Fields that hold a number, and the attribute of the card that each one is. */
	const NUMBERS = array(
		'low_threshold'      => 'low-threshold',
		'critical_threshold' => 'critical-threshold',
		'credit_limit'       => 'credit-limit',
	);

	/** The option as it is stored: texts, of which `encrypted_secret` is encrypted. */
	public function stored(): array {
		$stored = get_option( self::OPTION );
		return is_array( $stored ) ? array_filter( $stored, 'is_string' ) : array();
	}

	/** The capability with which a user sees the balance. Only administrators see the settings. */
	public static function capability(): string {
		/**
		 * Filters the capability with which a user sees the balance.
		 *
		 * @param string $capability Of WordPress or of a plugin, such as `manage_woocommerce`.
		 */
		return (string) apply_filters( 'airalo_balance_capability', 'manage_options' );
	}

	/** Whether the credentials are in wp-config.php. Then those of the settings page do not count. */
	public function has_constants(): bool {
		return defined( 'AIRALO_CLIENT_ID' ) || defined( 'AIRALO_CLIENT_SECRET' );
	}

	public function client_id(): string {
		return $this->has_constants() ? self::constant( 'AIRALO_CLIENT_ID' ) : $this->stored()['client_id'] ?? '';
	}

	/** The secret; empty where there is none, or where it cannot be decrypted any more. */
	public function client_secret(): string {
		if ( $this->has_constants() ) {
			return self::constant( 'AIRALO_CLIENT_SECRET' );
		}
		return Secret_Box::decrypt( $this->stored()['encrypted_secret'] ?? '', 'secret' );
	}

	/** Deletes the saved secret, for which there is no use beside constants; says whether there was one. */
	public function delete_saved_secret(): bool {
		$stored = $this->stored();
		if ( ! isset( $stored['encrypted_secret'] ) ) {
			return false;
		}
		unset( $stored['encrypted_secret'] );
		// What is left was checked when it was saved, and nobody is here to be told of a mistake in it.
		remove_all_filters( 'sanitize_option_' . self::OPTION );
		return update_option( self::OPTION, $stored, false );
	}

	public function is_complete(): bool {
		return '' !== $this->client_id() && '' !== $this->client_secret();
	}

	/**
	 * Where Airalo is asked; `null` for an address at which the secret would travel unencrypted beyond this machine,
	 * or to which no path can be added. A constant alone sets it: whoever can change it gets the secret sent.
	 */
	public function base_url(): ?string {
		$url = defined( 'AIRALO_BASE_URL' ) ? self::constant( 'AIRALO_BASE_URL' ) : self::AIRALO;
		return preg_match( '~^' . self::SAFE_ORIGIN . '/?$~D', $url ) ? rtrim( $url, '/' ) : null;
	}

	/** The address that is asked in place of Airalo's; `null` where Airalo itself is asked, or nobody. */
	public function other_address(): ?string {
		return self::AIRALO === $this->base_url() ? null : $this->base_url();
	}

	/** Whether the address would be right without what follows its host. */
	public function has_path_in_address(): bool {
		return null === $this->base_url() && preg_match( '~^' . self::SAFE_ORIGIN . '[/?#]~', self::constant( 'AIRALO_BASE_URL' ) );
	}

	/** Names the account: what is known of one is nothing that holds for another. */
	public function account(): string {
		$parts = array( $this->base_url(), $this->client_id(), $this->client_secret() );
		return hash_hmac( 'sha256', (string) wp_json_encode( $parts ), wp_salt( 'auth' ) );
	}

	/** The attributes that these settings give the card. */
	public function card_attributes(): array {
		$stored     = $this->stored();
		$attributes = array( 'top-up-url' => $stored['top_up_url'] ?? '' );
		foreach ( self::NUMBERS as $field => $attribute ) {
			$attributes[ $attribute ] = $stored[ $field ] ?? '';
		}
		return array_filter( $attributes, 'strlen' );
	}

	private static function constant( string $name ): string {
		return defined( $name ) ? trim( (string) constant( $name ) ) : '';
	}
}
