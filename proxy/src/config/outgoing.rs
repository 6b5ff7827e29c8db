//! How requests leave for Airalo: through which HTTP proxy, and which certificates are trusted.

use super::reader::Reader;
use super::{parse, variables as var};
use reqwest::{NoProxy, Proxy, Url};
use secrecy::{ExposeSecret, SecretString};
use std::fs;

/// In the order of curl. It is also what operators of other programs have set already.
const NAMES: [&str; 4] = ["https_proxy", var::HTTPS_PROXY.name, "all_proxy", "ALL_PROXY"];
const EXEMPT_NAMES: [&str; 2] = ["no_proxy", var::NO_PROXY.name];

/// The HTTP proxy through which requests leave.
#[derive(Clone, Debug)]
pub struct OutgoingProxy {
    /// May hold a password.
    url: SecretString,
    /// The hosts that are reached without it.
    exempt: Option<String>,
}

impl OutgoingProxy {
    /// Its address, without a user and a password.
    pub(crate) fn describe(&self) -> String {
        let url = Url::parse(self.url.expose_secret());
        let origin =
            url.map_or_else(|_| "an HTTP proxy".to_owned(), |url| url.origin().ascii_serialization());
        let exempt = self.exempt.as_ref().map(|exempt| format!(", but not to {exempt} (NO_PROXY)"));
        origin + &exempt.unwrap_or_default()
    }

    /// The rule for reqwest. It concerns https only, which is encrypted through the whole tunnel.
    pub(crate) fn to_rule(&self) -> reqwest::Result<Proxy> {
        let exempt = self.exempt.as_deref().and_then(NoProxy::from_string);
        Ok(Proxy::https(self.url.expose_secret())?.no_proxy(exempt))
    }
}

/// Reads the variables if they concern this address. `Some(None)` means that no proxy is set;
/// `None` means that an error was reported.
pub(super) fn read<F: Fn(&str) -> Option<String>>(
    reader: &mut Reader<F>,
    base_url: &Url,
) -> Option<Option<OutgoingProxy>> {
    if base_url.scheme() != "https" {
        return Some(None);
    }
    check_certificates(reader);
    if base_url.host_str().is_some_and(parse::is_loopback) {
        return Some(None);
    }
    let set = NAMES.iter().find_map(|name| Some((*name, reader.value(name)?)));
    let Some((name, value)) = set else { return Some(None) };
    let Some(url) = parse_url(&value) else {
        reader.report(name, format!("must be {}", var::HTTPS_PROXY.expected));
        return None;
    };
    let exempt = EXEMPT_NAMES.iter().find_map(|name| reader.value(name));
    Some(Some(OutgoingProxy { url: String::from(url).into(), exempt }))
}

/// As in curl, an address without a scheme is http.
fn parse_url(text: &str) -> Option<Url> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&with_scheme).ok()?;
    let has_origin_only = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_valid = matches!(url.scheme(), "http" | "https") && has_origin_only;
    (is_valid && !text.contains(char::REPLACEMENT_CHARACTER)).then_some(url)
}

/// The TLS library reads this variable itself, and would only say that it has no certificates.
fn check_certificates<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) {
    let Some(path) = reader.value(var::SSL_CERT_FILE.name) else { return };
    let has_certificate = |text: &[u8]| text.windows(16).any(|window| window == b"BEGIN CERTIFICAT");
    if !fs::read(path).is_ok_and(|text| has_certificate(&text)) {
        reader.report(var::SSL_CERT_FILE.name, format!("must be {}", var::SSL_CERT_FILE.expected));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_vars(base_url: &str, vars: &[(&str, &str)]) -> Result<Option<OutgoingProxy>, Vec<String>> {
        let mut reader = Reader::new(|name: &str| {
            vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        });
        let proxy = read(&mut reader, &base_url.parse().unwrap());
        let errors = reader.into_errors().0;
        if errors.is_empty() {
            return Ok(proxy.unwrap());
        }
        Err(errors.into_iter().map(|error| error.variable).collect())
    }

    const AIRALO: &str = "https://partners-api.airalo.com";

    fn url(vars: &[(&str, &str)]) -> Option<String> {
        read_vars(AIRALO, vars).unwrap().map(|proxy| proxy.url.expose_secret().to_owned())
    }

    #[test]
    fn the_names_are_read_in_the_order_of_curl() {
        let all = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
        for (index, first) in all.iter().enumerate() {
            let hosts: Vec<_> = all[index..].iter().map(|name| format!("http://{name}:3128")).collect();
            let vars: Vec<_> = all[index..].iter().copied().zip(hosts.iter().map(String::as_str)).collect();
            assert_eq!(url(&vars), Some(format!("http://{}:3128/", first.to_lowercase())));
        }
        assert_eq!(url(&[("https_proxy", " "), ("HTTPS_PROXY", "http://a:1")]).unwrap(), "http://a:1/");
        assert_eq!(url(&[("HTTP_PROXY", "http://a:1"), ("NO_PROXY", "b")]), None);
    }

    #[test]
    fn an_address_may_lack_its_scheme_and_have_a_user() {
        for (text, read) in [
            ("proxy.example:3128", "http://proxy.example:3128/"),
            ("user:word@proxy.example:3128", "http://user:word@proxy.example:3128/"),
            ("https://proxy.example", "https://proxy.example/"),
            ("http://[2001:db8::1]:3128/", "http://[2001:db8::1]:3128/"),
        ] {
            assert_eq!(url(&[("HTTPS_PROXY", text)]).as_deref(), Some(read));
        }
    }

    #[test]
    fn an_invalid_address_is_an_error_that_names_the_variable_it_came_from() {
        for text in
            ["socks5://a:1", "http://a:port", "http://", "http://a/path", "http://a?b", "ftp://a", "\u{fffd}"]
        {
            for name in ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
                assert_eq!(read_vars(AIRALO, &[(name, text)]).unwrap_err(), [name], "{text}");
            }
        }
    }

    #[test]
    fn a_loopback_address_is_never_reached_through_a_proxy() {
        for base_url in
            ["http://127.0.0.1:8081", "http://localhost:1", "https://localhost:8443", "https://[::1]"]
        {
            let proxy = read_vars(base_url, &[("HTTPS_PROXY", "http://proxy.example:3128")]).unwrap();
            assert!(proxy.is_none(), "{base_url}");
        }
    }

    #[test]
    fn a_password_cannot_be_printed_not_even_by_the_rule() {
        let proxy = read_vars(AIRALO, &[("HTTPS_PROXY", "http://user:hunter2@a:1")]).unwrap().unwrap();
        assert!(!format!("{proxy:?}").contains("hunter2"));
        assert_eq!(proxy.describe(), "http://a:1");
        assert!(proxy.to_rule().is_ok());
    }

    #[test]
    fn a_file_of_certificates_that_holds_none_is_an_error_that_names_its_variable() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        let errors = |path| read_vars(AIRALO, &[("SSL_CERT_FILE", path)]).map(drop);
        assert_eq!(errors("no-such-file"), Err(vec!["SSL_CERT_FILE".to_owned()]));
        assert_eq!(errors(path), Err(vec!["SSL_CERT_FILE".to_owned()]));
        fs::write(path, "# roots\n-----BEGIN CERTIFICATE-----\n").unwrap();
        assert_eq!(errors(path), Ok(()));
    }
}
