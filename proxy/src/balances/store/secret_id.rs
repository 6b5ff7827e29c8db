//! Which client secret a replica has, as far as the others may know it.

use crate::hex::hex;
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use secrecy::{ExposeSecret, SecretString};

/// Tells a few secrets of one account apart. Whoever reads Redis can check a guess by it, as by the
/// encrypted token; a secret of Airalo is too long to be guessed.
const BYTES: usize = 4;

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        BYTES
    }
}

/// Two secrets of an account have different ids. No secret follows from its id.
pub(super) fn secret_id(secret: &SecretString, account: &str) -> String {
    let salt = Salt::new(HKDF_SHA256, b"airalo-balance secret id");
    let secret = salt.extract(secret.expose_secret().as_bytes());
    let mut id = [0; BYTES];
    // It fails for a length that is too large, and this one is not.
    let _ = secret.expand(&[account.as_bytes()], Length).and_then(|key| key.fill(&mut id));
    hex(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_secret_or_another_account_has_another_id() {
        let id = |secret: &str, account: &str| secret_id(&secret.into(), account);
        assert_eq!(id("secret", "a"), id("secret", "a"));
        assert_ne!(id("secret", "a"), id("old-secret", "a"));
        assert_ne!(id("secret", "a"), id("secret", "b"));
        assert_eq!(id("secret", "a").len(), 2 * BYTES);
    }
}
