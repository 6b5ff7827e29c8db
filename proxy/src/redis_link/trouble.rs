//! What is wrong with Redis, and when the log says so.

use super::Step;
use redis::{ErrorKind, RedisError, ServerErrorKind};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What servers answer that take no writes, and what that means.
const REFUSALS: [(&str, &str); 5] = [
    ("READONLY", "it is a replica by now"),
    ("OOM", "its memory is full"),
    ("MISCONF", "it cannot write to its disk"),
    ("NOREPLICAS", "too few replicas follow it"),
    ("NOPERM", "its user may not do this"),
];

/// Why a step has failed. It is shown without the text of the error, which may hold a part of the URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The server has answered with this code.
    Refused(String),
    /// It has not answered.
    Unreachable(String),
    /// It has not answered in time.
    Timeout,
}

/// What fails at the moment.
#[derive(Debug, Default)]
pub(super) struct Trouble(Mutex<Failing>);

#[derive(Debug, Default)]
struct Failing {
    is_unreachable: bool,
    /// The steps that the server has refused. It may do the others.
    refused: BTreeSet<Step>,
}

impl Cause {
    pub(super) fn of(error: &RedisError) -> Self {
        let is_plain = |code: &&str| code.len() < 32 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match error.code().filter(is_plain) {
            // Before version 7 the code of a script's error is in the text alone.
            Some(code) if error.kind() == ErrorKind::Server(ServerErrorKind::ResponseError) => {
                let text = error.detail().unwrap_or_default();
                let known = REFUSALS.iter().find(|(known, _)| text.contains(&format!("-{known} ")));
                Self::Refused(known.map_or(code, |(known, _)| known).to_owned())
            }
            Some(code) => Self::Refused(code.to_owned()),
            None => Self::Unreachable(error.category().to_owned()),
        }
    }

    pub(super) fn is_read_only(&self) -> bool {
        matches!(self, Self::Refused(code) if code == "READONLY")
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(code) => match REFUSALS.iter().find(|(known, _)| known == code) {
                Some((_, meaning)) => write!(f, "{code}, {meaning}"),
                None => f.write_str(code),
            },
            Self::Unreachable(kind) => f.write_str(kind),
            Self::Timeout => f.write_str("no answer in time"),
        }
    }
}

impl Trouble {
    /// Returns whether the log is to say so: nothing has failed before.
    pub(super) fn failed(&self, step: Step, cause: &Cause) -> bool {
        let mut failing = self.lock();
        let was_good = failing.is_good();
        match cause {
            Cause::Refused(_) => drop(failing.refused.insert(step)),
            Cause::Unreachable(_) | Cause::Timeout => failing.is_unreachable = true,
        }
        was_good
    }

    /// Returns whether the log is to say so: nothing fails any more. A server that refuses to write still
    /// reads, so what was refused counts until it is done.
    pub(super) fn succeeded(&self, step: Step) -> bool {
        let mut failing = self.lock();
        let was_good = failing.is_good();
        failing.is_unreachable = false;
        failing.refused.remove(&step);
        !was_good && failing.is_good()
    }

    /// It was another server that failed.
    pub(super) fn forget(&self) {
        *self.lock() = Failing::default();
    }

    fn lock(&self) -> MutexGuard<'_, Failing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Failing {
    fn is_good(&self) -> bool {
        !self.is_unreachable && self.refused.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str) -> Cause {
        Cause::Refused(code.to_owned())
    }

    #[test]
    fn while_writes_are_refused_reads_and_other_writes_do_not_end_the_trouble() {
        let trouble = Trouble::default();
        assert!(trouble.failed(Step::WriteHistory, &refused("OOM")));
        for _ in 0..3 {
            assert!(!trouble.succeeded(Step::ReadHistory));
            assert!(!trouble.succeeded(Step::Lease));
            assert!(!trouble.failed(Step::WriteHistory, &refused("OOM")));
        }
        assert!(trouble.succeeded(Step::WriteHistory));
        assert!(!trouble.succeeded(Step::WriteHistory));
    }

    #[test]
    fn a_server_that_was_not_there_is_there_with_whatever_it_does() {
        let trouble = Trouble::default();
        assert!(trouble.failed(Step::Share, &Cause::Timeout));
        assert!(!trouble.failed(Step::Lease, &Cause::Unreachable("broken pipe".to_owned())));
        assert!(trouble.succeeded(Step::ReadHistory));
    }

    #[test]
    fn the_code_of_a_refusal_is_found_also_in_the_text_of_older_servers() {
        let of = |text: &str| {
            let value = redis::parse_redis_value(format!("-{text}\r\n").as_bytes()).unwrap();
            let redis::Value::ServerError(error) = value else { panic!("{value:?}") };
            Cause::of(&error.into())
        };
        assert_eq!(of("OOM command not allowed. script: 1, on @user_script:1."), refused("OOM"));
        let old = "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write";
        assert!(of(old).is_read_only());
        assert_eq!(of("ERR something of redis://user:hunter2@host").to_string(), "ERR");
        assert_eq!(of("NOPERM no permissions").to_string(), "NOPERM, its user may not do this");
    }
}
