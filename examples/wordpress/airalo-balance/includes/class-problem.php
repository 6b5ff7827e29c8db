<?php
/**
 * Why there is no balance.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** A failure, by a code that the card knows. */
final class Problem extends \RuntimeException {

	/**
	 * @param string $problem     One of the codes in `Answer::STATUS`.
	 * @param int    $retry_after For how many seconds Airalo wants to be left alone; 0 where it does not say.
	 */
	public function __construct( public readonly string $problem, public readonly int $retry_after = 0 ) {
		parent::__construct( $problem );
	}
}
