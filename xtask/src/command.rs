//! A command line that can be run, asked and shown to a person who wants to repeat it.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Context as _;

/// A program with its arguments and with what differs from our own environment.
#[derive(Debug, Clone)]
pub(crate) struct Cmd {
    program: OsString,
    arguments: Vec<OsString>,
    variables: Vec<(&'static str, OsString)>,
    path: Vec<PathBuf>,
    root: PathBuf,
    /// Where it runs, if not in the project's own folder.
    elsewhere: Option<PathBuf>,
}

impl Cmd {
    /// A program, by name or by path, run in the project's folder.
    pub(crate) fn new(program: impl Into<OsString>, root: &Path) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            variables: Vec::new(),
            path: Vec::new(),
            root: root.to_owned(),
            elsewhere: None,
        }
    }

    /// Adds arguments.
    pub(crate) fn args<S: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Sets a variable unless the person has.
    pub(crate) fn env_default(self, name: &'static str, value: &str) -> Self {
        if env::var_os(name).is_some() { self } else { self.env(name, value) }
    }

    /// Looks for programs in this folder first, before any that was named earlier.
    pub(crate) fn path_first(mut self, folder: PathBuf) -> Self {
        self.path.insert(0, folder);
        self
    }

    /// Runs in another folder.
    pub(crate) fn within(mut self, directory: &Path) -> Self {
        self.elsewhere = Some(directory.to_owned());
        self
    }

    /// Puts another program in front, which then runs this one.
    pub(crate) fn wrapped<'a>(mut self, wrapper: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words: Vec<OsString> = wrapper.into_iter().map(OsString::from).collect();
        words.push(self.program);
        words.append(&mut self.arguments);
        self.program = words.remove(0);
        self.arguments = words;
        self
    }

    fn directory(&self) -> &Path {
        self.elsewhere.as_deref().unwrap_or(&self.root)
    }

    /// The `PATH` the program gets.
    fn search_path(&self) -> OsString {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let folders = self.path.iter().cloned().chain(env::split_paths(&inherited));
        env::join_paths(folders).unwrap_or(inherited)
    }

    /// Where the program is, or why it cannot be run.
    pub(crate) fn find(&self) -> anyhow::Result<PathBuf> {
        which::which_in(&self.program, Some(self.search_path()), self.directory())
            .with_context(|| format!("`{}` is not on this machine's PATH", self.program.display()))
    }

    /// The command for the standard library to start, its streams not yet decided.
    pub(crate) fn prepare(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(self.find()?);
        command.args(&self.arguments).current_dir(self.directory()).env("PATH", self.search_path());
        // `cargo run` describes this crate to us in variables that build scripts listen to. Passed
        // on, they would make a second cargo build those crates again, every time.
        for (name, _) in env::vars_os() {
            if is_set_by_cargo_run(&name) {
                command.env_remove(name);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        Ok(command)
    }

    /// What a quick command prints, or nothing where it is missing or fails.
    pub(crate) fn answer(&self) -> Option<String> {
        let output = self.prepare().ok()?.stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

fn is_set_by_cargo_run(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name == "CARGO" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// The line to type in the project's folder to run the same again.
impl fmt::Display for Cmd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(folder) = &self.elsewhere {
            write!(f, "cd {} && ", quoted(&folder.display().to_string()))?;
        }
        let inherited = env::var_os("PATH").unwrap_or_default();
        let known: Vec<PathBuf> = env::split_paths(&inherited).collect();
        let folders = self.path.iter().filter(|folder| !known.contains(folder));
        let folders: Vec<_> = folders.map(|folder| folder.display().to_string()).collect();
        if !folders.is_empty() {
            write!(f, "PATH={}:$PATH ", quoted(&folders.join(":")))?;
        }
        for (name, value) in &self.variables {
            write!(f, "{name}={} ", quoted(&value.to_string_lossy()))?;
        }
        write!(f, "{}", quoted(&self.program.to_string_lossy()))?;
        for argument in &self.arguments {
            write!(f, " {}", quoted(&argument.to_string_lossy()))?;
        }
        Ok(())
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_a_line_that_a_shell_can_run() {
        let command = Cmd::new("wasm-pack", Path::new("."))
            .env("RUSTUP_TOOLCHAIN", "debian")
            .within(Path::new("tests/e2e"))
            .path_first(PathBuf::from("/some tools/bin"))
            .args(["test", "it's here"]);
        assert_eq!(
            command.to_string(),
            r"cd tests/e2e && PATH='/some tools/bin':$PATH RUSTUP_TOOLCHAIN=debian wasm-pack test 'it'\''s here'"
        );
    }

    #[test]
    fn the_folder_that_was_named_last_is_searched_first() {
        let command =
            Cmd::new("x", Path::new(".")).path_first("/cargo/bin".into()).path_first("/shortcut".into());
        let searched: Vec<_> = env::split_paths(&command.search_path()).take(2).collect();
        assert_eq!(searched, [PathBuf::from("/shortcut"), PathBuf::from("/cargo/bin")]);
    }

    #[test]
    fn a_wrapper_stands_before_the_program_it_runs() {
        let command = Cmd::new("apt-get", Path::new(".")).args(["update"]).wrapped(["sudo", "-n"]);
        assert_eq!(command.to_string(), "sudo -n apt-get update");
    }

    #[test]
    fn the_description_of_this_crate_is_not_passed_on() {
        for name in ["CARGO", "CARGO_PKG_NAME", "CARGO_MANIFEST_DIR"] {
            assert!(is_set_by_cargo_run(OsStr::new(name)), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_INSTALL_ROOT"] {
            assert!(!is_set_by_cargo_run(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn a_missing_program_is_an_error_that_names_it() {
        let error = Cmd::new("no-such-program", Path::new(".")).prepare().unwrap_err();
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }
}
