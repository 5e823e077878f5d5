//! SQL of what is attached to the messages of a conversation. The table is written by `uploads`.

use database::{Connection, Error, Value, params};
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
    let mut values = params![
        conversation.get(),
        before.seq.get(),
        i64::from(before.n),
        reader.map_or(0, UserId::get),
        i64::try_from(limit).unwrap_or(i64::MAX),
    ]
    .to_vec();
    let names = names(kinds)?;
    let sql = select(names.len());
    values.extend(names.into_iter().map(Value::from));
    db.query(&sql, &values)?
        .iter()
        .map(|row| {
            let n = u32::try_from(row.get::<i64>(1)?).map_err(|_| Error::NoRow)?;
            Ok((FilePlace { seq: Seq(row.get(0)?), n }, row.get(2)?))
        })
        .collect()
}

/// A statement that reads so many kinds, each down an index of its own, and then the newest of all.
fn select(kinds: usize) -> String {
    let of = |kind: &str| {
        format!(
            "SELECT a.seq AS place, a.n, {MESSAGE_BYTES} FROM attachments a
             JOIN messages m ON m.conversation_id = a.conversation_id AND m.seq = a.seq
             WHERE a.conversation_id = $1 AND (a.seq, a.n) < ($2, $3){kind}
               AND (CAST($4 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM audience s
                    WHERE s.user_id = $4 AND s.stream = a.conversation_id
                      AND s.from_position <= m.position AND s.until_position >= m.position))
             ORDER BY a.seq DESC, a.n DESC LIMIT $5"
        )
    };
    match kinds {
        0 => of(""),
        1 => of(" AND a.kind = $6"),
        _ => {
            let each = (6..6 + kinds).map(|parameter| {
                let one = of(&format!(" AND a.kind = ${parameter}"));
                format!("SELECT * FROM ({one}) AS kind{parameter}")
            });
            let all = each.collect::<Vec<_>>().join(" UNION ALL ");
            format!("{all} ORDER BY 1 DESC, 2 DESC LIMIT $5")
        }
    }
}

/// As they are in the table, each once.
fn names(kinds: &[AttachmentKind]) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for kind in kinds {
        let name = serde_json::to_value(kind).map_err(|error| Error::Sql(error.to_string()))?;
        let name = name.as_str().unwrap_or_default().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use database::{Engine, testing::Scratch};

    use super::*;

    /// How an engine is going to run the statement for so many kinds.
    fn plan(engine: Engine, kinds: usize) -> String {
        let scratch = Scratch::new(engine);
        let database = scratch.open().unwrap();
        let mut db = database.writer().unwrap();
        // Tables as they become: who plans for empty ones takes whatever comes first.
        for table in [
            "messages (id, conversation_id, seq, position, ordinal, sender_id, kind, text, sent_at)
             SELECT n, n % 3, n, n, n, 1, 'text', 'x', n",
            "attachments (conversation_id, seq, n, upload_id, kind, name)
             SELECT n % 3, n, 0, 'x', CASE WHEN n % 97 = 0 THEN 'image' ELSE 'file' END, 'x'",
        ] {
            let rows = "WITH RECURSIVE rows (n) AS
                        (SELECT 1 UNION ALL SELECT n + 1 FROM rows WHERE n < 20000)";
            let (into, select) = table.split_once("\n").unwrap();
            db.batch(&format!("INSERT INTO {into} {rows} {select} FROM rows")).unwrap();
        }
        db.batch("ANALYZE").unwrap();
        let explain = match engine {
            Engine::Sqlite => "EXPLAIN QUERY PLAN",
            Engine::Postgres => "EXPLAIN",
        };
        let mut values = params![1, i64::MAX, 0_i64, 0_i64, 50_i64].to_vec();
        values.extend((0..kinds).map(|_| Value::from("image")));
        let rows = db.query(&format!("{explain} {}", select(kinds)), &values).unwrap();
        let column = if engine == Engine::Sqlite { 3 } else { 0 };
        let lines: Vec<_> = rows.iter().map(|row| row.text(column).unwrap().to_owned()).collect();
        lines.join("\n")
    }

    fn each_kind_is_read_by_its_index(engine: Engine) {
        for kinds in [1, 2, 5] {
            let plan = plan(engine, kinds);
            assert_eq!(plan.matches("attachments_by_kind").count(), kinds, "{plan}");
            // Nothing reads the whole of a conversation, or of a table.
            assert!(
                !plan.contains("SCAN a") && !plan.contains("Seq Scan on attachments"),
                "{plan}"
            );
        }
    }

    #[test]
    fn sqlite_reads_each_kind_by_its_index() {
        each_kind_is_read_by_its_index(Engine::Sqlite);
    }

    #[test]
    fn postgres_reads_each_kind_by_its_index() {
        each_kind_is_read_by_its_index(Engine::Postgres);
    }

    #[test]
    fn a_kind_that_is_asked_for_twice_is_read_once() {
        use AttachmentKind::{Image, Voice};
        assert_eq!(names(&[Image, Voice, Image]).unwrap(), ["image", "voice"]);
    }
}
