<?php
/**
 * The settings page.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** Settings → Airalo Balance, for administrators. */
final class Settings_Page {

	const PAGE = 'airalo-balance';

	public function __construct( private Settings $settings, private Balance $balance ) {}

	public function add_hooks(): void {
		add_action( 'admin_menu', array( $this, 'add' ) );
		add_action( 'admin_init', array( $this, 'register' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( PLUGIN_FILE ), array( $this, 'add_link' ) );
	}

	public static function url(): string {
		return admin_url( 'options-general.php?page=' . self::PAGE );
	}

	public function add(): void {
		$title = __( 'Airalo Balance', 'airalo-balance' );
		$hook  = add_options_page( $title, $title, 'manage_options', self::PAGE, array( $this, 'render' ) );
		add_action( "load-$hook", array( $this, 'prepare' ) );
	}

	public function add_link( array $links ): array {
		return array( sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'airalo-balance' ) ), ...$links );
	}

	public function register(): void {
		$sanitizer = new Sanitizer( $this->settings );
		register_setting( self::PAGE, Settings::OPTION, array( 'sanitize_callback' => array( $sanitizer, 'sanitize' ) ) );

		add_settings_section( 'account', __( 'Your Airalo account', 'airalo-balance' ), array( $this, 'render_account' ), self::PAGE );
		$this->add_field( 'account', 'client_id', __( 'Client ID', 'airalo-balance' ), '' );
		$this->add_field( 'account', 'client_secret', __( 'Client secret', 'airalo-balance' ), '' );

		add_settings_section( 'card', __( 'The card', 'airalo-balance' ), '__return_empty_string', self::PAGE );
		$of_currency = __( 'An amount in the currency of the balance, such as 1000 or 49.50. Leave it empty for no warning.', 'airalo-balance' );
		$this->add_field( 'card', 'low_threshold', __( 'Warn at', 'airalo-balance' ), $of_currency );
		$this->add_field( 'card', 'critical_threshold', __( 'Warn urgently at', 'airalo-balance' ), $of_currency );
		$limit = __( 'What Airalo lets you use before you pay, if you pay by invoice. The card then shows how much of it is left.', 'airalo-balance' );
		$this->add_field( 'card', 'credit_limit', __( 'Credit limit', 'airalo-balance' ), $limit );
		$top_up = __( 'Where the button “Top up” leads. Leave it empty for Airalo’s partner console.', 'airalo-balance' );
		$this->add_field( 'card', 'top_up_url', __( 'Address for top-ups', 'airalo-balance' ), $top_up );
	}

	/** Before anything of the page is sent. */
	public function prepare(): void {
		// A plugin that is not there reads no option, so none of its own is loaded with every page.
		add_option( Settings::OPTION, array(), '', false );
		if ( $this->settings->has_constants() && $this->settings->is_complete() && $this->settings->delete_saved_secret() ) {
			$text = __( 'The secret that was saved here has been deleted, because wp-config.php sets the credentials.', 'airalo-balance' );
			add_settings_error( Settings::OPTION, 'deleted', esc_html( $text ), 'info' );
		}
		( new Account_Report( $this->settings, $this->balance ) )->add_notice( self::is_saved() );
	}

	/**
	 * Whether this page follows on saving. WordPress leaves its notices here, after it has checked the nonce; the address
	 * alone, which a page of another site can lead to, is not enough. Showing the notices deletes them.
	 */
	private static function is_saved(): bool {
		// phpcs:ignore WordPress.Security.NonceVerification -- The nonce was checked, see above.
		return isset( $_GET['settings-updated'] ) && false !== get_transient( 'settings_errors' );
	}

	public function render(): void {
		printf( '<div class="wrap"><h1>%s</h1><form action="options.php" method="post">', esc_html( get_admin_page_title() ) );
		settings_fields( self::PAGE );
		do_settings_sections( self::PAGE );
		submit_button();
		echo '</form></div>';
	}

	public function render_account(): void {
		$text = $this->settings->has_constants()
			? __( 'AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET in wp-config.php set the credentials.', 'airalo-balance' )
			: __( 'You find the credentials in Airalo’s partner console. The secret is encrypted, and never shown again. It is deleted with the client ID.', 'airalo-balance' );
		printf( '<p>%s</p>', esc_html( $text ) );
		$address = $this->settings->other_address();
		if ( null !== $address ) {
			/* translators: %s: an address */
			printf( '<p>%s</p>', esc_html( sprintf( __( 'AIRALO_BASE_URL in wp-config.php has %s asked instead of Airalo.', 'airalo-balance' ), $address ) ) );
		}
	}

	public function render_field( array $field ): void {
		$name      = $field['name'];
		$is_secret = 'client_secret' === $name;
		printf(
			'<input id="%1$s" class="regular-text" name="%2$s" value="%3$s" type="%4$s" placeholder="%5$s" autocomplete="%6$s" spellcheck="false"%7$s>',
			esc_attr( $field['label_for'] ),
			esc_attr( Settings::OPTION . "[$name]" ),
			esc_attr( $is_secret ? '' : $this->settings->stored()[ $name ] ?? '' ),
			esc_attr( self::type( $name ) ),
			esc_attr( $is_secret && '' !== $this->settings->client_secret() ? __( 'A secret is saved', 'airalo-balance' ) : '' ),
			esc_attr( $is_secret ? 'new-password' : 'off' ),
			disabled( $this->settings->has_constants() && in_array( $name, array( 'client_id', 'client_secret' ), true ), true, false )
		);
		if ( '' !== $field['description'] ) {
			printf( '<p class="description">%s</p>', esc_html( $field['description'] ) );
		}
		$saved = $this->saved_amount( $name );
		if ( '' !== $saved ) {
			/* translators: %s: an amount, such as USD 1,000.00 */
			printf( '<p class="description">%s</p>', esc_html( sprintf( __( 'Saved: %s', 'airalo-balance' ), $saved ) ) );
		}
	}

	/** A saved amount as the card reads it, for people to check; empty for a field that holds none. */
	private function saved_amount( string $name ): string {
		$number = isset( Settings::NUMBERS[ $name ] ) ? $this->settings->stored()[ $name ] ?? '' : '';
		$money  = array_column( $this->balance->known()['balances'], 'availableBalance' );
		// With several currencies, the amount counts in each of them.
		$currencies = array_unique( array_column( $money, 'currency' ) );
		return Amount::parse( $number )?->format( 1 === count( $currencies ) ? $currencies[0] : '' ) ?? '';
	}

	private static function type( string $name ): string {
		return array( 'client_secret' => 'password', 'top_up_url' => 'url' )[ $name ] ?? 'text';
	}

	private function add_field( string $section, string $name, string $label, string $description ): void {
		$field = array(
			'name'        => $name,
			'label_for'   => 'airalo-balance-' . str_replace( '_', '-', $name ),
			'description' => $description,
		);
		add_settings_field( $name, $label, array( $this, 'render_field' ), self::PAGE, $section, $field );
	}
}
