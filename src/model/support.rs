//! What to send to support about a trouble: the same for every language, and nothing secret.

use super::amount::Amount;
use super::ascii::{cut, position};
use super::error::FetchError;

/// One fact on each line, in the words of the documentation and of the proxy's log.
pub(super) fn detail(trouble: &FetchError, url: &str, time: &str) -> String {
    let mut text = ["code: ", trouble.code.as_str()].concat();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            text.extend(["\n", name, ": ", value]);
        }
    };
    add("problem", trouble.problem.map_or("", |problem| problem.as_str()));
    add(
        "status",
        &trouble.status.map(|status| Amount::whole(status.into()).to_decimal()).unwrap_or_default(),
    );
    add("url", &without_secrets(url));
    add("time", time);
    add("card", env!("CARGO_PKG_VERSION"));
    text
}

/// The address alone: a query may hold a token, and a name before the host a password.
fn without_secrets(url: &str) -> String {
    let address = cut(url, b"?#").map_or(url, |(address, _)| address);
    let parts = cut(address, b"/").and_then(|(scheme, rest)| Some((scheme, rest.strip_prefix("/")?)));
    let Some((scheme, rest)) = parts else { return address.to_owned() };
    let (mut host, path) = rest.split_at(position(rest, b"/").unwrap_or(rest.len()));
    while let Some((_, after)) = cut(host, b"@") {
        host = after;
    }
    [scheme, "//", host, path].concat()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::ErrorCode;

    #[test]
    fn a_detail_tells_what_is_known_and_leaves_out_what_is_not() {
        let refused = FetchError::from_status(502, r#"{"code":"credentials-refused"}"#, None);
        assert_eq!(
            detail(&refused, "/api/balance", "2026-03-14T10:42:00Z"),
            concat!(
                "code: upstream\nproblem: credentials-refused\nstatus: 502\nurl: /api/balance\n",
                "time: 2026-03-14T10:42:00Z\ncard: ",
                env!("CARGO_PKG_VERSION")
            )
        );
        let lost = detail(&ErrorCode::Network.into(), "/api/balance", "now");
        assert!(lost.starts_with("code: network\nurl: /api/balance\n"), "{lost}");
    }

    #[test]
    fn an_address_is_told_without_what_may_be_secret() {
        let told = |url: &str| without_secrets(url);
        assert_eq!(told("/api/balance?token=s3cret"), "/api/balance");
        assert_eq!(told("/api/balance#s3cret"), "/api/balance");
        assert_eq!(
            told("https://user:s3cret@panel.example/api/balance"),
            "https://panel.example/api/balance"
        );
        assert_eq!(told("https://s3cret@panel.example"), "https://panel.example");
        assert_eq!(told("//user:p@ss@panel.example/x@y"), "//panel.example/x@y");
    }
}
