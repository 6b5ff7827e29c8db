//! Which content encodings a client accepts: `Accept-Encoding` (RFC 9110, section 12.5.3).

use axum::http::{HeaderMap, header};

/// The quality of each encoding, from 0 (refused) to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) brotli: u16,
    pub(crate) gzip: u16,
    pub(crate) identity: u16,
}

impl Accepted {
    /// Encodings that are not named are refused, except for `identity`.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let (mut brotli, mut gzip, mut identity, mut any) = (None, None, None, None);
        for value in headers.get_all(header::ACCEPT_ENCODING) {
            for item in value.to_str().unwrap_or_default().split(',') {
                let mut parts = item.split(';').map(str::trim);
                let name = parts.next().unwrap_or_default();
                let slot = match name {
                    _ if name.eq_ignore_ascii_case("br") => &mut brotli,
                    _ if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => {
                        &mut gzip
                    }
                    _ if name.eq_ignore_ascii_case("identity") => &mut identity,
                    "*" => &mut any,
                    _ => continue,
                };
                *slot = Some(parts.next().map_or(1000, quality));
            }
        }
        Self {
            brotli: brotli.or(any).unwrap_or(0),
            gzip: gzip.or(any).unwrap_or(0),
            // A client that names an encoding prefers it to none.
            identity: identity.or(any.filter(|quality| *quality == 0)).unwrap_or(1),
        }
    }
}

/// `q=0.5` as thousandths. What cannot be read is refused, because plain bytes are always right.
fn quality(weight: &str) -> u16 {
    let value = weight.strip_prefix("q=").or_else(|| weight.strip_prefix("Q="));
    let value = value.and_then(|value| value.parse::<f32>().ok()).filter(|value| (0.0..=1.0).contains(value));
    value.map_or(0, |value| (value * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(value: &str) -> (u16, u16, u16) {
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]);
        let Accepted { brotli, gzip, identity } = Accepted::read(&headers);
        (brotli, gzip, identity)
    }

    #[test]
    fn each_encoding_has_the_quality_that_the_client_gives_it() {
        for (value, expected) in [
            ("br", (1000, 0, 1)),
            ("gzip, deflate, br, zstd", (1000, 1000, 1)),
            ("GZIP;q=0.5,Br; q=0.25", (250, 500, 1)),
            ("*", (1000, 1000, 1)),
            ("*;q=0.1, br", (1000, 100, 1)),
            ("br;q=0, *", (0, 1000, 1)),
            ("identity;q=0, br", (1000, 0, 0)),
            ("*;q=0", (0, 0, 0)),
            ("identity, br;q=0.5", (500, 0, 1000)),
            ("br;q=2, gzip;q=NaN", (0, 0, 1)),
            ("br;level=1", (0, 0, 1)),
            ("brotli, x-br", (0, 0, 1)),
            ("", (0, 0, 1)),
            (",;,;q=1", (0, 0, 1)),
        ] {
            assert_eq!(accepted(value), expected, "{value}");
        }
    }

    #[test]
    fn without_the_header_only_plain_bytes_are_accepted() {
        assert_eq!(Accepted::read(&HeaderMap::new()), Accepted { brotli: 0, gzip: 0, identity: 1 });
    }
}
