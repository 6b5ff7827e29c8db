//! The folders of the project on this machine, and the steps of this run.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use crate::{
    command::Cmd,
    process,
    screen::{format_duration, say},
};

/// Shorter steps are left out of the summary.
const MIN_REPORTED: Duration = Duration::from_secs(1);

/// Where things are on this machine, and what has been done so far.
pub(crate) struct Machine {
    pub(crate) root: PathBuf,
    /// Where cargo builds. What is made in `target/` otherwise stays in the project, where the tests look.
    pub(crate) target: PathBuf,
    /// The toolchain that has the `wasm32` target, where it is not the default one.
    pub(crate) wasm_toolchain: Option<&'static str>,
    pub(crate) started: Instant,
    steps: Vec<(String, Duration)>,
}

impl Machine {
    /// Finds the folders of the project that this program was built from.
    pub(crate) fn here() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("this crate has no project")?;
        // Cargo's target folder can be moved in several ways; the path of this program tells where it is.
        let program = env::current_exe().context("cannot tell where this program is")?;
        let profile = program.ancestors().find(|folder| folder.ends_with("debug"));
        let target =
            profile.and_then(Path::parent).context("this program is not in cargo's target folder")?;
        Ok(Self {
            root: root.to_owned(),
            target: target.to_owned(),
            wasm_toolchain: None,
            started: Instant::now(),
            steps: Vec::new(),
        })
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A folder of the project with nothing in it.
    pub(crate) fn empty_folder(&self, path: &str) -> Result<PathBuf> {
        let folder = self.at(path);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot write to {}", folder.display()))?;
        Ok(folder)
    }

    /// A program that the workspace has built.
    pub(crate) fn built(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// Folders whose names tell something about whoever builds. No shipped file may name them.
    pub(crate) fn private_folders(&self) -> Vec<PathBuf> {
        let rustup = env::var_os("RUSTUP_HOME").map(PathBuf::from);
        let folders = [Some(self.root.clone()), cargo_home(), rustup, env::home_dir()].into_iter().flatten();
        // Every path begins with the root of the file system, so that name tells nothing.
        folders.filter(|folder| folder.parent().is_some()).collect()
    }

    /// A command that runs in the project's folder, and finds what was installed and unpacked for it.
    pub(crate) fn command(&self, line: &str) -> Cmd {
        let unpacked = ["target/servers/usr/bin", "target/servers/usr/sbin"].map(|folder| self.at(folder));
        install_folder().into_iter().chain(unpacked).fold(Cmd::new(line, &self.root), Cmd::path_first)
    }

    /// The same, with the toolchain that has the `wasm32` target.
    pub(crate) fn wasm_command(&self, line: &str) -> Cmd {
        let command = self.command(line);
        match self.wasm_toolchain {
            Some(name) => command.env("RUSTUP_TOOLCHAIN", name),
            None => command,
        }
    }

    /// Runs a step: prints its title, shows its progress, notes its time, returns its output.
    pub(crate) fn step(&mut self, title: &str, command: &Cmd) -> Result<String> {
        self.timed(title, |_| process::run(command))
    }

    /// The same for a step that is more than one command.
    pub(crate) fn timed<T>(&mut self, title: &str, step: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        say(title);
        let started = Instant::now();
        let outcome = step(self)?;
        let took = started.elapsed();
        if took >= MIN_REPORTED {
            say(&format!("  done in {}", format_duration(took)));
            self.steps.push((title.to_owned(), took));
        }
        Ok(outcome)
    }

    /// Prints how long each step took.
    pub(crate) fn summary(&self) {
        if !self.steps.is_empty() {
            say("");
            for (title, took) in &self.steps {
                say(&format!("{:>12}  {title}", format_duration(*took)));
            }
            say(&format!("{:>12}  in all", format_duration(self.started.elapsed())));
        }
    }
}

/// Where `cargo install` puts programs. The `PATH` of a shell that is older than rustup lacks it.
pub(crate) fn install_folder() -> Option<PathBuf> {
    Some(env::var_os("CARGO_INSTALL_ROOT").map(PathBuf::from).or_else(cargo_home)?.join("bin"))
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}
