//! SQL of what is attached to the messages of a conversation. The table is written by `uploads`.

use database::{Connection, Error, params};
use protocol::{AttachmentKind, ConversationId, Seq, UserId};

use crate::conversations::MESSAGE_BYTES;

/// A place among the files of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FilePlace {
    pub(crate) seq: Seq,
    pub(crate) n: u32,
}

/// The places of files of `kinds` (all if empty) before a place, newest first, with the bytes of their messages as
/// they are stored. Given a reader, only those that were sent while the reader was a member.
pub(crate) fn files(
    db: &mut Connection,
    (conversation, reader): (ConversationId, Option<UserId>),
    kinds: &[AttachmentKind],
    before: FilePlace,
    limit: usize,
) -> Result<Vec<(FilePlace, i64)>, Error> {
    let sql = format!(
        "SELECT a.seq, a.n, {MESSAGE_BYTES} FROM attachments a
         JOIN messages m ON m.conversation_id = a.conversation_id AND m.seq = a.seq
         WHERE a.conversation_id = $1 AND (a.seq, a.n) < ($2, $3)
           AND ($4 = '' OR $4 LIKE '%,' || a.kind || ',%')
           AND (CAST($5 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM audience s
                WHERE s.user_id = $5 AND s.stream = a.conversation_id
                  AND s.from_position <= m.position AND s.until_position >= m.position))
         ORDER BY a.seq DESC, a.n DESC LIMIT $6"
    );
    let values = params![
        conversation.get(),
        before.seq.get(),
        i64::from(before.n),
        listed(kinds)?,
        reader.map_or(0, UserId::get),
        i64::try_from(limit).unwrap_or(i64::MAX),
    ];
    db.query(&sql, values)?
        .iter()
        .map(|row| {
            let n = u32::try_from(row.get::<i64>(1)?).map_err(|_| Error::NoRow)?;
            Ok((FilePlace { seq: Seq(row.get(0)?), n }, row.get(2)?))
        })
        .collect()
}

/// `,image,video,`; empty for all.
fn listed(kinds: &[AttachmentKind]) -> Result<String, Error> {
    if kinds.is_empty() {
        return Ok(String::new());
    }
    let mut text = String::from(",");
    for kind in kinds {
        let name = serde_json::to_value(kind).map_err(|error| Error::Sql(error.to_string()))?;
        text.push_str(name.as_str().unwrap_or_default());
        text.push(',');
    }
    Ok(text)
}
