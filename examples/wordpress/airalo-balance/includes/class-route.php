<?php
/**
 * The route that the card asks.
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

/**
 * `GET airalo-balance/v1/balance`, for whoever may see the balance.
 *
 * WordPress answers the cookies of a user only together with the nonce that its own pages have, so a page of another
 * site reads nothing.
 *
 * Filters get what those of other plugins return, at every route of the site, so nothing in them has a type: what is
 * not expected is passed on as it came.
 */
final class Route {

	const SPACE = 'airalo-balance/v1';
	const PATH  = '/balance';

	public function __construct( private Balance $balance ) {}

	public function add_hooks(): void {
		add_action( 'rest_api_init', array( $this, 'register' ) );
		add_filter( 'rest_post_dispatch', array( $this, 'complete' ), 10, 3 );
		add_filter( 'rest_pre_serve_request', array( $this, 'send' ), 10, 4 );
	}

	public function register(): void {
		register_rest_route(
			self::SPACE,
			self::PATH,
			array(
				'methods'             => \WP_REST_Server::READABLE,
				'callback'            => array( $this, 'answer' ),
				'permission_callback' => fn() => current_user_can( Settings::capability() ),
			)
		);
	}

	public function answer(): \WP_REST_Response {
		$state = $this->balance->current();
		if ( null === $state['problem'] || Balance::is_usable( $state ) ) {
			return new \WP_REST_Response( Answer::balance( $state ) );
		}
		$response = self::respond_problem( $state['problem'] );
		$response->header( 'Retry-After', (string) max( 1, $state['due'] - time() ) );
		return $response;
	}

	/**
	 * Completes whatever is answered at this route, also where WordPress itself refuses to.
	 *
	 * It refuses an old nonce, and one whose user has signed out, with status 403. The card takes that for somebody who
	 * may never read the balance; after 401 it says that one has to sign in.
	 */
	public function complete( $response, $server, $request ) {
		if ( ! $response instanceof \WP_HTTP_Response || ! self::is_asked( $request ) ) {
			return $response;
		}
		$data        = $response->get_data();
		$code        = is_array( $data ) ? $data['code'] ?? '' : '';
		$is_nameless = 'rest_cookie_invalid_nonce' === $code || ( 'rest_forbidden' === $code && ! is_user_logged_in() );
		$response    = $is_nameless ? self::respond_problem( 'unauthorized' ) : $response;
		// In place of WordPress' own header, which older releases send after the body.
		add_filter( 'rest_send_nocache_headers', '__return_false', 100 );
		$response->header( 'Cache-Control', 'private, no-store' );
		return $response;
	}

	/** Sends the amounts with every digit: a float of PHP would round long ones. */
	public function send( $is_served, $response, $request, $server ) {
		$is_ours = self::is_asked( $request ) && $response instanceof \WP_REST_Response && $server instanceof \WP_REST_Server;
		if ( $is_served || ! $is_ours || 'GET' !== $request->get_method() ) {
			return $is_served;
		}
		// phpcs:ignore WordPress.Security.EscapeOutput -- It is JSON, and sent as such.
		echo Answer::json( $server->response_to_data( $response, false ) );
		return true;
	}

	private static function is_asked( $request ): bool {
		return $request instanceof \WP_REST_Request && '/' . self::SPACE . self::PATH === $request->get_route();
	}

	private static function respond_problem( string $code ): \WP_REST_Response {
		$response = new \WP_REST_Response( Answer::problem( $code ), Answer::STATUS[ $code ] );
		$response->header( 'Content-Type', 'application/problem+json' );
		return $response;
	}
}
