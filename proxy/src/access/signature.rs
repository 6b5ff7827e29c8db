//! Whether a webhook is signed with the secret of the account, as those of Airalo are.

use super::single;
use crate::hex::hex;
use arc_swap::ArcSwap;
use axum::http::{HeaderMap, HeaderName};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;
use std::fmt::Write;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// The HMAC-SHA512 of the body, in hexadecimal digits.
const SIGNATURE: HeaderName = HeaderName::from_static("airalo-signature");

/// The key of the signatures. Clones share it, and it cannot be printed.
#[derive(Clone, Debug)]
pub(crate) struct SignatureKey(Arc<ArcSwap<hmac::Key>>);

impl SignatureKey {
    pub(crate) fn new(secret: &SecretString) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(key(secret))))
    }

    /// Takes another secret. What is signed with the old one is refused from now on.
    pub(crate) fn replace(&self, secret: &SecretString) {
        self.0.store(Arc::new(key(secret)));
    }

    /// Whether the body is signed as it came, or as PHP writes the same JSON: that is what Airalo's own
    /// libraries check.
    pub(crate) fn verifies(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let Ok(Some(signature)) = single(headers, &SIGNATURE) else { return false };
        let signature = signature.as_bytes().to_ascii_lowercase();
        let is_of = |body: &[u8]| is_equal(&signature, &hmac::sign(&self.0.load(), body));
        is_of(body) || as_php_writes(body).is_some_and(|body| is_of(body.as_bytes()))
    }
}

fn key(secret: &SecretString) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA512, secret.expose_secret().as_bytes())
}

/// In a time that does not tell how many digits are right.
fn is_equal(signature: &[u8], tag: &hmac::Tag) -> bool {
    signature.ct_eq(hex(tag.as_ref()).as_bytes()).into()
}

/// The same JSON without spaces, with `\/` for each slash and `\u` for what is not ASCII. `None` where it
/// is no JSON.
fn as_php_writes(body: &[u8]) -> Option<String> {
    let json: &RawValue = serde_json::from_slice(body).ok()?;
    let (mut text, mut is_string, mut is_escaped) = (String::new(), false, false);
    for c in json.get().chars() {
        match c {
            ' ' | '\t' | '\r' | '\n' if !is_string => continue,
            '"' if !is_escaped => is_string = !is_string,
            '/' if !is_escaped => text.push('\\'),
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
        if c.is_ascii() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a text does not fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"message":"Surpassed 80% of the credit limit balance","remaining":225.35}"#;

    /// Of this body and the key `secret`, from `openssl dgst -sha512 -hmac secret`.
    const TAG: &str = "1a8bf032c52295365fc29c59dad4780a705ed0c4b73547f87ddfe476942d20778b6d86fe7ed4183691e0903171e83eba387d2cbb5f75afaa2ad03a6276bf8d1f";

    fn verifies(signatures: &[&str], body: &[u8]) -> bool {
        let headers = signatures.iter().map(|text| (SIGNATURE, text.parse().unwrap()));
        SignatureKey::new(&"secret".into()).verifies(&headers.collect(), body)
    }

    #[test]
    fn a_body_is_verified_with_the_tag_of_openssl_in_digits_of_either_case() {
        assert!(verifies(&[TAG], BODY));
        assert!(verifies(&[&TAG.to_uppercase()], BODY));
    }

    #[test]
    fn no_other_body_secret_or_signature_is_verified() {
        let other = TAG.replacen(TAG.get(..1).unwrap(), "0", 1);
        assert_ne!(other, TAG);
        for signatures in [
            &[][..],
            &[""],
            &["sha512"],
            &[&other],
            &[TAG.get(..127).unwrap()],
            &[TAG, TAG],
            &[&"0".repeat(128)],
        ] {
            assert!(!verifies(signatures, BODY), "{signatures:?}");
        }
        for length in 0..BODY.len() {
            assert!(!verifies(&[TAG], &BODY[..length]), "{length}");
        }
        assert!(!verifies(&[TAG], &[BODY, b" 1"].concat()));
        let key = SignatureKey::new(&"secret".into());
        let headers = HeaderMap::from_iter([(SIGNATURE, TAG.parse().unwrap())]);
        assert!(key.verifies(&headers, BODY));
        key.replace(&"another".into());
        assert!(!key.verifies(&headers, BODY));
    }

    #[test]
    fn the_same_json_with_other_spaces_is_verified() {
        let spaced = br#" { "message" : "Surpassed 80% of the credit limit balance" ,
            "remaining" : 225.35 } "#;
        assert!(verifies(&[TAG], spaced));
    }

    /// As `json_encode(json_decode($body))` of PHP 8.
    #[test]
    fn json_is_written_as_php_does() {
        for (json, php) in [
            (r#"{ "a": "b c", "d": [1, 2.50, null, true] }"#, r#"{"a":"b c","d":[1,2.50,null,true]}"#),
            (r#"{"url":"https://a/b"}"#, r#"{"url":"https:\/\/a\/b"}"#),
            (r#"{"url":"https:\/\/a"}"#, r#"{"url":"https:\/\/a"}"#),
            (r#""a \" / \\ / b""#, r#""a \" \/ \\ \/ b""#),
            (r#""é 日 😀 \u00e9""#, r#""\u00e9 \u65e5 \ud83d\ude00 \u00e9""#),
        ] {
            assert_eq!(as_php_writes(json.as_bytes()).as_deref(), Some(php));
        }
        for no_json in [&b""[..], b"{", b"{} {}", b"\xff", b"\"\xff\""] {
            assert_eq!(as_php_writes(no_json), None);
        }
    }

    #[test]
    fn a_key_cannot_be_printed() {
        assert!(!format!("{:?}", SignatureKey::new(&"hunter2".into())).contains("hunter2"));
    }
}
