//! All variables of the environment. The reader and `--help` both use this one list.

/// One variable of the environment.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: &'static str,
    /// Parsed like any value. Empty if there is no default.
    pub(super) default: &'static str,
    /// For `--help`.
    description: &'static str,
    /// The rest of a message that begins with "must be".
    pub(super) expected: &'static str,
}

pub(super) const CLIENT_ID: Variable = Variable {
    name: "AIRALO_CLIENT_ID",
    default: "",
    description: "The client id of the partner API, from the Airalo partner console",
    expected: "the client id from the Airalo partner console, on one line",
};
pub(super) const CLIENT_SECRET: Variable = Variable {
    name: "AIRALO_CLIENT_SECRET",
    default: "",
    description: "Its secret. Both can be read from files instead, named by AIRALO_CLIENT_ID_FILE and AIRALO_CLIENT_SECRET_FILE",
    expected: "the client secret from the Airalo partner console, on one line",
};
pub(super) const BASE_URL: Variable = Variable {
    name: "AIRALO_BASE_URL",
    default: "https://partners-api.airalo.com",
    description: "Where the partner API is",
    expected: "an https address (or http on a loopback address) without path, user or query",
};
pub(super) const HTTPS_PROXY: Variable = Variable {
    name: "HTTPS_PROXY",
    default: "",
    description: "The HTTP proxy through which requests leave for Airalo, such as http://user:password@proxy.example:3128; \
                  they are encrypted all the way. https_proxy, all_proxy and ALL_PROXY are read too, in the order of curl",
    expected: "the address of an HTTP proxy, such as http://proxy.example:3128",
};
pub(super) const NO_PROXY: Variable = Variable {
    name: "NO_PROXY",
    default: "",
    description: "Hosts that are reached without that proxy: names with their subdomains, addresses, networks or *, \
                  with commas between them. no_proxy comes first",
    expected: "",
};
pub(super) const SSL_CERT_FILE: Variable = Variable {
    name: "SSL_CERT_FILE",
    default: "",
    description: "On Linux and BSD: a file of the root certificates (PEM) to trust, in place of the system's",
    expected: "a file that can be read and holds root certificates (PEM)",
};
pub(super) const LISTEN: Variable = Variable {
    name: "LISTEN",
    default: "127.0.0.1:8080",
    description: "Where the card and /api/balance are served",
    expected: "an address and a port, such as 127.0.0.1:8080",
};
pub(super) const ADMIN_LISTEN: Variable = Variable {
    name: "ADMIN_LISTEN",
    default: "",
    description: "Where /livez and /readyz are served; if not set, they are off",
    expected: "an address and a port, such as 127.0.0.1:9090",
};
pub(super) const BALANCE_TTL: Variable = Variable {
    name: "BALANCE_TTL",
    default: "60",
    description: "How many seconds a balance is fresh",
    expected: "a whole number of seconds from 1 to 86400",
};
pub(super) const MAX_STALE: Variable = Variable {
    name: "MAX_STALE",
    default: "3600",
    description: "While Airalo fails, balances up to this age in seconds are served, marked as stale",
    expected: "a whole number of seconds from 0 to 604800",
};
pub(super) const ALLOW_ANONYMOUS: Variable = Variable {
    name: "ALLOW_ANONYMOUS",
    default: "0",
    description: "1 lets LISTEN be reached by other machines, although whoever reaches it can read the balance",
    expected: "1 or 0",
};
pub(super) const ASSETS_DIR: Variable = Variable {
    name: "ASSETS_DIR",
    default: "dist",
    description: "The directory of the built card",
    expected: "a directory",
};
pub(super) const SANDBOX_LISTEN: Variable = Variable {
    name: "SANDBOX_LISTEN",
    default: "127.0.0.1:0",
    description: "With --sandbox: where the stand-in and its console are served; port 0 takes a free one",
    expected: "a loopback address and a port, such as 127.0.0.1:8081",
};
pub(super) const SANDBOX_BALANCE: Variable = Variable {
    name: "SANDBOX_BALANCE",
    default: "225.35",
    description: "With --sandbox: the balance at the start, in US dollars",
    expected: "an amount with at most two decimals, such as 225.35",
};
pub(super) const SANDBOX_ORDER_EVERY: Variable = Variable {
    name: "SANDBOX_ORDER_EVERY",
    default: "20",
    description: "With --sandbox: seconds between automatic orders, 0 for none",
    expected: "a whole number of seconds from 0 to 86400",
};
const RUST_LOG: Variable = Variable {
    name: "RUST_LOG",
    default: "info",
    description: "What is logged: error, warn, info, debug (each request) or trace",
    expected: "",
};

/// In the order of `--help`.
pub(super) const ALL: [&Variable; 16] = [
    &CLIENT_ID,
    &CLIENT_SECRET,
    &BASE_URL,
    &HTTPS_PROXY,
    &NO_PROXY,
    &SSL_CERT_FILE,
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

/// Variables of a later version.
///
/// Most of them restrict who can read the balance. Ignoring one would leave the balance open while
/// the operator believes it to be protected.
pub(super) const UNSUPPORTED: [&str; 26] = [
    "ACCESS_TOKEN",
    "ACCESS_TOKEN_FILE",
    "ALLOWED_FRAMES",
    "ALLOWED_HOSTS",
    "ALLOWED_ORIGINS",
    "CRITICAL_DAYS",
    "CRITICAL_THRESHOLD",
    "HISTORY",
    "LOG_FORMAT",
    "LOW_DAYS",
    "LOW_THRESHOLD",
    "NOTIFY_MAIL_FROM",
    "NOTIFY_MAIL_TO",
    "NOTIFY_SMTP_URL",
    "NOTIFY_SMTP_URL_FILE",
    "NOTIFY_WEBHOOK_SECRET",
    "NOTIFY_WEBHOOK_SECRET_FILE",
    "NOTIFY_WEBHOOK_URL",
    "NOTIFY_WEBHOOK_URL_FILE",
    "RATE_LIMIT",
    "REDIS_URL",
    "REDIS_URL_FILE",
    "TRUSTED_PROXIES",
    "TRUSTED_USER_HEADER",
    "WIDGET_TOKEN_SECRET",
    "WIDGET_TOKEN_SECRET_FILE",
];

/// The section of `--help` about the environment.
#[must_use]
pub fn environment_help() -> String {
    let mut text = String::from("Environment:\n");
    for variable in ALL {
        let default = match variable.default {
            "" => String::new(),
            default => format!(" [default: {default}]"),
        };
        text.push_str(&format!("  {}\n          {}{default}\n", variable.name, variable.description));
    }
    text.truncate(text.trim_end().len());
    text
}
