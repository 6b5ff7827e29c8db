//! The WebAssembly itself: what can be done about its size once it is linked.
//!
//! - [`order`] brings together the functions that resemble each other.
//! - [`names`] shortens what the glue and the file call each other.
//!
//! The rest is up to `wasm-opt`.

mod names;
mod order;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{command::Cmd, module::Module, process, screen::say};

use super::VOICE;

/// What rustc uses by itself. Not `--all-features`: that writes files which no browser loads.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Chosen by the size after brotli, which likes what repeats itself better than what is short:
/// hence some passes are left out, and functions of more than 50 bytes stay functions.
/// The stack lies below everything else, so nothing but an overflow of it uses low addresses, and
/// Rust's own checks keep all else from trapping where no `unreachable` stands.
const SMALLER: [&str; 18] = [
    // Code that is taken apart and put together anew repeats itself more than as it came.
    "-O3",
    "--gufa-optimizing",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--converge",
    "--skip-pass=local-cse",
    "--skip-pass=simplify-locals",
    "--one-caller-inline-max-function-size=50",
    "-Oz",
    "--simplify-locals-nostructure",
    "--coalesce-locals",
    "--reorder-locals",
    "--ignore-implicit-traps",
    "--low-memory-unused",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Brings the functions into the order of their names, and says the rest as shortly as before.
const IN_ORDER: [&str; 4] =
    ["--reorder-functions-by-name", "--generate-stack-ir", "--optimize-stack-ir", "--strip-debug"];

/// Makes the card's WebAssembly and its glue as small as they get.
pub(super) fn shrink(wasm_opt: Option<&Cmd>, folder: &Path, machine_paths: &[PathBuf]) -> anyhow::Result<()> {
    let (wasm, glue) = (folder.join("airalo-balance_bg.wasm"), folder.join("airalo-balance.js"));
    let cannot = |what: &str, path: &Path| format!("cannot {what} {}", path.display());

    let Some(wasm_opt) = wasm_opt else {
        say(&format!("{VOICE}there is no wasm-opt, so the WebAssembly stays as large as it is"));
        return Ok(());
    };
    let opt = |how: &[&str]| {
        process::must(&wasm_opt.clone().args(FEATURES).args(how).args([&wasm]).args(["-o"]).args([&wasm]))
    };
    opt(&SMALLER)?;
    let mut module = read(&wasm)?;
    name_in_order(&mut module).with_context(|| cannot("read the functions of", &wasm))?;
    fs::write(&wasm, module.to_bytes()).with_context(|| cannot("write", &wasm))?;
    opt(&IN_ORDER)?;

    let mut module = read(&wasm)?;
    let text = fs::read_to_string(&glue).with_context(|| cannot("read", &glue))?;
    let text = names::shorten(&mut module, &text).with_context(|| cannot("shorten the names in", &wasm))?;
    let bytes = module.to_bytes();
    if let Some(path) = named(&bytes, machine_paths) {
        say(&format!("{VOICE}the WebAssembly names {}, a folder of this machine", path.display()));
    }
    fs::write(&wasm, bytes).with_context(|| cannot("write", &wasm))?;
    fs::write(&glue, text).with_context(|| cannot("write", &glue))
}

/// Gives the functions names that sort as they are to stand.
fn name_in_order(module: &mut Module) -> Option<()> {
    let order = order::by_resemblance(&module.bodies()?);
    let mut names = vec![String::new(); order.len()];
    for (place, function) in order.into_iter().enumerate() {
        names[function] = format!("{place:06}");
    }
    module.name(&names)
}

fn read(path: &Path) -> anyhow::Result<Module> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Module::parse(&bytes).with_context(|| format!("{} is no WebAssembly that we can read", path.display()))
}

/// The first of these folders that a file names.
pub(crate) fn named<'a>(bytes: &[u8], folders: &'a [PathBuf]) -> Option<&'a Path> {
    let is_named = |folder: &&PathBuf| {
        // Every path begins with the root.
        let named = folder.parent().is_some();
        let folder = folder.as_os_str().as_encoded_bytes();
        named && bytes.windows(folder.len()).any(|window| window == folder)
    };
    folders.iter().find(is_named).map(PathBuf::as_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_this_machine_is_found_wherever_it_stands() {
        let folders = ["", "/", "/home/somebody"].map(PathBuf::from);
        assert_eq!(named(b"\0asm /home/somebody/.cargo/x.rs", &folders), Some(Path::new("/home/somebody")));
        assert_eq!(named(b"\0asm src/lib.rs", &folders), None);
    }
}
