//! Settings that live with the data: the server's secret, the hash of the setup token, and what was changed of the
//! site at run time ([`site`]).

pub(crate) mod site;
mod store;

use database::{Connection, Error};
use delivery::Random;

/// The key of the server's secret.
const SECRET: &str = "secret";

/// A secret for a server that has none yet.
#[must_use]
pub(crate) fn draw_secret(random: &Random) -> String {
    hex(&random.bytes::<32>())
}

/// The server's secret, which signs CSRF tokens: `drawn` at the first start, and then what was kept.
///
/// # Errors
/// When the database fails.
pub(crate) fn secret(db: &mut Connection, drawn: &str) -> Result<[u8; 32], Error> {
    let kept = match store::get(db, SECRET)? {
        Some(kept) => kept,
        None => {
            store::put(db, SECRET, drawn)?;
            drawn.to_owned()
        }
    };
    unhex(&kept)
        .ok_or_else(|| Error::Decode("the setting `secret` is not 64 hexadecimal digits".into()))
}

/// Whether the database answers.
///
/// # Errors
/// When it does not.
pub(crate) fn ping(db: &mut Connection) -> Result<(), Error> {
    store::ping(db)
}

/// Two lower-case digits a byte.
#[must_use]
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}
