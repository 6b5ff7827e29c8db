//! The table of the tools: what each is for, how it is found and how it is installed.

use std::path::{Path, PathBuf};

use anyhow::ensure;

use super::{
    How::{Apt, Cargo, Npm, Special},
    Purpose::{Bench, Build, Package, ProxyBench, Test, WordPress},
    Tool, apt, browser, python,
    registry::is_npm_current,
    static_target, target, version_in,
};
use crate::{build_std, machine::Machine, process, screen::say};

/// The version of the library of the same name in `Cargo.lock`: the program reads what the library
/// has left in the file, and both must be of one version.
const WASM_BINDGEN: &str = "0.2.130";

/// Where servers that the tests run are unpacked.
const SERVERS: &str = "target/servers";

/// Where Exim is unpacked, which `proxy/tests/alerts/exim.rs` runs.
const MAIL_SERVER: &str = "target/mail-server";

/// Where `WordPress` is unpacked, which the tests copy.
const WORDPRESS: &str = "target/wordpress";

/// The example that has packages of npm.
const EXPRESS: &str = "examples/servers/node";

/// The examples of panels, whose pages load these from packages of npm.
const PANELS: &str = "examples/hosts";

/// Every tool, in the order of installation.
#[rustfmt::skip] // As a table it can be read at a glance.
pub(super) const TOOLS: &[Tool] = &[
    Tool { name: "the wasm32-unknown-unknown target", why: "to compile Rust for browsers",
           about: "10 s with rustup, 1 min 30 s where its server cannot be reached",
           needed_for: &[Build], is_here: target::is_here, how: Special(target::install) },
    Tool { name: "the source code of Rust's standard library", why: "to make the card smaller", about: "10 s",
           needed_for: &[Build], is_here: |machine| build_std::is_possible(machine), how: Special(build_std::install) },
    // Everything that Trunk would download is installed here, so it needs no TLS.
    Tool { name: "Trunk", why: "to build the card and its page", about: "3 min",
           needed_for: &[Build], is_here: |machine| is_at_least(machine, "trunk", &[0, 21]),
           how: Cargo { package: "trunk", version: "0.21.14", flags: &["--locked", "--no-default-features"] } },
    // Not `--locked`: its lock file names a version of a crate that not every registry has.
    Tool { name: "wasm-bindgen", why: "to write the JavaScript between browser and WebAssembly", about: "1 min 30 s",
           needed_for: &[Build], is_here: wasm_bindgen_is_here,
           how: Cargo { package: "wasm-bindgen-cli", version: WASM_BINDGEN, flags: &["--no-default-features"] } },
    Tool { name: "Node.js and npm", why: "to bundle and minify JavaScript and styles", about: "30 s",
           needed_for: &[Build], is_here: node_is_here, how: Special(install_node) },
    Tool { name: "esbuild and wasm-opt", why: "to make the card small", about: "10 s",
           needed_for: &[Build], is_here: |machine| is_npm_current(&machine.at("www")), how: Npm { folder: "www", flags: &["--omit=dev"] } },
    Tool { name: "TypeScript and the analyzer of manifests", why: "to write the types of the npm package", about: "20 s",
           needed_for: &[Package, Test, WordPress], is_here: typescript_is_here, how: Npm { folder: "www", flags: &[] } },
    // Without it no programs are made, and all else is.
    Tool { name: "the target for static programs and its C compiler", why: "to make the programs to install",
           about: "20 s", needed_for: &[Package, Test],
           is_here: |machine| !cfg!(target_os = "linux") || static_target::is_here(machine), how: Special(static_target::install) },
    Tool { name: "cargo-deb", why: "to make the Debian package", about: "1 min 30 s", needed_for: &[Package, Test],
           is_here: |machine| !cfg!(target_os = "linux") || is_at_least(machine, "cargo-deb", &[3, 8]),
           how: Cargo { package: "cargo-deb", version: "3.8.0", flags: &["--locked"] } },
    // Elsewhere than on Debian the image is made, and the package checked, where these are.
    Tool { name: "buildah and lintian", why: "to make the image, and to check the Debian package", about: "20 s",
           needed_for: &[Package, Test], is_here: |_| !apt::is_here() || ["buildah", "lintian"].iter().all(|name| which::which(name).is_ok()),
           how: Apt { packages: &["buildah", "lintian"] } },
    Tool { name: "wasm-pack", why: "to run the card's own tests in a browser", about: "1 min",
           needed_for: &[Test], is_here: |machine| is_at_least(machine, "wasm-pack", &[0, 13]),
           how: Cargo { package: "wasm-pack", version: "0.15.1", flags: &["--locked"] } },
    // Elsewhere than on Debian the user chooses the browser, and wasm-pack downloads the driver.
    Tool { name: "Chromium and its driver", why: "to run the card in a browser", about: "20 s",
           needed_for: &[Test, Bench, WordPress],
           is_here: |_| !apt::is_here() || browser::find().is_ok_and(|browser| browser.driver.is_some()),
           how: Apt { packages: &["chromium", "chromium-driver"] } },
    // Elsewhere than on Debian a Firefox that is there is used, and none is asked for.
    Tool { name: "Firefox", why: "to run what depends most on the browser in a second one", about: "20 s",
           needed_for: &[Test], is_here: |_| !apt::is_here() || browser::firefox().is_some(),
           how: Apt { packages: &["firefox-esr"] } },
    Tool { name: "geckodriver", why: "to run the card's own tests in Firefox", about: "2 min",
           needed_for: &[Test], is_here: |_| browser::firefox().is_none() || browser::geckodriver().is_some(),
           how: Cargo { package: "geckodriver", version: "0.37.1", flags: &["--locked"] } },
    // Where it cannot be had, nothing is tested in it.
    Tool { name: "WebKitGTK and its driver", why: "to run what depends most on the browser in a third one", about: "30 s",
           needed_for: &[Test], is_here: |_| !apt::is_here() || browser::webkit_driver().is_some(),
           how: Special(install_webkit) },
    Tool { name: "Playwright", why: "to run the end-to-end tests", about: "20 s", needed_for: &[Test, WordPress],
           is_here: |machine| is_npm_current(&machine.at("tests/e2e")), how: Npm { folder: "tests/e2e", flags: &[] } },
    // The reference pictures were made with Debian's fonts; elsewhere none are compared.
    Tool { name: "the Noto and IPAex fonts", why: "to compare pictures of the card", about: "10 s",
           needed_for: &[Test], is_here: |_| !apt::is_here() || fonts_are_here(),
           how: Apt { packages: &["fonts-noto-core", "fonts-ipaexfont-gothic"] } },
    // Elsewhere than on Debian the tests of the example for PHP are skipped without it.
    Tool { name: "PHP", why: "to run the examples of a page and of a backend", about: "10 s",
           needed_for: &[Test], is_here: |machine| !apt::is_here() || php_is_here(machine),
           how: Apt { packages: &["php-cli", "php-curl"] } },
    Tool { name: "Laravel", why: "to run the example of a backend that has it", about: "20 s",
           needed_for: &[Test], is_here: |_| !apt::is_here() || laravel_is_here(),
           how: Apt { packages: &["php-laravel-framework", "php-guzzlehttp-guzzle"] } },
    Tool { name: "Express", why: "to run the example of a backend that has it", about: "5 s", needed_for: &[Test],
           is_here: |machine| is_npm_current(&machine.at(EXPRESS)), how: Npm { folder: EXPRESS, flags: &[] } },
    Tool { name: "AdminLTE, Tabler, CoreUI, htmx and Turbo", why: "to run the examples of panels that have them", about: "10 s",
           needed_for: &[Test], is_here: |machine| is_npm_current(&machine.at(PANELS)), how: Npm { folder: PANELS, flags: &[] } },
    // Without PyPI or with an old Python its tests are skipped.
    Tool { name: "FastAPI", why: "to run the example of a backend that has it", about: "20 s", needed_for: &[Test],
           is_here: |machine| python::is_here(machine), how: Special(python::install) },
    // Elsewhere than on Debian the tests that need one of them are skipped without it.
    Tool { name: "nginx, Caddy and promtool", why: "to run the examples in front of the proxy, to check its metrics, and to measure it",
           about: "20 s", needed_for: &[Test, ProxyBench], is_here: |machine| !apt::is_here() || servers_are_here(machine),
           how: Special(unpack_servers) },
    // Elsewhere than on Debian the tests of mail are skipped without it.
    Tool { name: "Exim", why: "to be the mail server of alerts", about: "10 s",
           needed_for: &[Test], is_here: |machine| !apt::is_here() || mail_server_is_here(machine),
           how: Special(unpack_mail_server) },
    // The package with the programs alone; that of the server would start one.
    Tool { name: "Redis", why: "to run replicas that share it", about: "10 s",
           needed_for: &[Test], is_here: |_| !apt::is_here() || which::which("redis-check-rdb").is_ok(),
           how: Apt { packages: &["redis-tools"] } },
    // The package of the server itself would start one.
    Tool { name: "MariaDB, and PHP's access to it", why: "to run WordPress", about: "30 s",
           needed_for: &[WordPress], is_here: |machine| !apt::is_here() || database_is_here(machine),
           how: Apt { packages: &["mariadb-server-core", "php-cli", "php-curl", "php-mysql", "php-xml"] } },
    // Elsewhere than on Debian the tests of the plugin are skipped without it.
    Tool { name: "WordPress", why: "to run the plugin in it", about: "10 s",
           needed_for: &[WordPress], is_here: |machine| !apt::is_here() || wordpress_folder(machine).join("wp-settings.php").exists(),
           how: Special(unpack_wordpress) },
    Tool { name: "cargo-deny", why: "to check licences, sources and advisories of the crates", about: "2 min",
           needed_for: &[Test], is_here: |machine| is_at_least(machine, "cargo-deny", &[0, 18]),
           how: Cargo { package: "cargo-deny", version: "0.20.2", flags: &["--locked"] } },
    Tool { name: "clippy and rustfmt", why: "to check the code before the tests run", about: "10 s",
           needed_for: &[Test], is_here: lints_are_here, how: Special(install_lints) },
    Tool { name: "the peers of the card, and Playwright", why: "to measure the card beside them", about: "15 s",
           needed_for: &[Bench], is_here: |machine| is_npm_current(&machine.at("bench")), how: Npm { folder: "bench", flags: &[] } },
    Tool { name: "wrk", why: "to be the clients of the proxy and of nginx", about: "10 s",
           needed_for: &[ProxyBench], is_here: |_| which::which("wrk").is_ok(), how: Apt { packages: &["wrk"] } },
];

/// Whether the fonts of the pictures are here, as Debian's packages install them.
pub(crate) fn fonts_are_here() -> bool {
    let fonts = ["truetype/noto/NotoSans-Regular.ttf", "opentype/ipaexfont-gothic/ipaexg.ttf"];
    fonts.iter().all(|font| Path::new("/usr/share/fonts").join(font).exists())
}

fn php_is_here(machine: &Machine) -> bool {
    let modules = machine.command("php").args(["-m"]).answer();
    modules.is_some_and(|modules| modules.lines().any(|module| module == "curl"))
}

fn laravel_is_here() -> bool {
    ["Illuminate", "GuzzleHttp"]
        .iter()
        .all(|name| Path::new("/usr/share/php").join(name).join("autoload.php").exists())
}

/// The folders of the servers that were unpacked for the tests.
pub(crate) fn server_folders(machine: &Machine) -> [PathBuf; 2] {
    ["usr/sbin", "usr/bin"].map(|folder| machine.at(SERVERS).join(folder))
}

/// Each is run, because the libraries of an unpacked one may be missing.
fn servers_are_here(machine: &Machine) -> bool {
    let [sbin, bin] = server_folders(machine);
    let programs = [("nginx", "-v"), ("caddy", "version"), ("promtool", "--version")];
    programs.into_iter().all(|(program, option)| {
        let command = machine.command(program).path_first("/usr/sbin".into());
        command.path_first(bin.clone()).path_first(sbin.clone()).args([option]).answer().is_some()
    })
}

/// Unpacked instead of installed: as services they would take the ports 80 and 9090.
fn unpack_servers(machine: &mut Machine) -> anyhow::Result<()> {
    if let Err(error) = apt::unpack(machine, &["nginx", "caddy", "prometheus"], &machine.at(SERVERS)) {
        say(&format!("  they cannot be had, and their tests are skipped: {error}"));
    } else if !servers_are_here(machine) {
        say("  not all of them run on this machine; the tests of those are skipped");
    }
    Ok(())
}

fn mail_server_is_here(machine: &mut Machine) -> bool {
    machine.at(MAIL_SERVER).join("usr/sbin/exim4").exists()
}

/// Unpacked with the libraries that Debian's base system lacks, and with the one that gives it a
/// user of its own: installed it would take the port 25, and ask how mail is delivered.
fn unpack_mail_server(machine: &mut Machine) -> anyhow::Result<()> {
    let packages = [
        "exim4-daemon-light",
        "libevent-2.1-7",
        "libgnutls-dane0",
        "libidn12",
        "libnss-wrapper",
        "libunbound8",
    ];
    if let Err(error) = apt::unpack(machine, &packages, &machine.at(MAIL_SERVER)) {
        say(&format!("  it cannot be had, and its tests are skipped: {error}"));
    }
    Ok(())
}

fn database_is_here(machine: &Machine) -> bool {
    let server = machine.command("mariadbd").path_first("/usr/sbin".into()).args(["--version"]);
    let modules = machine.command("php").args(["-m"]).answer().unwrap_or_default();
    server.answer().is_some() && ["curl", "mysqli"].iter().all(|one| modules.lines().any(|line| line == *one))
}

/// The files of `WordPress`.
pub(crate) fn wordpress_folder(machine: &Machine) -> PathBuf {
    machine.at(WORDPRESS).join("usr/share/wordpress")
}

/// Unpacked with what its package only links to: installed it would bring a web server along.
fn unpack_wordpress(machine: &mut Machine) -> anyhow::Result<()> {
    let packages = ["wordpress", "libjs-cropper", "libjs-underscore", "php-getid3"];
    apt::unpack(machine, &packages, &machine.at(WORDPRESS))
}

fn install_webkit(machine: &mut Machine) -> anyhow::Result<()> {
    if let Err(error) = apt::install(machine, &browser::WEBKIT_PACKAGES) {
        say(&format!("  it cannot be had, and nothing is tested in it: {error}"));
    }
    Ok(())
}

fn version_of(machine: &Machine, program: &str) -> Option<Vec<u32>> {
    version_in(&machine.command(program).args(["--version"]).answer()?)
}

fn is_at_least(machine: &Machine, program: &str, oldest: &[u32]) -> bool {
    version_of(machine, program).is_some_and(|version| version.as_slice() >= oldest)
}

fn wasm_bindgen_is_here(machine: &mut Machine) -> bool {
    let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    programs.iter().all(|program| version_of(machine, program) == version_in(WASM_BINDGEN))
}

pub(crate) fn node_is_at_least(machine: &Machine, oldest: &[u32]) -> bool {
    is_at_least(machine, "node", oldest)
}

fn typescript_is_here(machine: &mut Machine) -> bool {
    let www = machine.at("www");
    is_npm_current(&www) && www.join("node_modules/typescript").exists()
}

fn node_is_here(machine: &mut Machine) -> bool {
    // The README asks for 20. Debian 12 has 18, which the build works with.
    node_is_at_least(machine, &[18]) && which::which("npm").is_ok()
}

fn install_node(machine: &mut Machine) -> anyhow::Result<()> {
    if apt::is_here() {
        apt::install(machine, &["nodejs", "npm"])?;
    }
    ensure!(node_is_here(machine), "Node.js with npm is missing; install Node.js 20 or newer");
    Ok(())
}

fn lints_are_here(machine: &mut Machine) -> bool {
    let (host, wasm) = (machine.command("cargo"), machine.wasm_command("cargo"));
    let commands = [host.clone().args(["fmt"]), host.args(["clippy"]), wasm.args(["clippy"])];
    commands.into_iter().all(|command| command.args(["--version"]).answer().is_some())
}

fn install_lints(machine: &mut Machine) -> anyhow::Result<()> {
    if machine.wasm_toolchain.is_some() {
        apt::install(machine, &["rust-web-clippy"])?;
    }
    process::run(&machine.command("rustup").args(["component", "add", "clippy", "rustfmt"])).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_and_leptos_peer_are_built_with_the_wasm_bindgen_of_the_table() {
        for lock in ["Cargo.lock", "bench/peers/leptos/Cargo.lock"] {
            let text = std::fs::read_to_string(Machine::here().unwrap().at(lock)).unwrap();
            let entry = format!("name = \"wasm-bindgen\"\nversion = \"{WASM_BINDGEN}\"\n");
            assert!(text.contains(&entry), "{lock}");
        }
    }

    #[test]
    fn a_program_that_is_missing_or_too_old_is_not_here() {
        let machine = Machine::here().unwrap();
        assert!(is_at_least(&machine, "rustc", &[1, 85]));
        assert!(!is_at_least(&machine, "rustc", &[999]));
        assert!(!is_at_least(&machine, "no-such-program", &[0]));
    }
}
