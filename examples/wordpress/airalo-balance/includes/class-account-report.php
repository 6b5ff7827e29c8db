<?php
/**
 * What the settings page says about the account.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** Tells the operator whether Airalo answers, and what to do where it does not. */
final class Account_Report {

	public function __construct( private Settings $settings, private Balance $balance ) {}

	/** Adds a notice to the page that is about to be sent. */
	public function add_notice(): void {
		if ( null === $this->settings->base_url() ) {
			$this->add( 'error', __( 'AIRALO_BASE_URL has to be an https address, or http on a loopback address. Airalo is not asked.', 'airalo-balance' ) );
			return;
		}
		if ( ! $this->settings->is_complete() ) {
			$this->add_incomplete();
			return;
		}
		$state = $this->balance->current();
		if ( null === $state['problem'] ) {
			/* translators: %s: amounts with their currencies */
			$this->add( 'success', sprintf( __( 'Airalo answers. Available credit: %s', 'airalo-balance' ), self::amounts( $state ) ) );
		} elseif ( 'refreshing' !== $state['problem'] ) {
			$this->add( 'error', self::advice( $state['problem'] ) );
		}
	}

	private function add_incomplete(): void {
		$stored = $this->settings->stored();
		if ( $this->settings->has_constants() ) {
			$this->add( 'error', __( 'wp-config.php has to define both AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET.', 'airalo-balance' ) );
		} elseif ( isset( $stored['encrypted_secret'] ) ) {
			$this->add( 'error', __( 'The saved secret cannot be read any more, because the salts in wp-config.php have changed. Enter it again.', 'airalo-balance' ) );
		} elseif ( array() !== $stored ) {
			$this->add( 'warning', __( 'Both the client ID and the client secret are needed.', 'airalo-balance' ) );
		}
	}

	private function add( string $type, string $text ): void {
		add_settings_error( Settings::OPTION, 'account', esc_html( $text ), $type );
	}

	private static function amounts( array $state ): string {
		$texts = array_map(
			fn( array $balance ) => implode( ' ', array_reverse( $balance['availableBalance'] ) ),
			$state['balances']
		);
		return array() === $texts ? __( 'there is no balance for this account', 'airalo-balance' ) : implode( ' · ', $texts );
	}

	private static function advice( string $problem ): string {
		return match ( $problem ) {
			'credentials-refused' => __( 'Airalo refuses these credentials. Compare the client ID and the client secret with those in Airalo’s partner console.', 'airalo-balance' ),
			'address-refused'     => __( 'Airalo refuses the network address of this server. Add it to the allow-list in Airalo’s partner console.', 'airalo-balance' ),
			'rate-limited'        => __( 'Airalo wants this site to wait. It is asked again later.', 'airalo-balance' ),
			'upstream-timeout'    => __( 'Airalo did not answer in time. It is asked again after a minute.', 'airalo-balance' ),
			'invalid-response'    => __( 'Airalo answered with something that is not a balance. It is asked again after a minute.', 'airalo-balance' ),
			default               => __( 'Airalo could not be reached, or has a trouble of its own. It is asked again after a minute.', 'airalo-balance' ),
		};
	}
}
