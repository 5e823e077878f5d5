//! SQL over `emoji`. The table of members is read for what a list shows.

use std::collections::HashMap;

use database::{Connection, Engine, Error, Row, params};
use protocol::{ConversationId, Emoji, EmojiKind, Sticker, Timestamp, UserId};

use crate::uploads::SmallPicture;

/// One that is to be stored.
pub(super) struct NewEmoji<'a> {
    pub(super) id: &'a str,
    pub(super) kind: EmojiKind,
    pub(super) name: &'a str,
    pub(super) group: Option<ConversationId>,
    pub(super) picture: &'a SmallPicture,
}

impl NewEmoji<'_> {
    /// As others will see it.
    pub(super) fn emoji(&self) -> Emoji {
        Emoji {
            id: self.id.to_owned(),
            name: self.name.to_owned(),
            url: url(self.id),
            kind: self.kind,
            group_id: self.group,
            width: self.picture.width,
            height: self.picture.height,
        }
    }
}

/// A picture as it is served.
pub(super) struct StoredPicture {
    pub(super) content_type: String,
    pub(super) bytes: Vec<u8>,
}

fn url(id: &str) -> String {
    format!("/emoji/{id}")
}

fn kind_text(kind: EmojiKind) -> &'static str {
    match kind {
        EmojiKind::Emoji => "emoji",
        EmojiKind::Sticker => "sticker",
    }
}

/// The site's have no group.
fn number(group: Option<ConversationId>) -> i64 {
    group.map_or(0, ConversationId::get)
}

pub(super) fn insert(
    db: &mut Connection,
    new: &NewEmoji<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<(), Error> {
    let NewEmoji { id, kind, name, group, picture } = new;
    db.execute(
        "INSERT INTO emoji (id, group_id, kind, name, content_type, bytes, width, height, user_id,
                            created_at, still_type, still)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            *id,
            number(*group),
            kind_text(*kind),
            *name,
            picture.content_type,
            &picture.bytes[..],
            i64::from(picture.width),
            i64::from(picture.height),
            user.get(),
            now.millis(),
            picture.still.as_ref().map(|(content_type, _)| (*content_type).to_owned()),
            picture.still.as_ref().map(|(_, bytes)| bytes.clone()),
        ],
    )?;
    Ok(())
}

/// Whether there is one of that name.
pub(super) fn is_taken(
    db: &mut Connection,
    group: Option<ConversationId>,
    kind: EmojiKind,
    name: &str,
) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM emoji
               WHERE group_id = $1 AND kind = $2 AND name = $3 AND removed_at IS NULL";
    Ok(db.query_optional(sql, params![number(group), kind_text(kind), name])?.is_some())
}

/// How many there are, and how many there ever were.
pub(super) fn count(
    db: &mut Connection,
    group: Option<ConversationId>,
    kind: EmojiKind,
) -> Result<(i64, i64), Error> {
    let row = db.query_one(
        "SELECT CAST(COUNT(*) - COUNT(removed_at) AS BIGINT), CAST(COUNT(*) AS BIGINT) FROM emoji
         WHERE group_id = $1 AND kind = $2",
        params![number(group), kind_text(kind)],
    )?;
    Ok((row.get(0)?, row.get(1)?))
}

/// Whose it is, if it was not removed.
pub(super) fn place(
    db: &mut Connection,
    id: &str,
) -> Result<Option<Option<ConversationId>>, Error> {
    let sql = "SELECT group_id FROM emoji WHERE id = $1 AND removed_at IS NULL";
    let row = db.query_optional(sql, params![id])?;
    row.map(|row| Ok(group_of(row.get(0)?))).transpose()
}

fn group_of(number: i64) -> Option<ConversationId> {
    (number != 0).then_some(ConversationId(number))
}

pub(super) fn remove(db: &mut Connection, id: &str, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE emoji SET removed_at = $2 WHERE id = $1";
    db.execute(sql, params![id, now.millis()])?;
    Ok(())
}

/// What `user` may use: the site's, and their groups'.
pub(super) fn usable(db: &mut Connection, user: UserId, limit: i64) -> Result<Vec<Emoji>, Error> {
    db.query(
        "SELECT id, name, kind, group_id, width, height FROM emoji
         WHERE removed_at IS NULL AND (group_id = 0 OR group_id IN (
             SELECT conversation_id FROM members WHERE user_id = $1 AND left_at IS NULL))
         ORDER BY group_id, kind, name LIMIT $2",
        params![user.get(), limit],
    )?
    .iter()
    .map(emoji)
    .collect()
}

fn emoji(row: &Row) -> Result<Emoji, Error> {
    let id = row.text(0)?.to_owned();
    Ok(Emoji {
        url: url(&id),
        id,
        name: row.text(1)?.to_owned(),
        kind: if row.text(2)? == "sticker" { EmojiKind::Sticker } else { EmojiKind::Emoji },
        group_id: group_of(row.get(3)?),
        width: pixels(row, 4)?,
        height: pixels(row, 5)?,
    })
}

fn pixels(row: &Row, column: usize) -> Result<u32, Error> {
    let pixels: i64 = row.get(column)?;
    u32::try_from(pixels).map_err(|error| Error::Decode(error.to_string()))
}

/// The picture, or one that does not move: which is the same where the picture does not.
pub(super) fn picture(
    db: &mut Connection,
    id: &str,
    is_still: bool,
) -> Result<Option<StoredPicture>, Error> {
    let sql = if is_still {
        "SELECT COALESCE(still_type, content_type), COALESCE(still, bytes) FROM emoji WHERE id = $1"
    } else {
        "SELECT content_type, bytes FROM emoji WHERE id = $1"
    };
    let row = db.query_optional(sql, params![id])?;
    row.map(|row| Ok(StoredPicture { content_type: row.get(0)?, bytes: row.get(1)? })).transpose()
}

/// Which of these names stand for custom emoji in a conversation: name → id. A group's own come before the
/// site's. One statement; the caller bounds the names.
pub(crate) fn named(
    db: &mut Connection,
    conversation: ConversationId,
    names: &[String],
) -> Result<HashMap<String, String>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => "(SELECT value FROM json_each($2))",
        Engine::Postgres => "(SELECT value FROM json_array_elements_text(CAST($2 AS json)))",
    };
    let sql = format!(
        "SELECT name, id FROM emoji
         WHERE kind = 'emoji' AND removed_at IS NULL AND group_id IN (0, $1) AND name IN {set}
         ORDER BY group_id"
    );
    let names = serde_json::to_string(names).map_err(|error| Error::Sql(error.to_string()))?;
    let rows = db.query(&sql, params![conversation.get(), names])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// A sticker that `user` may send.
pub(crate) fn sticker(
    db: &mut Connection,
    user: UserId,
    id: &str,
) -> Result<Option<Sticker>, Error> {
    db.query_optional(
        "SELECT id, name, width, height FROM emoji
         WHERE id = $2 AND kind = 'sticker' AND removed_at IS NULL AND (group_id = 0 OR group_id IN (
             SELECT conversation_id FROM members WHERE user_id = $1 AND left_at IS NULL))",
        params![user.get(), id],
    )?
    .map(|row| {
        let id: String = row.get(0)?;
        Ok(Sticker {
            url: url(&id),
            id,
            name: row.get(1)?,
            width: pixels(&row, 2)?,
            height: pixels(&row, 3)?,
        })
    })
    .transpose()
}
