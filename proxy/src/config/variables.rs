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
    description: "Where /livez, /readyz and /metrics are served; if not set, they are off",
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
pub(super) const REDIS_URL: Variable = Variable {
    name: "REDIS_URL",
    default: "",
    description: "Redis, or what speaks its protocol, for replicas that share one balance, one token and one history. Can be read from the file named by REDIS_URL_FILE; if not set, this is the only replica",
    expected: "the address of a Redis server, such as redis://127.0.0.1:6379 or rediss://user:password@host",
};
pub(super) const HISTORY: Variable = Variable {
    name: "HISTORY",
    default: "",
    description: "A SQLite file, made where it is missing, that keeps the balances of the last 400 days; if not set, there is no history, except in REDIS_URL",
    expected: "a file",
};
pub(super) const ALLOWED_HOSTS: Variable = Variable {
    name: "ALLOWED_HOSTS",
    default: "",
    description: "The names that a Host header may carry, at any port unless one is given; if not set, those of the loopback addresses and the address of LISTEN. Required if other machines can reach LISTEN",
    expected: "names such as panel.example.com, or addresses, with commas between them; no scheme, no path, no *",
};
pub(super) const ALLOWED_ORIGINS: Variable = Variable {
    name: "ALLOWED_ORIGINS",
    default: "",
    description: "Origins whose pages may ask for the balance although this server is on another one",
    expected: "exact origins such as https://panel.example.com, with commas between them; no path, no *, no null",
};
pub(super) const ALLOWED_FRAMES: Variable = Variable {
    name: "ALLOWED_FRAMES",
    default: "",
    description: "Origins whose pages may frame /card",
    expected: "exact origins such as https://panel.example.com, with commas between them; no path, no *, no null",
};
pub(super) const ACCESS_TOKEN: Variable = Variable {
    name: "ACCESS_TOKEN",
    default: "",
    description: "Lets servers ask with Authorization: Bearer and this token; can be read from the file that ACCESS_TOKEN_FILE names",
    expected: "at least 16 letters, digits or signs without spaces, such as the output of `openssl rand -hex 32`",
};
pub(super) const WIDGET_TOKEN_SECRET: Variable = Variable {
    name: "WIDGET_TOKEN_SECRET",
    default: "",
    description: "Lets pages ask with short-lived tokens (JWT, HS256) that your own server signs with this key; can be read from the file that WIDGET_TOKEN_SECRET_FILE names",
    expected: "at least 32 bytes on one line, such as the output of `openssl rand -hex 32`",
};
pub(super) const TRUSTED_PROXIES: Variable = Variable {
    name: "TRUSTED_PROXIES",
    default: "",
    description: "The addresses of your own web servers, which name the client in X-Forwarded-For, and the user where TRUSTED_USER_HEADER is set",
    expected: "addresses or networks such as 10.0.0.0/8, with commas between them, and not all addresses there are",
};
pub(super) const TRUSTED_USER_HEADER: Variable = Variable {
    name: "TRUSTED_USER_HEADER",
    default: "",
    description: "The header in which they name the signed-in user; they must remove it from what clients send",
    expected: "the name of a header of its own, such as X-Remote-User, of letters, digits and hyphens",
};
pub(super) const ALLOW_ANONYMOUS: Variable = Variable {
    name: "ALLOW_ANONYMOUS",
    default: "0",
    description: "1 lets whoever reaches LISTEN read the balance",
    expected: "1 or 0",
};
pub(super) const RATE_LIMIT: Variable = Variable {
    name: "RATE_LIMIT",
    default: "120",
    description: "How often each user, server or address may ask in a minute; 0 for no limit",
    expected: "a whole number of requests from 0 to 1000000",
};
pub(super) const ASSETS_DIR: Variable = Variable {
    name: "ASSETS_DIR",
    default: "",
    description: "The directory of a build of the card, read at the start and on SIGHUP; otherwise it is the one in \
                  this program, or dist/ where this program has none",
    expected: "a directory",
};
pub(super) const LOW_THRESHOLD: Variable = Variable {
    name: "LOW_THRESHOLD",
    default: "",
    description: "Raises an alert when the balance is this low, in its own currency. Alerts need HISTORY or REDIS_URL",
    expected: "a decimal number above zero, such as 200 or 49.50",
};
pub(super) const CRITICAL_THRESHOLD: Variable = Variable {
    name: "CRITICAL_THRESHOLD",
    default: "",
    description: "Raises a critical alert when the balance is this low; zero is critical in any case",
    expected: "a decimal number above zero, such as 50",
};
pub(super) const LOW_DAYS: Variable = Variable {
    name: "LOW_DAYS",
    default: "",
    description: "Raises an alert when the credit lasts this many days or fewer, at the rate at which it is used",
    expected: "a whole number of days from 1 to 90",
};
pub(super) const CRITICAL_DAYS: Variable = Variable {
    name: "CRITICAL_DAYS",
    default: "",
    description: "Raises a critical alert when the credit lasts this many days or fewer",
    expected: "a whole number of days from 1 to 90",
};
pub(super) const NOTIFY_WEBHOOK_URL: Variable = Variable {
    name: "NOTIFY_WEBHOOK_URL",
    default: "",
    description: "Where alerts are posted, such as the incoming webhook of a chat; redirects are not followed. Can be read from the file that NOTIFY_WEBHOOK_URL_FILE names",
    expected: "an https address (or http on a loopback address)",
};
pub(super) const NOTIFY_WEBHOOK_SECRET: Variable = Variable {
    name: "NOTIFY_WEBHOOK_SECRET",
    default: "",
    description: "The key that signs them, as Standard Webhooks describes. Can be read from the file that NOTIFY_WEBHOOK_SECRET_FILE names",
    expected: "whsec_ and 24 to 64 bytes in base64, such as the output of `echo whsec_$(openssl rand -base64 32)`",
};
pub(super) const NOTIFY_SMTP_URL: Variable = Variable {
    name: "NOTIFY_SMTP_URL",
    default: "",
    description: "The server through which alerts are mailed; with smtp:// it has to offer STARTTLS, except on a loopback address. Can be read from the file that NOTIFY_SMTP_URL_FILE names",
    expected: "the address of a mail server, such as smtps://user:password@mail.example.com, with a port if need be and no path",
};
pub(super) const NOTIFY_MAIL_FROM: Variable = Variable {
    name: "NOTIFY_MAIL_FROM",
    default: "",
    description: "The sender of these mails",
    expected: "an address such as balance@example.com or Balance <balance@example.com>",
};
pub(super) const NOTIFY_MAIL_TO: Variable = Variable {
    name: "NOTIFY_MAIL_TO",
    default: "",
    description: "Their recipients",
    expected: "addresses such as finance@example.com, with commas between them",
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
pub(super) const LOG_FORMAT: Variable = Variable {
    name: "LOG_FORMAT",
    default: "",
    description: "text, or json with one object a line, request ids included; if not set, text on a terminal, else json",
    expected: "text or json",
};
pub(super) const RUST_LOG: Variable = Variable {
    name: "RUST_LOG",
    default: "info",
    description: "What is logged: error, warn, info, debug, trace or off; or, as in info,airalo_balance_proxy::routes=debug, \
                  another level for a part of it. The access log has the target airalo_balance_proxy::access: \
                  if RUST_LOG is not set, it is on with LOG_FORMAT=json and off with text; \
                  info,airalo_balance_proxy::access=off turns it off",
    expected: "",
};

/// Those that can be read from a file, which `NAME_FILE` names.
pub(super) const SECRETS: [&Variable; 8] = [
    &CLIENT_ID,
    &CLIENT_SECRET,
    &ACCESS_TOKEN,
    &WIDGET_TOKEN_SECRET,
    &REDIS_URL,
    &NOTIFY_WEBHOOK_URL,
    &NOTIFY_WEBHOOK_SECRET,
    &NOTIFY_SMTP_URL,
];

/// In the order of `--help`.
pub(super) const ALL: &[&Variable] = &[
    &CLIENT_ID,
    &CLIENT_SECRET,
    &BASE_URL,
    &HTTPS_PROXY,
    &NO_PROXY,
    &SSL_CERT_FILE,
    &LISTEN,
    &ADMIN_LISTEN,
    &ALLOWED_HOSTS,
    &ALLOWED_ORIGINS,
    &ALLOWED_FRAMES,
    &ACCESS_TOKEN,
    &WIDGET_TOKEN_SECRET,
    &TRUSTED_PROXIES,
    &TRUSTED_USER_HEADER,
    &ALLOW_ANONYMOUS,
    &RATE_LIMIT,
    &ASSETS_DIR,
    &BALANCE_TTL,
    &MAX_STALE,
    &REDIS_URL,
    &HISTORY,
    &LOW_THRESHOLD,
    &CRITICAL_THRESHOLD,
    &LOW_DAYS,
    &CRITICAL_DAYS,
    &NOTIFY_WEBHOOK_URL,
    &NOTIFY_WEBHOOK_SECRET,
    &NOTIFY_SMTP_URL,
    &NOTIFY_MAIL_FROM,
    &NOTIFY_MAIL_TO,
    &SANDBOX_LISTEN,
    &SANDBOX_BALANCE,
    &SANDBOX_ORDER_EVERY,
    &LOG_FORMAT,
    &RUST_LOG,
];

/// The variables whose values are secrets.
pub fn secret_variables() -> impl Iterator<Item = &'static str> {
    SECRETS.iter().map(|variable| variable.name)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_the_files_of_secrets_and_of_no_other_variable() {
        let help = environment_help();
        let in_files = ALL.iter().filter(|variable| help.contains(&format!("{}_FILE", variable.name)));
        let mut names: Vec<_> = in_files.map(|variable| variable.name).collect();
        let mut secrets: Vec<_> = SECRETS.iter().map(|variable| variable.name).collect();
        names.sort_unstable();
        secrets.sort_unstable();
        assert_eq!(names, secrets);
    }
}
