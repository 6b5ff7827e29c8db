//! This machine as the other modules need it: where things are, and what has been done so far.

use std::{
    env,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;

use crate::{
    command::Cmd,
    process,
    screen::{say, spoken},
};

/// Steps shorter than this are not worth a place in the summary.
const WORTH_MENTIONING: Duration = Duration::from_millis(500);

/// The project's folders on this machine, and the steps taken in this run.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    /// The toolchain that has the `wasm32` target, where it is not the current one.
    pub(crate) wasm_toolchain: Option<&'static str>,
    started: Instant,
    steps: Vec<(String, Duration)>,
}

impl Machine {
    /// Finds the folders of the project this program was built from.
    pub(crate) fn here() -> anyhow::Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("this crate lies inside the project")?;
        // Cargo's target folder can be moved in several ways; the place of this program knows them all.
        let own = env::current_exe().context("cannot tell where this program is")?;
        let target = own.ancestors().nth(2).context("this program lies in cargo's target folder")?;
        Ok(Self {
            root: root.to_owned(),
            target: target.to_owned(),
            wasm_toolchain: None,
            started: Instant::now(),
            steps: Vec::new(),
        })
    }

    /// A file or folder of the project.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// The built page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.at("dist")
    }

    /// Folders whose names say something about whoever builds, and belong into nothing that is
    /// shipped.
    pub(crate) fn private_folders(&self) -> Vec<PathBuf> {
        let cargo = install_folder().and_then(|folder| folder.parent().map(Path::to_owned));
        let rustup = env::var_os("RUSTUP_HOME").map(PathBuf::from);
        [Some(self.root.clone()), cargo, rustup, env::home_dir()].into_iter().flatten().collect()
    }

    /// Where downloaded tools of this project live; `cargo clean` takes them away.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// A program that the workspace has built, in cargo's default profile.
    pub(crate) fn built(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A command in the project's folder, which finds the tools that we install.
    pub(crate) fn command(&self, program: &str) -> Cmd {
        let command = Cmd::new(program, &self.root);
        match install_folder() {
            Some(folder) => command.path_first(folder),
            None => command,
        }
    }

    /// The same, with the toolchain that has the `wasm32` target.
    pub(crate) fn wasm_command(&self, program: &str) -> Cmd {
        match self.wasm_toolchain {
            Some(name) => self.command(program).env("RUSTUP_TOOLCHAIN", name),
            None => self.command(program),
        }
    }

    /// Runs a named step: says it, shows that it is alive, notes its time.
    pub(crate) fn step(&mut self, title: &str, command: &Cmd) -> anyhow::Result<String> {
        say(title);
        let finished = process::must(command)?;
        self.note(title, finished.took);
        Ok(finished.text)
    }

    /// Notes a step for the summary.
    pub(crate) fn note(&mut self, title: &str, took: Duration) {
        if took >= WORTH_MENTIONING {
            say(&format!("  done in {}", spoken(took)));
        }
        self.steps.push((title.to_owned(), took));
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Prints where the time went, when any was spent.
    pub(crate) fn summary(&self) {
        let steps: Vec<_> = self.steps.iter().filter(|(_, took)| *took >= WORTH_MENTIONING).collect();
        if steps.is_empty() {
            return;
        }
        say("");
        for (title, took) in steps {
            say(&format!("{:>12}  {title}", spoken(*took)));
        }
        say(&format!("{:>12}  in all", spoken(self.elapsed())));
    }
}

/// Where `cargo install` puts programs. A shell that has not been restarted since may not look there.
fn install_folder() -> Option<PathBuf> {
    let home = || env::home_dir().map(|home| home.join(".cargo"));
    let given = env::var_os("CARGO_INSTALL_ROOT").or_else(|| env::var_os("CARGO_HOME")).map(PathBuf::from);
    given.or_else(home).map(|root| root.join("bin"))
}
