//! A command line: it can be run, asked for its output, and shown to somebody who wants to repeat it.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

/// A program with its arguments, its folder and its changes to the environment.
#[derive(Clone)]
pub(crate) struct Cmd {
    /// The program, by name or by path, and its arguments.
    words: Vec<OsString>,
    variables: Vec<(&'static str, OsString)>,
    path: Vec<PathBuf>,
    folder: PathBuf,
}

impl Cmd {
    /// A program and its first arguments, separated by spaces.
    pub(crate) fn new(line: &str, folder: &Path) -> Self {
        let words = line.split_whitespace().map(OsString::from).collect();
        Self { words, variables: Vec::new(), path: Vec::new(), folder: folder.to_owned() }
    }

    /// One more argument, which may hold spaces.
    pub(crate) fn arg(self, argument: impl Into<OsString>) -> Self {
        self.args([argument])
    }

    pub(crate) fn args<S: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.words.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Sets a variable unless the user has set it.
    pub(crate) fn env_default(self, name: &'static str, value: &str) -> Self {
        if env::var_os(name).is_some() { self } else { self.env(name, value) }
    }

    /// Puts a folder at the front of the program's `PATH`.
    pub(crate) fn path_first(mut self, folder: PathBuf) -> Self {
        self.path.insert(0, folder);
        self
    }

    /// Runs in another folder.
    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder.push(folder);
        self
    }

    /// Has another program, such as `sudo -n`, run this one.
    pub(crate) fn wrapped(mut self, wrapper: &str) -> Self {
        self.words.splice(0..0, wrapper.split_whitespace().map(OsString::from));
        self
    }

    /// The command for duct to start. A failure of the program is not an error of duct.
    pub(crate) fn expression(&self) -> anyhow::Result<duct::Expression> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(self.path.iter().cloned().chain(env::split_paths(&inherited)))?;
        let (program, arguments) = self.words.split_first().context("the command has no program")?;
        let program = which::which_in(program, Some(&path), &self.folder)
            .with_context(|| format!("`{}` is not on this machine's PATH", program.display()))?;
        // `cargo run` describes this crate in variables that build scripts read. If another cargo
        // inherited them, it would build those crates again every time.
        let inherited = env::vars_os().filter(|(name, _)| !is_set_by_cargo_run(name));
        let own = self.variables.iter().map(|(name, value)| (OsString::from(name), value.clone()));
        let variables = inherited.chain([("PATH".into(), path)]).chain(own);
        let command = duct::cmd(program, arguments).dir(&self.folder).full_env(variables);
        Ok(command.stdin_null().unchecked())
    }

    /// What a quick command prints, or nothing where it is missing or fails.
    pub(crate) fn answer(&self) -> Option<String> {
        let output = self.expression().ok()?.stderr_null().stdout_capture().run().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

fn is_set_by_cargo_run(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name == "CARGO" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// The line that runs the same again in a shell.
impl fmt::Display for Cmd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |word: &OsStr| {
            let word = word.to_string_lossy();
            // Only a zero byte cannot be quoted, and no argument can hold one.
            shlex::try_quote(&word).map_or_else(|_| word.to_string(), |quoted| quoted.into_owned())
        };
        write!(f, "cd {} &&", quoted(self.folder.as_os_str()))?;
        if !self.path.is_empty() {
            let folders: Vec<_> = self.path.iter().map(|folder| quoted(folder.as_os_str())).collect();
            write!(f, " PATH={}:$PATH", folders.join(":"))?;
        }
        self.variables.iter().try_for_each(|(name, value)| write!(f, " {name}={}", quoted(value)))?;
        self.words.iter().try_for_each(|word| write!(f, " {}", quoted(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_a_line_that_a_shell_can_run() {
        let command = Cmd::new("npm ci", Path::new("/project")).within("www").arg("two words");
        assert_eq!(
            command.env("CI", "1").wrapped("sudo -n").path_first("/some tools".into()).to_string(),
            "cd /project/www && PATH='/some tools':$PATH CI=1 sudo -n npm ci 'two words'"
        );
    }

    #[test]
    fn the_variables_that_describe_this_crate_are_not_passed_on() {
        let is_set = |name: &&str| is_set_by_cargo_run(OsStr::new(name));
        assert!(["CARGO", "CARGO_PKG_NAME", "CARGO_MANIFEST_DIR"].iter().all(is_set));
        assert!(!["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_INSTALL_ROOT"].iter().any(is_set));
    }
}
