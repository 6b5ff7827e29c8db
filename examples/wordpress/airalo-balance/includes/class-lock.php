<?php
/**
 * A lock that all processes of the site share.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/**
 * A row of the table of options, as WordPress itself locks its updates: adding one of the same name fails,
 * on whichever server it is tried. It ends by itself, also where a process dies.
 */
final class Lock {

	const NAME = 'airalo_balance_lock';

	private string $value = '';

	public function __construct( private int $seconds ) {}

	/** Gets the lock, or waits for it for this many seconds. */
	public function acquire( int $patience ): bool {
		$end = microtime( true ) + $patience;
		while ( ! $this->try() ) {
			if ( microtime( true ) >= $end ) {
				return false;
			}
			usleep( 100_000 );
		}
		return true;
	}

	/** Does nothing where another process has it. */
	public function release(): void {
		global $wpdb;
		$wpdb->query( $wpdb->prepare( "DELETE FROM $wpdb->options WHERE option_name = %s AND option_value = %s", self::NAME, $this->value ) );
	}

	private function try(): bool {
		global $wpdb;
		// The time at which it ends, and which one it is.
		$this->value = ( time() + $this->seconds ) . ' ' . wp_generate_password( 12, false );
		$wpdb->query( $wpdb->prepare( "DELETE FROM $wpdb->options WHERE option_name = %s AND option_value < %s", self::NAME, (string) time() ) );
		return 1 === $wpdb->query(
			$wpdb->prepare( "INSERT IGNORE INTO $wpdb->options (option_name, option_value, autoload) VALUES (%s, %s, 'no')", self::NAME, $this->value )
		);
	}
}
