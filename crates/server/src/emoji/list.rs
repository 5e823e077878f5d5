//! What somebody may use, and the pictures themselves.

use database::Connection;
use protocol::{Code, EmojiList, UserId};

use super::store::{self, StoredPicture};
use crate::{app::App, problem::Answer};

/// The most emoji in a list: the site's, and those of some fifty groups.
const MAX_LISTED: i64 = 5_000;
/// The longest id that is looked up.
const MAX_ID: usize = 64;

/// The site's, and those of the groups that `user` is in.
pub(super) async fn list(app: &App, user: UserId) -> Answer<EmojiList> {
    app.delivery
        .read(move |db: &mut Connection| {
            Ok(EmojiList { emoji: store::usable(db, user, MAX_LISTED)? })
        })
        .await
}

/// Whether this can be an id. What cannot is never looked for: PostgreSQL fails at a NUL.
pub(crate) fn is_id(text: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    text.len() <= MAX_ID && text.bytes().all(is_base64)
}

/// A picture by its id, also of an emoji that was removed; still, if that is asked for.
///
/// # Errors
/// 404.
pub(super) async fn picture(app: &App, id: String, is_still: bool) -> Answer<StoredPicture> {
    if !is_id(&id) {
        return Err(Code::NotFound.into());
    }
    let found =
        app.delivery.read(move |db: &mut Connection| store::picture(db, &id, is_still)).await?;
    found.ok_or_else(|| Code::NotFound.into())
}
