//! Entity tags (RFC 9110, section 8.8.3), and the condition `If-None-Match`.

use crate::hex::hex;
use axum::http::{HeaderMap, HeaderValue, header};
use ring::digest::{SHA256, digest};

/// A tag of these very bytes.
pub(crate) fn strong(bytes: &[u8]) -> HeaderValue {
    header_value(&format!("\"{}\"", hash(bytes)))
}

/// A tag of what the bytes mean to a reader: representations with the same one may differ in detail.
pub(crate) fn weak(bytes: &[u8]) -> HeaderValue {
    header_value(&format!("W/\"{}\"", hash(bytes)))
}

/// Half of a SHA-256 is long enough that no two contents ever have the same.
fn hash(bytes: &[u8]) -> String {
    hex(&digest(&SHA256, bytes).as_ref()[..16])
}

fn header_value(tag: &str) -> HeaderValue {
    // Hexadecimal digits and quotes always fit into a header.
    HeaderValue::from_str(tag).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether the client has this representation already, as its `If-None-Match` says.
pub(crate) fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let wanted = opaque(etag.as_bytes());
    headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        let mut tags = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        // A tag of another server may hold a comma; its halves then match nothing of ours.
        tags.any(|tag| tag == b"*" || opaque(tag) == wanted)
    })
}

/// `If-None-Match` compares without regard to weakness.
fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_any_list_and_as_a_weak_one() {
        let tag = strong(b"content");
        let text = tag.to_str().unwrap();
        let is_known = |values: &[&str]| {
            let values = values.iter().map(|value| (header::IF_NONE_MATCH, value.parse().unwrap()));
            super::is_known(&values.collect(), &tag)
        };
        assert!(is_known(&[text]));
        assert!(is_known(&[&format!("W/{text}")]));
        assert!(is_known(&[&format!("\"a,b\", {text}")]));
        assert!(is_known(&["\"a\"", text]));
        assert!(is_known(&["*"]));
        for other in ["", "\"\"", "*x", "\"content\"", text.trim_matches('"')] {
            assert!(!is_known(&[other]), "{other}");
        }
        assert!(!is_known(&[]));
    }

    #[test]
    fn other_bytes_have_another_tag() {
        assert_ne!(strong(b"a"), strong(b"b"));
        assert_eq!(weak(b"a").to_str().unwrap(), format!("W/{}", strong(b"a").to_str().unwrap()));
    }
}
