<?php
/**
 * What the settings page sends, before it is stored.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** Checks the fields of the settings page. A field with a mistake keeps its last value. */
final class Sanitizer {

	public function __construct( private Settings $settings ) {}

	/**
	 * WordPress calls it twice where there is no option yet, so its own result has to go through unchanged.
	 */
	public function sanitize( mixed $input ): array {
		$stored = $this->settings->stored();
		$input  = is_array( $input ) ? array_filter( $input, 'is_string' ) : array();
		$result = array( 'top_up_url' => $this->url( $input, $stored ) ) + $this->credentials( $input, $stored );
		foreach ( array_keys( Settings::NUMBERS ) as $name ) {
			$result[ $name ] = $this->number( $name, $input, $stored );
		}
		$this->compare( $result );
		return array_filter( $result, 'strlen' );
	}

	private function credentials( array $input, array $stored ): array {
		if ( $this->settings->has_constants() ) {
			// The fields are disabled, and not sent.
			$input += $stored;
		}
		$client_id = sanitize_text_field( $input['client_id'] ?? '' );
		$secret    = trim( $input['client_secret'] ?? '' );
		$encrypted = $input['encrypted_secret'] ?? $stored['encrypted_secret'] ?? '';
		if ( '' !== $secret ) {
			$encrypted = Secret_Box::encrypt( $secret, 'secret' );
		}
		return array(
			'client_id'        => $client_id,
			'encrypted_secret' => '' === $client_id ? '' : $encrypted,
		);
	}

	private function number( string $name, array $input, array $stored ): string {
		$entered = trim( $input[ $name ] ?? '' );
		$number  = str_replace( ',', '.', $entered );
		$amount  = Amount::parse( $number );
		if ( preg_match( '/^-?[1-9]\d{0,2}[.,]\d{3}$/D', $entered ) ) {
			/* translators: %s: what was entered, such as 1,000 */
			$text = __( '“%s” was not saved, because it can be read in two ways. Write thousands without a separator, such as 1000, and a fraction with two digits, such as 1.00.', 'airalo-balance' );
		} elseif ( '' !== $entered && ( null === $amount || ! preg_match( '/^[\d.-]+$/D', $number ) ) ) {
			/* translators: %s: what was entered */
			$text = __( '“%s” was not saved, because it is not an amount such as 1000 or 49.50, without separators of thousands.', 'airalo-balance' );
		} elseif ( '' !== $entered && ! $amount->is_above_zero() ) {
			// The card takes such a number, but at zero it warns by itself, and a limit of zero has no share.
			/* translators: %s: what was entered */
			$text = __( '“%s” was not saved, because it has to be above zero. Leave the field empty to do without.', 'airalo-balance' );
		} else {
			return $number;
		}
		$this->complain( $name, sprintf( $text, $entered ) );
		return $stored[ $name ] ?? '';
	}

	private function url( array $input, array $stored ): string {
		$entered = trim( $input['top_up_url'] ?? '' );
		$url     = esc_url_raw( $entered, array( 'http', 'https' ) );
		if ( '' === $entered || ( '' !== $url && wp_parse_url( $url, PHP_URL_HOST ) ) ) {
			return $url;
		}
		$this->complain( 'top_up_url', __( 'The address for top-ups has to begin with https:// or http://, and was not saved.', 'airalo-balance' ) );
		return $stored['top_up_url'] ?? '';
	}

	private function compare( array $result ): void {
		$are_both = '' !== $result['low_threshold'] && '' !== $result['critical_threshold'];
		if ( $are_both && (float) $result['critical_threshold'] > (float) $result['low_threshold'] ) {
			$this->complain( 'compare', __( 'The urgent warning comes before the other one: its amount should be the smaller one.', 'airalo-balance' ) );
		}
	}

	private function complain( string $code, string $text ): void {
		add_settings_error( Settings::OPTION, $code, esc_html( $text ) );
	}
}
