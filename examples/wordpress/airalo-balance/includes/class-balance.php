<?php
/**
 * The balance, and when Airalo is asked for it.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/**
 * Keeps the last balance, and asks Airalo for a newer one: one process at a time.
 *
 * A state is an array of `account` (whose it is), `balances`, `fetched_at`, `problem` (why there is no newer
 * balance, or `null`), `asked_at`, `due` (when Airalo is asked again) and `not_before` (until when Airalo itself wants
 * to be left alone).
 */
final class Balance {

	const STATE = 'airalo_balance_state';

	/** Airalo is asked at most once in this many seconds, whether it answers or fails, but for whoever saves settings. */
	const TTL = MINUTE_IN_SECONDS;
	/** For this many seconds a balance is served while there is no newer one. */
	const MAX_STALE = HOUR_IN_SECONDS;
	/** For this many seconds, at most, Airalo is left alone where it asks for that. */
	const MAX_WAIT = 15 * MINUTE_IN_SECONDS;

	public function __construct( private Settings $settings ) {}

	/** What is known, without a request to Airalo. */
	public function known(): array {
		$nothing = array(
			'account'    => $this->settings->account(),
			'balances'   => array(),
			'fetched_at' => 0,
			'problem'    => null,
			'asked_at'   => 0,
			'due'        => 0,
			'not_before' => 0,
		);
		$state   = get_transient( self::STATE );
		// An older version has stored no `asked_at` and no `not_before`.
		return is_array( $state ) && ( $state['account'] ?? null ) === $nothing['account'] ? $state + $nothing : $nothing;
	}

	/**
	 * What is known after Airalo was asked, where it may be asked.
	 *
	 * @param bool $at_once Whether to ask before the minute is over: for somebody who has just changed something.
	 */
	public function current( bool $at_once = false ): array {
		$state = $this->known();
		if ( ! $this->settings->is_complete() ) {
			return array( 'problem' => 'credentials-refused', 'due' => time() + self::TTL ) + $state;
		}
		$when = $at_once ? 'not_before' : 'due';
		if ( time() < $state[ $when ] ) {
			return $state;
		}
		// It outlives the requests. Whoever has a balance does not wait for a newer one.
		$lock       = new Lock( Partner_API::SECONDS + 2 );
		$has_enough = self::is_usable( $state ) && ! $at_once;
		if ( ! $lock->acquire( $has_enough ? 0 : Partner_API::SECONDS + 1 ) ) {
			return $has_enough
				? array( 'problem' => $state['problem'] ?? 'refreshing' ) + $state
				: array( 'problem' => 'upstream-timeout', 'due' => time() + 1 ) + $state;
		}
		try {
			self::forget_local_copy();
			$state = $this->known();
			if ( time() >= $state[ $when ] ) {
				$state = array( 'asked_at' => time() ) + $this->refresh( $state );
				set_transient( self::STATE, $state, self::MAX_STALE + self::MAX_WAIT );
			}
			return $state;
		} finally {
			$lock->release();
		}
	}

	/** Whether there is a balance that may still be served. */
	public static function is_usable( array $state ): bool {
		return time() - $state['fetched_at'] < self::MAX_STALE;
	}

	private function refresh( array $state ): array {
		try {
			$balances = ( new Partner_API( $this->settings ) )->balances();
			$fresh    = array( 'balances' => $balances, 'fetched_at' => time(), 'problem' => null, 'not_before' => 0 );
			return $fresh + array( 'due' => time() + self::TTL ) + $state;
		} catch ( Problem $problem ) {
			error_log( "Airalo Balance: no new balance from Airalo: $problem->reason ({$problem->getMessage()})" );
			$wait = max( self::TTL, min( $problem->retry_after, self::MAX_WAIT ) );
			$left = time() + min( $problem->retry_after, self::MAX_WAIT );
			return array( 'problem' => $problem->reason, 'due' => time() + $wait, 'not_before' => $left ) + $state;
		}
	}

	/** Another process may have written the state since this one has read it. */
	private static function forget_local_copy(): void {
		if ( wp_using_ext_object_cache() ) {
			wp_cache_get( self::STATE, 'transient', true );
			return;
		}
		foreach ( array( '_transient_' . self::STATE, '_transient_timeout_' . self::STATE, 'notoptions' ) as $key ) {
			wp_cache_delete( $key, 'options' );
		}
	}
}
