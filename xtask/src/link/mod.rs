//! Stands before the linker while the card is built.
//!
//! What the compiler hands to the linker still says by name what calls what. So here, and not in
//! the finished file, [`unused`] takes out what the card never does: the linker leaves out all
//! that nothing names any more.

pub(crate) mod unused;

use std::{
    ffi::{OsStr, OsString},
    fs,
    path::Path,
    process::Command,
};

use anyhow::{Context as _, bail};

use crate::module::Module;

/// The variable that says where the linker is.
pub(crate) const LINKER: &str = "AIRALO_LINKER";

/// `xtask link`: the linker, with these arguments.
pub(crate) fn run(arguments: Vec<OsString>) -> anyhow::Result<()> {
    for object in arguments.iter().map(Path::new).filter(|path| path.extension() == Some(OsStr::new("o"))) {
        // It was written for this very call, and nobody reads it afterwards.
        cut(object).with_context(|| format!("cannot read {}", object.display()))?;
    }
    let linker = std::env::var_os(LINKER).context("the linker is not known; `cargo xtask build` knows it")?;
    let status = Command::new(&linker)
        .args(arguments)
        .status()
        .with_context(|| format!("cannot start {}", linker.display()))?;
    if !status.success() {
        bail!("{} ended with {status}", linker.display());
    }
    Ok(())
}

fn cut(object: &Path) -> anyhow::Result<()> {
    let mut module = Module::parse(&fs::read(object)?).context("it is no WebAssembly")?;
    unused::cut(&mut module).context("it does not say what its functions are called")?;
    Ok(fs::write(object, module.to_bytes())?)
}
