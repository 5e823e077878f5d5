//! Secrets that stand for a person: drawn at random, shown once, kept only as a hash.
//!
//! SHA-256 without salt is right here and wrong for passwords: there is nothing to guess in 256 random bits.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use delivery::Random;
use sha2::{Digest as _, Sha256};

/// What a secret is stored and looked up as.
pub(crate) type SecretHash = [u8; 32];

/// The longest secret that is looked up at all, in bytes; whatever is longer was not made here.
const MAX_BYTES: usize = 128;

/// A secret that was just drawn, in the form in which its owner gets it.
pub(crate) struct Secret {
    /// The text that is handed out.
    pub(crate) text: String,
    /// What is stored.
    pub(crate) hash: SecretHash,
}

impl Secret {
    /// 256 random bits behind `prefix`, which tells a person what kind of secret they have found.
    pub(crate) fn draw(random: &Random, prefix: &str) -> Self {
        let text = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random.bytes::<32>()));
        let hash = Sha256::digest(text.as_bytes()).into();
        Self { text, hash }
    }
}

/// The hash under which `text` would be stored; `None` if no such secret can exist.
pub(crate) fn hash(text: &str) -> Option<SecretHash> {
    (1..=MAX_BYTES).contains(&text.len()).then(|| Sha256::digest(text.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_by_its_hash_and_never_drawn_twice() {
        let random = Random::seeded(1);
        let (one, two) = (Secret::draw(&random, "x_"), Secret::draw(&random, "x_"));
        assert!(one.text.starts_with("x_") && one.text.len() == 2 + 43);
        assert_eq!(hash(&one.text), Some(one.hash));
        assert_ne!(one.hash, two.hash);
        assert_eq!(hash(""), None);
        assert_eq!(hash(&"a".repeat(129)), None);
    }
}
