//! Reads variables one by one, and collects the errors instead of stopping at the first one.

use super::error::{ConfigError, ConfigErrors};
use super::variables::Variable;
use secrecy::{ExposeSecret, SecretString};
use std::fs;

pub(super) struct Reader<F> {
    vars: F,
    errors: Vec<ConfigError>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    pub(super) const fn new(vars: F) -> Self {
        Self { vars, errors: Vec::new() }
    }

    /// The trimmed value. An empty variable counts as not set, as in most deployment files.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        (self.vars)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn report(&mut self, variable: impl Into<String>, remedy: impl Into<String>) {
        let error = ConfigError { variable: variable.into(), remedy: remedy.into() };
        // Two addresses may be reached through one proxy, whose variables are then read twice.
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    pub(super) fn into_errors(self) -> ConfigErrors {
        ConfigErrors(self.errors)
    }

    /// Parses a variable or its default. Reports an error when it returns `None`.
    pub(super) fn read<T>(
        &mut self,
        variable: &Variable,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(variable.name).unwrap_or_else(|| variable.default.to_owned());
        let parsed = parse(&value);
        if parsed.is_none() {
            self.report(variable.name, format!("must be {}", variable.expected));
        }
        parsed
    }

    /// Parses a variable without a default. `Some(None)` means that it is not set; `None` means
    /// that an error was reported.
    pub(super) fn read_optional<T>(
        &mut self,
        variable: &Variable,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.value(variable.name).is_some() { self.read(variable, parse).map(Some) } else { Some(None) }
    }

    /// Reads a secret that need not be set. `Some(None)` means that it is not; `None` means that an
    /// error was reported.
    pub(super) fn read_optional_secret(
        &mut self,
        variable: &Variable,
        is_valid: impl FnOnce(&str) -> bool,
    ) -> Option<Option<SecretString>> {
        let names = [variable.name.to_owned(), format!("{}_FILE", variable.name)];
        if names.iter().all(|name| self.value(name).is_none()) {
            return Some(None);
        }
        let secret = self.read_secret(variable)?;
        if !is_valid(secret.expose_secret()) {
            self.report(variable.name, format!("must be {}", variable.expected));
            return None;
        }
        Some(Some(secret))
    }

    /// Reads a secret from the variable, or from the file that `NAME_FILE` names.
    ///
    /// Reports an error when it returns `None`.
    pub(super) fn read_secret(&mut self, variable: &Variable) -> Option<SecretString> {
        let file = format!("{}_FILE", variable.name);
        let secret = match (self.value(variable.name), self.value(&file)) {
            (Some(_), Some(_)) => {
                self.report(variable.name, format!("is set twice; keep either it or {file}"));
                return None;
            }
            (Some(value), None) => SecretString::from(value),
            (None, Some(path)) => match fs::read_to_string(path) {
                // Editors of Windows begin a file with a byte order mark.
                Ok(text) => SecretString::from(text.trim_start_matches('\u{feff}').trim()),
                Err(error) => {
                    self.report(file, format!("must name a file that can be read ({})", error.kind()));
                    return None;
                }
            },
            (None, None) => {
                self.report(
                    variable.name,
                    format!("is missing; set it to {}, or name a file in {file}", variable.expected),
                );
                return None;
            }
        };
        if !is_valid_secret(&secret) {
            self.report(variable.name, format!("must be {}", variable.expected));
            return None;
        }
        Some(secret)
    }
}

/// A replacement character means that the variable was not valid Unicode.
fn is_valid_secret(secret: &SecretString) -> bool {
    let text = secret.expose_secret();
    !text.is_empty() && !text.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER)
}
