<?php
/**
 * The card on the dashboard.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/** The dashboard widget, for administrators. */
final class Dashboard_Widget {

	const ID = 'airalo_balance';

	public function __construct( private Settings $settings, private Balance $balance ) {}

	public function add_hooks(): void {
		add_action( 'wp_dashboard_setup', array( $this, 'add' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
	}

	public function add(): void {
		if ( current_user_can( 'manage_options' ) ) {
			wp_add_dashboard_widget( self::ID, esc_html__( 'Airalo', 'airalo-balance' ), array( $this, 'render' ) );
		}
	}

	public function enqueue( string $page ): void {
		if ( 'index.php' !== $page || ! current_user_can( 'manage_options' ) ) {
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
		$settings_url = Settings_Page::url();
		if ( ! $this->settings->is_complete() ) {
			printf(
				'<p>%s</p><p><a href="%s">%s</a></p>',
				esc_html__( 'Your credit with Airalo appears here once the credentials of your Airalo account are set.', 'airalo-balance' ),
				esc_url( $settings_url ),
				esc_html__( 'Set the credentials', 'airalo-balance' )
			);
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
		printf(
			'</airalo-balance><p class="airalo-balance-settings"><a href="%s">%s</a></p>',
			esc_url( $settings_url ),
			esc_html__( 'Settings', 'airalo-balance' )
		);
	}

	private function attributes(): array {
		return array(
			'proxy-url' => rest_url( Route::SPACE . Route::PATH ),
			// `assets/dashboard.js` gives it the nonce, and the colours of the widget.
			'loading'   => 'manual',
			'theme'     => 'light',
		) + $this->settings->card_attributes();
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
