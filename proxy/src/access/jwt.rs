//! Widget tokens: JSON web tokens that the partner's own server makes for its pages.

use axum::http::HeaderValue;
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation, decode, get_current_timestamp};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use signature::Verifier;

const AUDIENCE: &str = "airalo-balance";

/// How far ahead a token may expire. A page that has been copied is of no use for longer.
const MAX_LIFETIME: u64 = 15 * 60;

/// How far the clocks of two servers may differ.
const LEEWAY: u64 = 30;

#[derive(Deserialize)]
struct Claims {
    exp: f64,
    iat: Option<f64>,
    sub: Option<String>,
    origin: Option<String>,
}

/// A token that is valid.
pub(super) struct Accepted {
    pub(super) subject: Option<String>,
}

/// Checks a token against the key, the clock, and the origin of the page that sends it.
pub(super) fn verify(token: &str, secret: &SecretString, origin: Option<&HeaderValue>) -> Option<Accepted> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "aud"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY;
    let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
    let decoded = decode::<Claims>(token, &key, &validation).ok()?;
    let claims = decoded.claims;

    let now = get_current_timestamp();
    let is_short_lived = claims.exp <= (now + MAX_LIFETIME + LEEWAY) as f64;
    let is_of_the_past = claims.iat.is_none_or(|iat| iat <= (now + LEEWAY) as f64);
    let is_of_the_page = claims
        .origin
        .is_none_or(|claimed| origin.is_some_and(|origin| origin.as_bytes() == claimed.as_bytes()));
    // An extension that has to be understood, and none is (RFC 7515, section 4.1.11).
    let is_plain = decoded.header.crit.is_none();
    (is_short_lived && is_of_the_past && is_of_the_page && is_plain)
        .then_some(Accepted { subject: claims.sub.filter(|subject| !subject.is_empty()) })
}

/// Gives the library the HMAC of ring, which is here for TLS already.
pub(super) fn install_cryptography() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |_, _: &EncodingKey| -> Result<Box<dyn JwtSigner>, Error> {
            Err(ErrorKind::InvalidAlgorithm.into())
        },
        verifier_factory: |algorithm, key| -> Result<Box<dyn JwtVerifier>, Error> {
            if *algorithm != Algorithm::HS256 {
                return Err(ErrorKind::InvalidAlgorithm.into());
            }
            Ok(Box::new(Hs256(hmac::Key::new(hmac::HMAC_SHA256, key.try_get_as_bytes()?))))
        },
        key_utils: KeyUtils::new_unimplemented(),
    };
    // It is installed already where there was a proxy in this process before.
    let _ = PROVIDER.install_default();
}

struct Hs256(hmac::Key);

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], tag: &Vec<u8>) -> Result<(), signature::Error> {
        hmac::verify(&self.0, message, tag).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}
