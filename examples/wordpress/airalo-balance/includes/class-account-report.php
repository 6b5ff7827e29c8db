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

	/**
	 * Adds a notice to the page that is about to be sent.
	 *
	 * @param bool $is_saved Whether the settings have just been saved. Then Airalo is asked, however new its last answer is.
	 */
	public function add_notice( bool $is_saved ): void {
		if ( null === $this->settings->base_url() ) {
			$text = $this->settings->has_path_in_address()
				? __( 'AIRALO_BASE_URL has to be an address without a path, which the plugin adds. Airalo is not asked.', 'airalo-balance' )
				: __( 'AIRALO_BASE_URL has to be an https address, or http on a loopback address. Airalo is not asked.', 'airalo-balance' );
			$this->add( 'error', $text );
			return;
		}
		if ( ! $this->settings->is_complete() ) {
			$this->add_incomplete();
			return;
		}
		$before = $this->balance->known();
		$state  = $this->balance->current( $is_saved );
		if ( $is_saved && 'upstream-timeout' === $state['problem'] && $before['asked_at'] === $state['asked_at'] ) {
			$this->add( 'warning', __( 'Another process is asking Airalo at this moment. Save again to see its answer.', 'airalo-balance' ) );
		} elseif ( null === $state['problem'] ) {
			/* translators: 1: amounts with their currencies, 2: a time of day */
			$text = __( 'Airalo answers. Available credit: %1$s, as of %2$s.', 'airalo-balance' );
			$this->add( 'success', sprintf( $text, self::amounts( $state ), self::time( $state['fetched_at'] ) ) );
		} elseif ( 'refreshing' !== $state['problem'] ) {
			$this->add( 'error', self::advice( $state['problem'] ) . ' ' . self::times( $state ) );
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
			fn( array $balance ) => Amount::parse( $balance['availableBalance']['amount'] )?->format( $balance['availableBalance']['currency'] ),
			$state['balances']
		);
		return array() === $texts ? __( 'there is no balance for this account', 'airalo-balance' ) : implode( ' · ', $texts );
	}

	private static function advice( string $problem ): string {
		return match ( $problem ) {
			'credentials-refused' => __( 'Airalo refuses these credentials. Compare the client ID and the client secret with those in Airalo’s partner console.', 'airalo-balance' ),
			'address-refused'     => __( 'Airalo refuses the network address of this server. Add it to the allow-list in Airalo’s partner console.', 'airalo-balance' ),
			'rate-limited'        => __( 'Airalo wants this site to wait.', 'airalo-balance' ),
			'upstream-timeout'    => __( 'Airalo did not answer in time.', 'airalo-balance' ),
			'invalid-response'    => __( 'Airalo answered with something that is not a balance.', 'airalo-balance' ),
			default               => __( 'Airalo could not be reached, or has a trouble of its own.', 'airalo-balance' ),
		};
	}

	/** When Airalo was asked, because what is said may be older than the page, and when it is asked again. */
	private static function times( array $state ): string {
		if ( time() < $state['not_before'] ) {
			/* translators: 1: a time of day, 2: a later one */
			$text = __( 'Airalo was asked at %1$s, and wants to be left alone until %2$s.', 'airalo-balance' );
			return sprintf( $text, self::time( $state['asked_at'] ), self::time( $state['not_before'] ) );
		}
		if ( 0 === $state['asked_at'] ) {
			return __( 'Airalo is asked again when you save.', 'airalo-balance' );
		}
		/* translators: 1: a time of day, 2: a later one */
		$text = __( 'Airalo was asked at %1$s. It is asked again from %2$s on, and whenever you save.', 'airalo-balance' );
		return sprintf( $text, self::time( $state['asked_at'] ), self::time( $state['due'] ) );
	}

	/** With its seconds: Airalo may want to be left alone for less than a minute. */
	private static function time( int $time ): string {
		return (string) wp_date( 'H:i:s', $time );
	}
}
