<?php
/**
 * Plugin Name:       Airalo Balance
 * Description:       Shows on the dashboard how much credit your company has left with Airalo, and warns before it runs out.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      8.1
 * License:           MIT OR Apache-2.0
 * Text Domain:       airalo-balance
 * Domain Path:       /languages
 *
 * @package Airalo_Balance
 */

namespace Airalo_Balance;

defined( 'ABSPATH' ) || exit;

const VERSION     = '0.1.0';
const PLUGIN_FILE = __FILE__;

require_once __DIR__ . '/includes/class-problem.php';
require_once __DIR__ . '/includes/class-amount.php';
require_once __DIR__ . '/includes/class-secret-box.php';
require_once __DIR__ . '/includes/class-settings.php';
require_once __DIR__ . '/includes/class-partner-api.php';
require_once __DIR__ . '/includes/class-lock.php';
require_once __DIR__ . '/includes/class-balance.php';
require_once __DIR__ . '/includes/class-answer.php';
require_once __DIR__ . '/includes/class-route.php';
require_once __DIR__ . '/includes/class-dashboard-widget.php';
require_once __DIR__ . '/includes/class-sanitizer.php';
require_once __DIR__ . '/includes/class-account-report.php';
require_once __DIR__ . '/includes/class-settings-page.php';

add_action(
	'plugins_loaded',
	function () {
		$settings = new Settings();
		$balance  = new Balance( $settings );
		( new Route( $balance ) )->add_hooks();
		( new Dashboard_Widget( $settings, $balance ) )->add_hooks();
		( new Settings_Page( $settings, $balance ) )->add_hooks();
	}
);

add_action(
	'init',
	function () {
		load_plugin_textdomain( 'airalo-balance', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
	}
);
