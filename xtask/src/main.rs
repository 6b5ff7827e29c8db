//! `cargo xtask`: demo, build, test and bench of the card, on a machine that may have only Rust.
//!
//! This crate is thin. Trunk builds, wasm-pack and Playwright test, cargo and npm install; what is
//! written here is the order of the steps, the fall-backs and the words on the screen.
//!
//! # A guided tour
//!
//! - [`tools`] has the table of the tools that the project needs, and installs the missing ones.
//! - [`build`] calls Trunk, and [`fresh`] tells when no build is needed.
//! - [`weight`] prints the sizes of what a page loads, and holds them to a budget.
//! - [`demo`] starts the proxy with the stand-in.
//! - [`test`] runs every suite, and [`bench`] measures the card beside its peers, the proxy beside nginx
//!   and the forecast beside other methods.
//! - [`package`] makes the npm package, and tries it in projects of partners; [`programs`] makes what
//!   partners install, and starts it.
//! - [`command`] is a command line, [`process`] runs it and [`interrupt`] stops it on Ctrl-C.
//! - [`machine`] knows the folders and notes the time of each step; [`screen`] prints.

mod bench;
mod build;
mod command;
mod demo;
mod fresh;
mod interrupt;
mod machine;
mod package;
mod process;
mod programs;
mod screen;
mod test;
mod tools;
mod weight;

use std::process::ExitCode;

use clap::{ArgMatches, Command, arg, value_parser};

use crate::machine::Machine;

fn commands() -> Command {
    let demo = "Build the card and show it in a browser, against a built-in stand-in of the Airalo\n\
                Partner API; with AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET set, against the real one";
    Command::new("xtask")
        .bin_name("cargo xtask")
        .about("Demo, build, test and bench of the card. Missing tools are installed first, and named.")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .flatten_help(true)
        .disable_help_subcommand(true)
        .subcommand(Command::new("demo").about(demo).args([
            arg!(--port <N> "Serve on 127.0.0.1:N").value_parser(value_parser!(u16)).default_value("8080"),
            arg!(--"no-open" "Do not open the browser"),
            arg!(--check "Start all, read the balance the way the page does, print it and stop"),
        ]))
        .subcommand(Command::new("build").about("Build the card into dist/ and print its sizes"))
        .subcommand(
            Command::new("test")
                .about("Run every test: on the host, in browsers, end to end, in projects of partners")
                .args_conflicts_with_subcommands(true)
                .arg(
                    arg!(--browser <NAME> "Only what runs in this browser")
                        .value_parser(["chromium", "firefox", "webkit", "all"]),
                )
                .subcommand(
                    Command::new("hosts")
                        .about("Only the examples of panels, all or those that are named")
                        .arg(arg!(names: [NAME] ... "Folders of examples/hosts")),
                )
                .subcommand(Command::new("package").about("Only those of the npm package"))
                .subcommand(Command::new("servers").about("Only the examples of backends"))
                .subcommand(
                    Command::new("programs")
                        .about("Only the programs to install")
                        .arg(arg!(--release "Those in pkg/, which `cargo xtask package` has made")),
                )
                .subcommand(
                    Command::new("wordpress")
                        .about("Only the plugin, in WordPress: about 4 minutes, not part of `test`"),
                ),
        )
        .subcommand(
            Command::new("package")
                .about("Make the npm package, the plugin for WordPress and the programs to install, in pkg/, in about 4 minutes"),
        )
        .subcommand(
            Command::new("bench")
                .about(
                    "Measure the card beside its peers, for about 20 minutes, and write bench/results.md;\n\
                     the proxy beside nginx, for about 6, and write bench/proxy.md;\n\
                     compare the forecast with other methods, for about 1, and write bench/forecast.md",
                )
                .args([
                    arg!([what] "What is measured").value_parser(["card", "proxy", "forecast"]).default_value("card"),
                    arg!(--quick "Fewer and shorter rounds: about 4 minutes, or 1"),
                    arg!(--only <NAMES> "Some of card,card-hinted,card-in-page,lit,react,leptos,adyen and others"),
                    arg!(--output <FILE> "Write to another file, relative to bench/"),
                ]),
        )
}

fn main() -> ExitCode {
    let arguments = commands().get_matches();
    match interrupt::listen().and_then(|()| run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if interrupt::requested() => {
            screen::warn("stopped");
            ExitCode::from(interrupt::EXIT_CODE)
        }
        Err(error) => {
            screen::warn(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &ArgMatches) -> anyhow::Result<()> {
    let mut machine = Machine::here()?;
    match arguments.subcommand() {
        Some(("demo", options)) => demo::run(&mut machine, options),
        Some(("bench", options)) => bench::run(&mut machine, options),
        Some(("test", options)) => test::run(&mut machine, options),
        Some(("package", _)) => package::run(&mut machine),
        _ => build::run(&mut machine),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<ArgMatches, clap::Error> {
        commands().try_get_matches_from(format!("xtask {line}").split_whitespace())
    }

    #[test]
    fn the_commands_of_the_documentation_are_understood() {
        let pages = [include_str!("../../README.md"), include_str!("../../CONTRIBUTING.md")];
        let pieces = pages.iter().flat_map(|page| page.split(['`', '\n']));
        let lines = pieces.filter_map(|code| code.strip_prefix("cargo xtask "));
        for line in lines.clone() {
            assert!(read(line).is_ok(), "{line}");
        }
        assert!(lines.count() > 10);
        assert!(read("demo --port 9000 --no-open --check").is_ok());
    }

    #[test]
    fn a_wrong_argument_is_refused_by_name() {
        for (line, named) in [
            ("dmeo", "dmeo"),
            ("demo --port 70000", "70000"),
            ("build --release", "--release"),
            ("test twice", "twice"),
            ("bench prox", "prox"),
        ] {
            let error = read(line).unwrap_err().to_string();
            assert!(error.contains(named), "{line}: {error}");
        }
    }
}
