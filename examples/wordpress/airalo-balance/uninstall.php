<?php
/**
 * Deletes everything that the plugin has stored.
 *
 * @package Airalo_Balance
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** Deletes what is stored for one site. */
function airalo_balance_delete_all(): void {
	foreach ( array( 'airalo_balance', 'airalo_balance_lock' ) as $option ) {
		delete_option( $option );
	}
	foreach ( array( 'airalo_balance_token', 'airalo_balance_state' ) as $transient ) {
		delete_transient( $transient );
	}
}

if ( ! is_multisite() ) {
	airalo_balance_delete_all();
	return;
}
foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $site ) {
	switch_to_blog( $site );
	airalo_balance_delete_all();
	restore_current_blog();
}
