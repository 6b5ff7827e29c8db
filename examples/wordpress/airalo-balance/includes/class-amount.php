<?php
/**
 * An amount of money.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/**
 * An exact decimal number, kept as its digits: a float would round long ones.
 *
 * It has the limits of the card, a number of 64 bits with 18 decimals at most, so that both take the same answers.
 */
final class Amount {

	const MOST_DECIMALS = 18;
	/** The digits of the last numbers of 64 bits, above and below zero. */
	const LARGEST = array( '9223372036854775807', '9223372036854775808' );

	/**
	 * @param string $digits   Without zeros before or after them; empty for zero.
	 * @param int    $decimals How many of them are after the point. Below zero, so many zeros follow them.
	 */
	private function __construct( private bool $is_negative, private string $digits, private int $decimals ) {}

	/** The amount of a JSON number; `null` for what is none, or cannot be kept exactly. */
	public static function parse( string $text ): ?self {
		if ( ! preg_match( '/^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/D', $text, $parts ) ) {
			return null;
		}
		$fraction = $parts[3] ?? '';
		$all      = $parts[2] . $fraction;
		$digits   = rtrim( $all, '0' );
		$decimals = strlen( $fraction ) - ( strlen( $all ) - strlen( $digits ) ) - (int) ( $parts[4] ?? 0 );
		$digits   = ltrim( $digits, '0' );
		if ( '' === $digits ) {
			return new self( false, '', 0 );
		}
		$is_negative = '-' === $parts[1];
		$largest     = self::LARGEST[ (int) $is_negative ];
		$length      = strlen( $digits ) - min( 0, $decimals );
		$is_kept     = $length < strlen( $largest ) || ( $length === strlen( $largest ) && strcmp( $digits, $largest ) <= 0 );
		return $is_kept && $decimals <= self::MOST_DECIMALS ? new self( $is_negative, $digits, $decimals ) : null;
	}

	public function is_above_zero(): bool {
		return '' !== $this->digits && ! $this->is_negative;
	}

	/** In the notation of the site's language: every digit, and two decimals at least. */
	public function format( string $currency = '' ): string {
		$locale   = $GLOBALS['wp_locale']->number_format;
		$digits   = str_pad( $this->digits . str_repeat( '0', max( 0, -$this->decimals ) ), $this->decimals + 1, '0', STR_PAD_LEFT );
		$whole    = substr( $digits, 0, strlen( $digits ) - max( 0, $this->decimals ) );
		$fraction = str_pad( substr( $digits, strlen( $whole ) ), 2, '0' );
		$groups   = strrev( implode( ' ', str_split( strrev( $whole ), 3 ) ) );
		// WordPress has them for HTML: in some languages a space is `&nbsp;`.
		$between = html_entity_decode( $locale['thousands_sep'], ENT_QUOTES, 'UTF-8' );
		$point   = html_entity_decode( $locale['decimal_point'], ENT_QUOTES, 'UTF-8' );
		$sign    = $this->is_negative ? '-' : '';
		return ltrim( "$currency $sign" . str_replace( ' ', $between, $groups ) . "$point$fraction" );
	}
}
