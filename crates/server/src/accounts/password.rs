//! Passwords: how long they may be, and argon2id behind a bound, so that hashing is no denial of service.

use std::{fmt, num::NonZeroUsize, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use delivery::Random;
use protocol::Code;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Answer, Refusal};

/// Memory in KiB, passes and lanes of argon2id: the least that OWASP's password storage sheet asks for.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes at work or waiting for a core; one more is refused at once. At about 20 ms each on two cores,
/// the last one waits some 600 ms.
const MAX_IN_LINE: usize = 64;
/// Seconds after which a refused caller may try again.
const RETRY_AFTER: u64 = 2;

/// A password as it was typed: 8 to 256 characters, any of them. Never shown by `Debug`.
pub(crate) struct Password(String);

impl Password {
    /// Takes a new password, or says which bound it breaks.
    pub(crate) fn new(text: String) -> Result<Self, &'static str> {
        match text.chars().count() {
            0..8 => Err("a password has at least 8 characters"),
            8..=256 => Ok(Self(text)),
            _ => Err("a password has at most 256 characters"),
        }
    }

    /// Takes what somebody claims to be a password: too long ones can be nobody's.
    pub(crate) fn attempt(text: String) -> Option<Self> {
        (text.chars().count() <= 256).then_some(Self(text))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Hashes and verifies passwords, as many at once as there are cores (at least two).
#[derive(Clone)]
pub(crate) struct Passwords {
    /// One permit a core that may hash.
    cores: Arc<Semaphore>,
    /// One permit a hash at work or waiting: [`MAX_IN_LINE`].
    line: Arc<Semaphore>,
    /// What the password of an unknown user is verified against: costs the same, and nothing matches it.
    nobody: Arc<str>,
    random: Random,
}

impl Passwords {
    pub(crate) fn new(random: Random) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, NonZeroUsize::get).max(2);
        let nobody = format!(
            "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}",
            STANDARD_NO_PAD.encode(random.bytes::<16>()),
            STANDARD_NO_PAD.encode(random.bytes::<32>()),
        );
        Self {
            cores: Arc::new(Semaphore::new(cores)),
            line: Arc::new(Semaphore::new(MAX_IN_LINE)),
            nobody: nobody.into(),
            random,
        }
    }

    /// The PHC string to store for `password`.
    ///
    /// # Errors
    /// `unavailable` when too many are waiting.
    pub(crate) async fn hash(&self, password: Password) -> Answer<String> {
        let salt = self.random.bytes::<16>();
        self.run(move || {
            let hash: Result<PasswordHash, _> =
                argon2id()?.hash_password_with_salt(password.0.as_bytes(), &salt);
            hash.ok().map(|hash| hash.to_string())
        })
        .await?
        .ok_or_else(|| Refusal::new(Code::Internal))
    }

    /// Whether `password` is the one behind `stored`. Without `stored` it takes as long and is false.
    ///
    /// # Errors
    /// `unavailable` when too many are waiting.
    pub(crate) async fn verify(&self, password: Password, stored: Option<String>) -> Answer<bool> {
        let (known, stored) = match stored {
            Some(stored) => (true, Arc::from(stored)),
            None => (false, Arc::clone(&self.nobody)),
        };
        self.run(move || {
            let matches = PasswordHash::new(&stored).is_ok_and(|hash| {
                Argon2::default().verify_password(password.0.as_bytes(), &hash).is_ok()
            });
            known && matches
        })
        .await
    }

    /// Runs `work` on a blocking thread. The permits go with it: a caller who has gone away frees nothing early.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
        let busy = || Refusal::new(Code::Unavailable).retry_after(RETRY_AFTER);
        let in_line = Arc::clone(&self.line).try_acquire_owned().map_err(|_| busy())?;
        let core: OwnedSemaphorePermit =
            Arc::clone(&self.cores).acquire_owned().await.map_err(|_| busy())?;
        let work = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((core, in_line));
            result
        });
        work.await.map_err(|_| Refusal::new(Code::Internal))
    }
}

/// `None` only if the constants above were out of argon2's bounds.
fn argon2id() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_nobody_has_none() {
        let passwords = Passwords::new(Random::seeded(3));
        let typed = |text: &str| Password::new(text.to_owned()).unwrap();
        let stored = passwords.hash(typed("correct horse")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify(typed("correct horse"), Some(stored.clone())).await.unwrap());
        assert!(!passwords.verify(typed("battery staple"), Some(stored)).await.unwrap());
        assert!(!passwords.verify(typed("battery staple"), None).await.unwrap());
        assert!(PasswordHash::new(&passwords.nobody).is_ok());
    }

    #[tokio::test]
    async fn a_full_line_is_refused_at_once() {
        let passwords = Passwords::new(Random::seeded(4));
        let line = Arc::clone(&passwords.line);
        let everybody = line.try_acquire_many(MAX_IN_LINE as u32).unwrap();
        let typed = || Password::attempt("whatever".to_owned()).unwrap();
        assert!(passwords.verify(typed(), None).await.is_err());
        drop(everybody);
        assert!(!passwords.verify(typed(), None).await.unwrap());
    }

    #[test]
    fn bounds_are_counted_in_characters() {
        assert!(Password::new("1234567".into()).is_err());
        assert!(Password::new("密码密码密码密码".into()).is_ok());
        assert!(Password::new("a".repeat(256)).is_ok());
        assert!(Password::new("a".repeat(257)).is_err());
        assert!(Password::attempt("a".repeat(257)).is_none());
        assert_eq!(format!("{:?}", Password("hunter2".into())), "Password(…)");
    }
}
