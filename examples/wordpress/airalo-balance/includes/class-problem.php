<?php
/**
 * Why there is no balance.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** A failure: by a code that the card knows, and in words for the log. */
final class Problem extends \RuntimeException {

	/**
	 * @param string $reason      One of the codes in `Answer::STATUS`.
	 * @param string $cause       What was asked and what came back, without credentials.
	 * @param int    $retry_after For how many seconds Airalo wants to be left alone; 0 where it does not say.
	 */
	public function __construct( public readonly string $reason, string $cause, public readonly int $retry_after = 0 ) {
		parent::__construct( $cause );
	}

	/** An answer with something else in it than what Airalo documents. */
	public static function unreadable( string $path ): self {
		return new self( 'invalid-response', "$path: not the documented JSON" );
	}
}
