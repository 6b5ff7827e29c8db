//! The table of the tools: what each is for, how it is found and how it is installed.

use anyhow::{Result, ensure};

use super::{
    How::{Apt, Cargo, Npm, Special, Unpacked},
    Purpose::{Bench, Build, Package, ProxyBench, Test, WordPress},
    Tool, apt,
    browser::{Browser, WEBKIT_PACKAGES},
    is_at_least, registry, static_target, target,
};
use crate::{build, machine::Machine, process};

/// Programs to install are made on Linux alone.
const LINUX: &[super::Purpose] = if cfg!(target_os = "linux") { &[Package, Test] } else { &[] };

/// The fonts that the reference pictures were made with.
const FONTS: &[&str] = &["fonts-noto-core", "fonts-ipaexfont-gothic"];

/// With the libraries that Debian's base system lacks, and with the one that gives it a user of its own.
const EXIM: &[&str] =
    &["exim4-daemon-light", "libevent-2.1-7", "libgnutls-dane0", "libidn12", "libnss-wrapper", "libunbound8"];

/// Where `WordPress` is unpacked, which the tests copy.
pub(crate) const WORDPRESS_FOLDER: &str = "target/wordpress";

/// What most tools have in common.
const TOOL: Tool = Tool {
    name: "",
    why: "",
    about: "10 s",
    needed_for: &[Test],
    how: Apt(&[]),
    replaced: || false,
    without: None,
};

/// Every tool, in the order of installation.
#[rustfmt::skip] // As a table it can be read at a glance.
pub(super) const TOOLS: &[Tool] = &[
    // First, because somebody may have to install it by hand.
    Tool { name: "Node.js and npm", why: "to bundle and minify JavaScript and styles", about: "30 s",
           needed_for: &[Build], how: Special(node_is_here, install_node), ..TOOL },
    Tool { name: "the wasm32-unknown-unknown target", why: "to compile Rust for browsers",
           about: "10 s with rustup, 1 min 30 s where its server cannot be reached",
           needed_for: &[Build], how: Special(target::is_here, target::install), ..TOOL },
    Tool { name: "the source code of Rust's standard library", why: "to make the card smaller", needed_for: &[Build],
           how: Special(|machine| build::std_is_here(machine), build::install_std), without: Some("the card is larger, and works the same"), ..TOOL },
    // Everything that Trunk would download is installed here, so it needs no TLS.
    Tool { name: "Trunk", why: "to build the card and its page", about: "3 min", needed_for: &[Build],
           how: Cargo { program: "trunk", oldest: &[0, 21], version: "0.21.14", flags: &["--locked", "--no-default-features"] }, ..TOOL },
    Tool { name: "wasm-bindgen", why: "to write the JavaScript between browser and WebAssembly", about: "1 min 30 s",
           needed_for: &[Build], how: Special(wasm_bindgen_is_here, install_wasm_bindgen), ..TOOL },
    Tool { name: "esbuild and wasm-opt", why: "to make the card small",
           needed_for: &[Build], how: Npm { folder: "www", flags: &["--omit=dev"] }, ..TOOL },
    Tool { name: "TypeScript and the analyzer of manifests", why: "to write the types of the npm package", about: "20 s",
           needed_for: &[Package, Test, WordPress],
           how: Special(|machine| machine.at("www/node_modules/typescript").exists(), |machine| registry::npm(machine, "www", &[])), ..TOOL },
    Tool { name: "the target for static programs and its C compiler", why: "to make the programs to install", about: "20 s",
           needed_for: LINUX, how: Special(|machine| static_target::is_here(machine), static_target::install), without: Some("no programs are made"), ..TOOL },
    Tool { name: "cargo-deb", why: "to make the Debian package", about: "1 min 30 s", needed_for: LINUX,
           how: Cargo { program: "cargo-deb", oldest: &[3, 8], version: "3.8.0", flags: &["--locked"] }, ..TOOL },
    Tool { name: "buildah, lintian and fakeroot", why: "to make the image, and to check the Debian package", about: "20 s",
           needed_for: LINUX, how: Apt(&["buildah", "lintian", "fakeroot"]), ..TOOL },
    Tool { name: "wasm-pack", why: "to run the card's own tests in a browser", about: "1 min",
           how: Cargo { program: "wasm-pack", oldest: &[0, 13], version: "0.15.1", flags: &["--locked"] }, ..TOOL },
    // Elsewhere than on Debian the user chooses the browser, and wasm-pack downloads the driver.
    Tool { name: "Chromium and its driver", why: "to run the card in a browser", about: "20 s", needed_for: &[Test, Bench, WordPress],
           how: Apt(&["chromium", "chromium-driver"]), without: Some("a Chrome that is here has to do"),
           replaced: || Browser::Chromium.driver().is_some() && Browser::Chromium.program().is_some() },
    Tool { name: "Firefox", why: "to run what depends most on the browser in a second one", about: "20 s",
           how: Apt(&["firefox-esr"]), replaced: || Browser::Firefox.program().is_some(), without: Some("nothing is tested in it"), ..TOOL },
    Tool { name: "geckodriver", why: "to run the card's own tests in Firefox", about: "2 min",
           how: Cargo { program: "geckodriver", oldest: &[0, 30], version: "0.37.1", flags: &["--locked"] },
           replaced: || Browser::Firefox.program().is_none() || Browser::Firefox.driver().is_some(), ..TOOL },
    Tool { name: "WebKitGTK and its driver", why: "to run what depends most on the browser in a third one", about: "30 s",
           how: Apt(WEBKIT_PACKAGES), replaced: || Browser::WebKit.program().is_some(), without: Some("nothing is tested in it"), ..TOOL },
    Tool { name: "Playwright", why: "to run the end-to-end tests", about: "20 s", needed_for: &[Test, WordPress],
           how: Npm { folder: "tests/e2e", flags: &[] }, ..TOOL },
    Tool { name: "the Noto and IPAex fonts", why: "to compare pictures of the card",
           how: Apt(FONTS), without: Some("no pictures are compared"), ..TOOL },
    Tool { name: "PHP", why: "to run the examples of a page and of a backend",
           how: Apt(&["php-cli", "php-curl"]), without: Some("their tests are skipped"), ..TOOL },
    Tool { name: "Laravel", why: "to run the example of a backend that has it", about: "20 s",
           how: Apt(&["php-laravel-framework", "php-guzzlehttp-guzzle"]), without: Some("its tests are skipped"), ..TOOL },
    Tool { name: "Express", why: "to run the example of a backend that has it", about: "5 s",
           how: Npm { folder: "examples/servers/node", flags: &[] }, ..TOOL },
    Tool { name: "AdminLTE, Tabler, CoreUI, htmx and Turbo", why: "to run the examples of panels that have them",
           how: Npm { folder: "examples/hosts", flags: &[] }, ..TOOL },
    Tool { name: "FastAPI", why: "to run the example of a backend that has it", about: "20 s",
           how: Special(registry::is_python_current, registry::python), without: Some("its tests are skipped (it needs Python 3.11)"), ..TOOL },
    Tool { name: "nginx, Caddy and promtool", why: "to run the examples in front of the proxy, to check its metrics, and to measure it", about: "20 s",
           needed_for: &[Test, ProxyBench], how: Unpacked { folder: "target/servers", packages: &["nginx", "caddy", "prometheus"] },
           without: Some("their tests are skipped"), ..TOOL },
    Tool { name: "Exim", why: "to be the mail server of alerts",
           how: Unpacked { folder: "target/mail-server", packages: EXIM }, without: Some("its tests are skipped"), ..TOOL },
    // The package with the programs alone; that of the server would start one.
    Tool { name: "Redis", why: "to run replicas that share it",
           how: Apt(&["redis-tools"]), without: Some("their tests are skipped"), ..TOOL },
    // The package of the server itself would start one.
    Tool { name: "MariaDB, and PHP's access to it", why: "to run WordPress", about: "30 s", needed_for: &[WordPress],
           how: Apt(&["mariadb-server-core", "php-cli", "php-curl", "php-mysql", "php-xml"]), ..TOOL },
    // With what its package only links to: installed it would bring a web server along.
    Tool { name: "WordPress", why: "to run the plugin in it", needed_for: &[WordPress],
           how: Unpacked { folder: WORDPRESS_FOLDER, packages: &["wordpress", "libjs-cropper", "libjs-underscore", "php-getid3"] }, ..TOOL },
    Tool { name: "cargo-deny", why: "to check licences, sources and advisories of the crates", about: "2 min",
           how: Cargo { program: "cargo-deny", oldest: &[0, 18], version: "0.20.2", flags: &["--locked"] }, ..TOOL },
    Tool { name: "clippy and rustfmt", why: "to check the code before the tests run", how: Special(lints_are_here, install_lints), ..TOOL },
    Tool { name: "the peers of the card, and Playwright", why: "to measure the card beside them", about: "15 s",
           needed_for: &[Bench], how: Npm { folder: "bench", flags: &[] }, ..TOOL },
    Tool { name: "wrk", why: "to be the clients of the proxy and of nginx", needed_for: &[ProxyBench],
           how: Special(|_| which::which("wrk").is_ok(), |machine| apt::install(machine, &["wrk"])), ..TOOL },
];

/// Whether the fonts of the pictures are here, as Debian's packages install them.
pub(crate) fn fonts_are_here(machine: &Machine) -> bool {
    apt::has(machine, FONTS)
}

/// The version of the library in `Cargo.lock`. The program reads what the library has left in the file,
/// and both must be of one version.
fn wasm_bindgen_version() -> &'static str {
    let mut lines =
        include_str!("../../../Cargo.lock").lines().skip_while(|line| *line != "name = \"wasm-bindgen\"");
    lines.nth(1).and_then(|line| line.split('"').nth(1)).unwrap_or_default()
}

fn wasm_bindgen_is_here(machine: &mut Machine) -> bool {
    ["wasm-bindgen", "wasm-bindgen-test-runner"].iter().all(|program| {
        let answer = machine.command(program).arg("--version").answer();
        answer.is_some_and(|answer| answer.split(' ').any(|word| word == wasm_bindgen_version()))
    })
}

/// Not `--locked`: its lock file names a version of a crate that not every registry has.
fn install_wasm_bindgen(machine: &mut Machine) -> Result<()> {
    registry::cargo(machine, "wasm-bindgen-cli", wasm_bindgen_version(), &["--no-default-features"])
}

pub(crate) fn node_is_at_least(machine: &Machine, oldest: &[u32]) -> bool {
    is_at_least(machine, "node", oldest)
}

fn node_is_here(machine: &mut Machine) -> bool {
    // The README asks for 20. Debian 12 has 18, which the build works with.
    node_is_at_least(machine, &[18]) && which::which("npm").is_ok()
}

fn install_node(machine: &mut Machine) -> Result<()> {
    ensure!(apt::is_here(), "install Node.js 20 or newer, with npm");
    apt::install(machine, &["nodejs", "npm"])
}

fn lints_are_here(machine: &mut Machine) -> bool {
    let [host, wasm] = [machine.command("cargo"), machine.wasm_command("cargo")];
    let commands = [host.clone().arg("fmt"), host.arg("clippy"), wasm.arg("clippy")];
    commands.into_iter().all(|command| command.arg("--version").answer().is_some())
}

fn install_lints(machine: &mut Machine) -> Result<()> {
    process::run(&machine.command("rustup component add clippy rustfmt")).map(drop)
}
