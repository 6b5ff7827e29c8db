//! Reading variables one by one, and remembering everything that is wrong with them.

use super::variables::Variable;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::fs;

/// One variable that keeps the proxy from starting.
///
/// It never repeats the value: somebody may have put the secret into the wrong variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name of the variable.
    pub variable: String,
    /// What to do about it, to follow on the name.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.variable, self.remedy)
    }
}

/// Everything that keeps the proxy from starting, at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(f, "  {fault}")?;
        }
        f.write_str("--help explains every variable; --sandbox needs none of them")
    }
}

impl std::error::Error for Faults {}

pub(super) struct Reader<F> {
    vars: F,
    faults: Vec<Fault>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    pub(super) const fn new(vars: F) -> Self {
        Self { vars, faults: Vec::new() }
    }

    /// A variable that is set to nothing counts as not set, as in most deployment files.
    pub(super) fn given(&self, name: &str) -> Option<String> {
        (self.vars)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn fault(&mut self, variable: impl Into<String>, remedy: impl Into<String>) {
        self.faults.push(Fault { variable: variable.into(), remedy: remedy.into() });
    }

    pub(super) fn into_faults(self) -> Faults {
        Faults(self.faults)
    }

    /// Nothing only where a fault was noted.
    pub(super) fn read<T>(
        &mut self,
        variable: &Variable,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.given(variable.name).unwrap_or_else(|| variable.default.to_owned());
        let parsed = parse(&value);
        if parsed.is_none() {
            self.fault(variable.name, format!("must be {}", variable.expects));
        }
        parsed
    }

    /// The inner nothing is a variable that is not set, the outer one a fault.
    pub(super) fn read_optional<T>(
        &mut self,
        variable: &Variable,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.given(variable.name).is_some() { self.read(variable, parse).map(Some) } else { Some(None) }
    }

    /// A secret from the variable itself or from the file that `NAME_FILE` names.
    pub(super) fn secret(&mut self, variable: &Variable) -> Option<SecretString> {
        let file = format!("{}_FILE", variable.name);
        let secret = match (self.given(variable.name), self.given(&file)) {
            (Some(_), Some(_)) => {
                self.fault(variable.name, format!("is set twice; keep either it or {file}"));
                return None;
            }
            (Some(value), None) => SecretString::from(value),
            (None, Some(path)) => match fs::read_to_string(path) {
                Ok(text) => SecretString::from(text.trim()),
                Err(error) => {
                    self.fault(file, format!("must name a file that can be read ({})", error.kind()));
                    return None;
                }
            },
            (None, None) => {
                self.fault(
                    variable.name,
                    format!("is missing; set it to {}, or name a file in {file}", variable.expects),
                );
                return None;
            }
        };
        if is_usable(&secret) {
            return Some(secret);
        }
        self.fault(variable.name, format!("must be {}", variable.expects));
        None
    }
}

/// A replacement character is what is left of a variable that was not Unicode.
fn is_usable(secret: &SecretString) -> bool {
    let text = secret.expose_secret();
    !text.is_empty() && !text.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER)
}
