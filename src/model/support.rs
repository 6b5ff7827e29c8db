//! The details to send to support: the same in every language, and without secrets.

use super::error::FetchError;

/// One fact a line, in the terms of the documentation and of the proxy's log.
pub(super) fn details(error: &FetchError, url: &str, time: Option<String>) -> String {
    let facts = [
        ("code", Some(error.code.as_str().to_owned())),
        ("problem", error.problem.map(|problem| problem.as_str().to_owned())),
        ("status", error.status.map(|status| status.to_string())),
        ("url", Some(without_secrets(url)).filter(|url| !url.is_empty())),
        ("time", time),
        ("card", Some(env!("CARGO_PKG_VERSION").to_owned())),
    ];
    let lines = facts.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value?)));
    lines.collect::<Vec<_>>().join("\n")
}

/// The URL without its query, which may hold a token, and without user name and password.
fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_at(url.find('/').unwrap_or(0));
    let Some(rest) = rest.strip_prefix("//") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}//{host}{path}")
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::ErrorCode;

    #[test]
    fn details_hold_what_is_known_and_leave_out_what_is_not() {
        let refused = FetchError::from_status(502, r#"{"code":"credentials-refused"}"#, None);
        assert_eq!(
            details(&refused, "/api/balance", Some("2026-03-14T10:42:00Z".to_owned())),
            concat!(
                "code: upstream\nproblem: credentials-refused\nstatus: 502\nurl: /api/balance\n",
                "time: 2026-03-14T10:42:00Z\ncard: ",
                env!("CARGO_PKG_VERSION")
            )
        );
        let network = details(&ErrorCode::Network.into(), "/api/balance", None);
        assert!(network.starts_with("code: network\nurl: /api/balance\n"), "{network}");
    }

    #[test]
    fn a_url_is_given_without_what_may_be_secret() {
        let safe = |url: &str| without_secrets(url);
        assert_eq!(safe("/api/balance?token=s3cret"), "/api/balance");
        assert_eq!(safe("/api/balance#s3cret"), "/api/balance");
        assert_eq!(
            safe("https://user:s3cret@panel.example/api/balance"),
            "https://panel.example/api/balance"
        );
        assert_eq!(safe("https://s3cret@panel.example"), "https://panel.example");
        assert_eq!(safe("/redirect//user@host"), "/redirect//user@host");
        assert_eq!(safe("//user:p@ss@panel.example/x@y"), "//panel.example/x@y");
    }
}
