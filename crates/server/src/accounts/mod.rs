//! Accounts, sessions by device and tokens.

mod store;

use sha2::Digest as _;

use crate::app::App;
use crate::caller::{Caller, Credential};
use crate::problem::{Answer, Refusal};

/// Who a credential speaks for, or `None` when it is unknown, expired or its account banned.
///
/// # Errors
/// When the database does not answer.
pub async fn authenticate(app: &App, credential: Credential<'_>) -> Answer<Option<Caller>> {
    let now = app.clock.now();
    let found = match credential {
        Credential::Session(secret) => {
            let hash = hash_of(secret);
            app.database.read(move |db| store::session_caller(db, &hash, now)).await
        }
        Credential::Token(secret) => {
            let hash = hash_of(secret);
            app.database.read(move |db| store::token_caller(db, &hash)).await
        }
    };
    found.map_err(Refusal::from)
}

/// What is stored of a secret that was drawn at random: SHA-256 of it. (Passwords are hashed slowly.)
fn hash_of(secret: &str) -> [u8; 32] {
    sha2::Sha256::digest(secret.as_bytes()).into()
}
