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

/// Checks a token against the key, the clock, and the origin of the page that sends it. The error is the
/// reason, for the log.
pub(super) fn verify(
    token: &str,
    secret: &SecretString,
    origin: Option<&HeaderValue>,
) -> Result<Accepted, &'static str> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "aud"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY;
    let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
    let decoded = decode::<Claims>(token, &key, &validation).map_err(|error| reason(error.kind()))?;
    let claims = decoded.claims;

    let now = get_current_timestamp();
    if claims.exp > (now + MAX_LIFETIME + LEEWAY) as f64 {
        return Err("it expires in more than 15 minutes (exp)");
    }
    if claims.iat.is_some_and(|iat| iat > (now + LEEWAY) as f64) {
        return Err("it is of the future (iat); compare the clocks of both servers");
    }
    let is_of_the_page = claims
        .origin
        .is_none_or(|claimed| origin.is_some_and(|origin| origin.as_bytes() == claimed.as_bytes()));
    if !is_of_the_page {
        return Err("the page that sends it has another origin, or asks its own (origin)");
    }
    // An extension that has to be understood, and none is (RFC 7515, section 4.1.11).
    if decoded.header.crit.is_some() {
        return Err("its header asks for an extension (crit)");
    }
    Ok(Accepted { subject: claims.sub.filter(|subject| !subject.is_empty()) })
}

/// Nothing of the token is in it: whoever asks has written that.
fn reason(error: &ErrorKind) -> &'static str {
    match error {
        ErrorKind::InvalidSignature => "it is signed with another key than WIDGET_TOKEN_SECRET",
        ErrorKind::ExpiredSignature => "it has expired (exp)",
        ErrorKind::ImmatureSignature => "it is of the future (nbf); compare the clocks of both servers",
        ErrorKind::InvalidAudience => "it is for another audience than airalo-balance (aud)",
        ErrorKind::InvalidAlgorithm => "it is not signed with HS256 (alg)",
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) | ErrorKind::Json(_) => {
            "its JSON is not as it must be: exp and aud are needed; exp, nbf and iat are numbers, aud, sub and \
             origin are texts"
        }
        _ => "it is no JSON web token",
    }
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
