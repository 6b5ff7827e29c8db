//! What is wrong with the environment.

use std::fmt;

/// A variable that keeps the proxy from starting.
///
/// It never holds the value: somebody may have put a secret into the wrong variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The name of the variable.
    pub variable: String,
    /// What to do about it. The message is the name followed by this text.
    pub remedy: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.variable, self.remedy)
    }
}

/// All variables that keep the proxy from starting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for error in &self.0 {
            writeln!(f, "  {error}")?;
        }
        f.write_str("--help explains every variable; --sandbox needs none of them")
    }
}

impl std::error::Error for ConfigErrors {}
