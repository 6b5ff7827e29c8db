//! Every variable, once: the reader takes its defaults from here and `--help` its words.

/// One variable of the environment.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: &'static str,
    /// Read like a value from outside. Empty where there is none.
    pub(super) default: &'static str,
    /// What it is for.
    about: &'static str,
    /// What it has to be, to follow on "must be".
    pub(super) expects: &'static str,
}

pub(super) const CLIENT_ID: Variable = Variable {
    name: "AIRALO_CLIENT_ID",
    default: "",
    about: "The client id of the partner API, from the Airalo partner console",
    expects: "the client id from the Airalo partner console, on one line",
};
pub(super) const CLIENT_SECRET: Variable = Variable {
    name: "AIRALO_CLIENT_SECRET",
    default: "",
    about: "Its secret. Either may be a file instead, named in AIRALO_CLIENT_ID_FILE and AIRALO_CLIENT_SECRET_FILE",
    expects: "the client secret from the Airalo partner console, on one line",
};
pub(super) const BASE_URL: Variable = Variable {
    name: "AIRALO_BASE_URL",
    default: "https://partners-api.airalo.com",
    about: "Where the partner API is",
    expects: "an https address (or http on a loopback address) without path, user or query",
};
pub(super) const LISTEN: Variable = Variable {
    name: "LISTEN",
    default: "127.0.0.1:8080",
    about: "Where the card and /api/balance are served",
    expects: "an address and a port, such as 127.0.0.1:8080",
};
pub(super) const ADMIN_LISTEN: Variable = Variable {
    name: "ADMIN_LISTEN",
    default: "",
    about: "Where /livez and /readyz are served; nowhere, if not set",
    expects: "an address and a port, such as 127.0.0.1:9090",
};
pub(super) const BALANCE_TTL: Variable = Variable {
    name: "BALANCE_TTL",
    default: "60",
    about: "For how many seconds a balance counts as fresh",
    expects: "a whole number of seconds from 1 to 86400",
};
pub(super) const MAX_STALE: Variable = Variable {
    name: "MAX_STALE",
    default: "3600",
    about: "For how many seconds the last balance is shown, marked as old, while Airalo fails",
    expects: "a whole number of seconds from 0 to 604800",
};
pub(super) const ALLOW_ANONYMOUS: Variable = Variable {
    name: "ALLOW_ANONYMOUS",
    default: "0",
    about: "1 lets LISTEN be reached by other machines, although whoever reaches it can read the balance",
    expects: "1 or 0",
};
pub(super) const ASSETS_DIR: Variable = Variable {
    name: "ASSETS_DIR",
    default: "dist",
    about: "The directory of the built card",
    expects: "a directory",
};
pub(super) const SANDBOX_LISTEN: Variable = Variable {
    name: "SANDBOX_LISTEN",
    default: "127.0.0.1:0",
    about: "With --sandbox: where the stand-in and its console are; port 0 takes a free one",
    expects: "a loopback address and a port, such as 127.0.0.1:8081",
};
pub(super) const SANDBOX_BALANCE: Variable = Variable {
    name: "SANDBOX_BALANCE",
    default: "225.35",
    about: "With --sandbox: its balance at the start, in US dollars",
    expects: "an amount with at most two decimals, such as 225.35",
};
pub(super) const SANDBOX_ORDER_EVERY: Variable = Variable {
    name: "SANDBOX_ORDER_EVERY",
    default: "20",
    about: "With --sandbox: seconds between its orders, 0 for none",
    expects: "a whole number of seconds from 0 to 86400",
};
const RUST_LOG: Variable = Variable {
    name: "RUST_LOG",
    default: "info",
    about: "What is logged: error, warn, info, debug (each request) or trace",
    expects: "",
};

/// In the order of `--help`.
pub(super) const ALL: [&Variable; 13] = [
    &CLIENT_ID,
    &CLIENT_SECRET,
    &BASE_URL,
    &LISTEN,
    &ADMIN_LISTEN,
    &ALLOW_ANONYMOUS,
    &ASSETS_DIR,
    &BALANCE_TTL,
    &MAX_STALE,
    &SANDBOX_LISTEN,
    &SANDBOX_BALANCE,
    &SANDBOX_ORDER_EVERY,
    &RUST_LOG,
];

/// Variables of the design that this version does not know how to obey.
///
/// Most of them guard something: to ignore one in silence would be to pretend.
pub(super) const NOT_YET: [&str; 6] =
    ["ACCESS_TOKEN", "ACCESS_TOKEN_FILE", "ALLOWED_ORIGINS", "HISTORY", "REDIS_URL", "REDIS_URL_FILE"];

/// The part of `--help` about the environment.
#[must_use]
pub fn help() -> String {
    let mut text = String::from("Environment:\n");
    for variable in ALL {
        let default = match variable.default {
            "" => String::new(),
            default => format!(" [default: {default}]"),
        };
        text.push_str(&format!("  {}\n          {}{default}\n", variable.name, variable.about));
    }
    text.truncate(text.trim_end().len());
    text
}
