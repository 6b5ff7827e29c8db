//! Encrypts the token at rest: whoever can read Redis cannot place orders.

use crate::balances::core::AccessToken;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::{ExposeSecret, SecretString};

/// Encrypts with a key that follows from the client secret. So a token of an old secret cannot be
/// read any more.
pub(super) struct TokenCipher {
    /// `None` if the key cannot be made, and then no token is stored.
    key: Option<LessSafeKey>,
    account: String,
}

impl TokenCipher {
    pub(super) fn new(client_secret: &SecretString, account: &str) -> Self {
        let salt = Salt::new(HKDF_SHA256, b"airalo-balance token");
        let secret = salt.extract(client_secret.expose_secret().as_bytes());
        let key = secret.expand(&[b"version 1"], &CHACHA20_POLY1305).ok();
        Self { key: key.map(|key| LessSafeKey::new(UnboundKey::from(key))), account: account.to_owned() }
    }

    /// The nonce and the encrypted token. Empty if there is no randomness, which is read as absent.
    pub(super) fn encrypt(&self, token: &AccessToken) -> Vec<u8> {
        self.try_encrypt(token).unwrap_or_default()
    }

    fn try_encrypt(&self, token: &AccessToken) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut text = token.secret().expose_secret().as_bytes().to_vec();
        let aad = Aad::from(self.account.as_bytes());
        let key = self.key.as_ref()?;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut text).ok()?;
        Some([&nonce[..], &text].concat())
    }

    pub(super) fn decrypt(&self, bytes: &[u8]) -> Option<AccessToken> {
        let (nonce, text) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut text = text.to_vec();
        let aad = Aad::from(self.account.as_bytes());
        let key = self.key.as_ref()?;
        let token = key.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut text).ok()?;
        Some(AccessToken::new(std::str::from_utf8(token).ok()?.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher(secret: &str, account: &str) -> TokenCipher {
        TokenCipher::new(&secret.into(), account)
    }

    #[test]
    fn an_encrypted_token_is_read_with_the_same_secret_for_the_same_account_only() {
        let token = AccessToken::new("t0ken".into());
        let bytes = cipher("secret", "a").encrypt(&token);
        assert!(cipher("secret", "a").decrypt(&bytes) == Some(token.clone()));
        assert!(cipher("rotated", "a").decrypt(&bytes).is_none());
        assert!(cipher("secret", "b").decrypt(&bytes).is_none());
        assert!(!String::from_utf8_lossy(&bytes).contains("t0ken"));
        assert_ne!(bytes, cipher("secret", "a").encrypt(&token), "a nonce is used once");
    }

    #[test]
    fn bytes_that_are_no_token_are_refused() {
        let mut bytes = cipher("secret", "a").encrypt(&AccessToken::new("t0ken".into()));
        *bytes.last_mut().unwrap() ^= 1;
        for bytes in [&bytes[..], &bytes[..11], b"", b"t0ken"] {
            assert!(cipher("secret", "a").decrypt(bytes).is_none());
        }
    }
}
