<?php
/**
 * The card on the dashboard.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** The dashboard widget, for whoever may see the balance. */
final class Dashboard_Widget {

	const ID = 'airalo_balance';

	public function __construct( private Settings $settings, private Balance $balance ) {}

	public function add_hooks(): void {
		add_action( 'wp_dashboard_setup', array( $this, 'add' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
	}

	public function add(): void {
		if ( current_user_can( Settings::capability() ) ) {
			wp_add_dashboard_widget( self::ID, esc_html__( 'Airalo Balance', 'airalo-balance' ), array( $this, 'render' ) );
		}
	}

	public function enqueue( string $page ): void {
		if ( 'index.php' !== $page || ! current_user_can( Settings::capability() ) ) {
			return;
		}
		wp_enqueue_style( 'airalo-balance', plugins_url( 'card/airalo-balance.css', PLUGIN_FILE ), array(), VERSION );
		wp_enqueue_style( 'airalo-balance-dashboard', plugins_url( 'assets/dashboard.css', PLUGIN_FILE ), array( 'airalo-balance' ), VERSION );
		// The nonce of the page (`wpApiSettings`), and what renews it.
		wp_enqueue_script( 'wp-api-request' );
		wp_enqueue_script( 'heartbeat' );
		self::enqueue_module( 'airalo-balance', 'card/airalo-balance.js' );
		self::enqueue_module( 'airalo-balance-dashboard', 'assets/dashboard.js' );
	}

	public function render(): void {
		if ( ! $this->settings->is_complete() ) {
			printf( '<p>%s</p>', esc_html__( 'Your credit with Airalo appears here once the credentials of your Airalo account are set.', 'airalo-balance' ) );
			if ( self::may_set() ) {
				printf( '<p><a href="%s">%s</a></p>', esc_url( Settings_Page::url() ), esc_html__( 'Set the credentials', 'airalo-balance' ) );
			}
			return;
		}
		echo '<airalo-balance';
		foreach ( $this->attributes() as $name => $value ) {
			printf( ' %s="%s"', esc_attr( $name ), esc_attr( $value ) );
		}
		echo '>';
		$state = $this->balance->known();
		if ( Balance::is_usable( $state ) ) {
			// phpcs:ignore WordPress.Security.EscapeOutput -- It is JSON, in which no tag can begin.
			printf( '<script type="application/json">%s</script>', Answer::json( Answer::balance( $state ) ) );
		}
		echo '</airalo-balance>';
		$this->render_footer();
	}

	private function render_footer(): void {
		if ( ! self::may_set() ) {
			return;
		}
		$address = $this->settings->other_address();
		printf(
			'<p class="airalo-balance-settings"><a href="%s">%s</a>%s</p>',
			esc_url( Settings_Page::url() ),
			esc_html__( 'Settings', 'airalo-balance' ),
			/* translators: %s: an address that is asked in place of Airalo's */
			null === $address ? '' : '<span>' . esc_html( sprintf( __( 'Asked instead of Airalo: %s', 'airalo-balance' ), $address ) ) . '</span>'
		);
	}

	private function attributes(): array {
		return array(
			'proxy-url'        => rest_url( Route::SPACE . Route::PATH ),
			// So a page that begins with an older balance asks at once.
			'refresh-interval' => Balance::TTL,
			// `assets/dashboard.js` gives it the nonce, the messages, and the colours of the widget.
			'loading'          => 'manual',
			'theme'            => 'light',
		) + $this->messages() + $this->settings->card_attributes();
	}

	/**
	 * What the card says in place of sending its reader to an administrator, who is the reader.
	 *
	 * The card speaks more languages than this plugin is translated to, and one of its sentences in English would not be
	 * understood better there.
	 */
	private function messages(): array {
		$messages = array(
			'credentials-refused-advice' => $this->settings->has_constants()
				? __( 'Check the client ID and secret in wp-config.php.', 'airalo-balance' )
				: __( 'Check the client ID and secret in Settings.', 'airalo-balance' ),
			'address-refused-advice'     => __( 'Add it to the IP allowlist in the Airalo console. Your host knows it.', 'airalo-balance' ),
		);
		$is_spoken = str_starts_with( get_user_locale(), 'en' ) || is_textdomain_loaded( 'airalo-balance' );
		return $is_spoken && self::may_set() ? array( 'data-messages' => (string) wp_json_encode( $messages ) ) : array();
	}

	/** Whether this user can open the settings. */
	private static function may_set(): bool {
		return current_user_can( 'manage_options' );
	}

	private static function enqueue_module( string $id, string $path ): void {
		$url = plugins_url( $path, PLUGIN_FILE );
		if ( function_exists( 'wp_enqueue_script_module' ) ) {
			wp_enqueue_script_module( $id, $url, array(), VERSION );
			return;
		}
		// WordPress 6.4 and older.
		add_action(
			'admin_print_footer_scripts',
			fn() => wp_print_script_tag(
				array(
					'type' => 'module',
					'src'  => add_query_arg( 'ver', VERSION, $url ),
					'id'   => "$id-js-module",
				)
			)
		);
	}
}
