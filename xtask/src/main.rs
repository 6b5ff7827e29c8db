//! Demo, build, test and bench of the card, for a machine that may have nothing but Rust.
//!
//! This is a thin layer: Trunk builds, wasm-pack and Playwright test, npm and cargo install.
//! What is ours is the order, the fall-backs and the words on the screen.
//!
//! # Where to start
//!
//! - [`tools`] knows which tools are needed, which are missing and how each is had.
//! - [`demo`] starts the proxy with its stand-in; [`check`] asks it what the page would ask.
//! - [`build`] calls Trunk, and [`fresh`] knows when it need not.
//! - [`link`] and [`finish`] are the end of every Trunk build: bytes out, styles in.
//!   [`module`] is what they know of WebAssembly.
//! - [`weight`] is what the card weighs, and may weigh.
//! - [`test`] is every suite in one run; [`counts`] reads how many tests each tool ran.
//! - [`bench`] measures the card beside its peers.
//! - [`process`] runs everything above, shows that it is alive and never leaves it behind.

mod bench;
mod build;
mod check;
mod command;
mod counts;
mod demo;
mod finish;
mod fresh;
mod interrupt;
mod link;
mod machine;
mod module;
mod page;
mod process;
mod screen;
mod test;
mod tools;
mod weight;

use std::process::ExitCode;

use anyhow::{anyhow, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt as _};

use crate::{demo::Demo, machine::Machine, screen::say};

const HELP: &str = "\
cargo xtask <command>

  demo           build the card and show it in a browser, against a built-in stand-in of the
                 Airalo Partner API; with AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET set, against
                 the real one. Ctrl-C stops everything
    --port N     serve on 127.0.0.1:N instead of 8080
    --no-open    leave the browser alone
    --check      start all, read the balance the way the page does, print it and stop
  build          build the card into dist/ and print its sizes
  test           run every test: on the host, in a browser, end to end
  bench          measure the card beside its peers, for about 12 minutes, and write the figures
                 to bench/results.md
    --quick      fewer rounds, fewer conditions: about 3 minutes
    --only A,B   only these: card, vanilla, lit, preact, svelte, react, leptos, adyen
    --output F   write to F, as seen from bench/
  finish-dist    the last step of a Trunk build; Trunk.toml calls it
  link           the linker of the card; `build` has cargo call it

Missing tools are installed first, each with a line that says what, why and how long.
";

fn main() -> ExitCode {
    match interrupt::listen().and_then(|()| dispatch()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if interrupt::asked() => {
            screen::warn("stopped");
            ExitCode::from(interrupt::EXIT_CODE)
        }
        Err(error) => {
            screen::warn(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> anyhow::Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        None | Some(Long("help") | Short('h')) => {
            say(HELP.trim_end());
            return Ok(());
        }
        Some(Value(command)) => command.string()?,
        Some(other) => return Err(refused(&other)),
    };
    if command == "link" {
        return link::run(arguments.raw_args()?.collect());
    }
    let mut machine = Machine::here()?;
    match command.as_str() {
        "demo" => match Demo::from_arguments(&mut arguments)? {
            Some(demo) => demo.run(&mut machine),
            None => {
                say(HELP.trim_end());
                Ok(())
            }
        },
        "bench" => bench::run(&mut machine, &bench::options(&mut arguments)?),
        "build" => alone(&mut arguments).and_then(|()| build::run(&mut machine)),
        "test" => alone(&mut arguments).and_then(|()| test::run(&mut machine)),
        "finish-dist" => alone(&mut arguments).and_then(|()| finish::run(&machine)),
        "help" => {
            say(HELP.trim_end());
            Ok(())
        }
        other => bail!("there is no command `{other}`; `cargo xtask --help` lists them"),
    }
}

/// An option that is ignored would be an option that the caller believes in.
fn alone(arguments: &mut lexopt::Parser) -> anyhow::Result<()> {
    match arguments.next()? {
        None => Ok(()),
        Some(argument) => Err(refused(&argument)),
    }
}

/// The error for an argument that nobody asked for.
fn refused(argument: &lexopt::Arg<'_>) -> anyhow::Error {
    let argument = match argument {
        Short(letter) => format!("-{letter}"),
        Long(name) => format!("--{name}"),
        Value(value) => value.display().to_string(),
    };
    anyhow!("`{argument}` means nothing here; `cargo xtask --help` lists what does")
}
