//! The index itself, on each engine's own: FTS5 in SQLite, where each number is a word; an array under a GIN index
//! in PostgreSQL. Both say exactly which documents have given numbers.
//!
//! SQLite walks the matches in order, up or down, and stops where it is told to. PostgreSQL gathers all matches first,
//! so it is asked for one part of the documents after the other, [`PART`] each; the part is one of a document's
//! numbers.

use std::fmt::Write as _;

use database::{Connection, Engine, Error, params};
use serde::Serialize;

use super::json;
use crate::search::grams::{Kind, number};

/// Documents in one part, as a power of two: 65,536.
const PART: u32 = 16;
/// Parts that one call looks through: 16.8 million documents.
const MAX_PARTS: usize = 256;

/// What a document must have.
#[derive(Clone, Debug, Default)]
pub(in crate::search) struct Wanted {
    /// Every one of these; never empty.
    pub(in crate::search) all: Vec<i64>,
    /// And one of each of these.
    pub(in crate::search) any: Vec<Vec<i64>>,
}

/// Puts documents with their numbers in; what was known of them is forgotten.
pub(in crate::search) fn put(
    db: &mut Connection,
    mut documents: Vec<(i64, Vec<i64>)>,
) -> Result<(), Error> {
    if db.engine() == Engine::Sqlite {
        // FTS5 gathers what is put in for as long as the documents ascend.
        documents.sort_unstable_by_key(|(document, _)| *document);
        for (document, grams) in &documents {
            db.execute(
                "INSERT OR REPLACE INTO search_index (rowid, grams) VALUES ($1, $2)",
                params![*document, words(grams, " ")],
            )?;
        }
        return Ok(());
    }
    #[derive(Serialize)]
    struct Document {
        id: i64,
        grams: String,
    }
    let of = |(id, grams): &(i64, Vec<i64>)| {
        let mut grams = grams.clone();
        grams.push(part(*id));
        Document { id: *id, grams: array(&grams) }
    };
    let documents: Vec<Document> = documents.iter().map(of).collect();
    db.execute(
        "INSERT INTO search_index (id, grams)
         SELECT id, CAST(grams AS BIGINT[])
         FROM json_to_recordset(CAST($1 AS json)) AS documents (id BIGINT, grams TEXT)
         ON CONFLICT (id) DO UPDATE SET grams = excluded.grams",
        params![json(&documents)?],
    )?;
    Ok(())
}

/// Merges parts of the index, so that a search has few to look into: about `pages` of them, if it is worth while.
/// PostgreSQL does that by itself.
pub(in crate::search) fn merge(db: &mut Connection, pages: i64) -> Result<(), Error> {
    if db.engine() == Engine::Sqlite {
        let sql = "INSERT INTO search_index (search_index, rank) VALUES ('merge', $1)";
        db.execute(sql, params![pages])?;
    }
    Ok(())
}

/// Forgets a document, if it is there.
pub(in crate::search) fn remove(db: &mut Connection, id: i64) -> Result<(), Error> {
    let sql = match db.engine() {
        Engine::Sqlite => "DELETE FROM search_index WHERE rowid = $1",
        Engine::Postgres => "DELETE FROM search_index WHERE id = $1",
    };
    db.execute(sql, params![id])?;
    Ok(())
}

/// Forgets everything, at once.
pub(in crate::search) fn clear(db: &mut Connection) -> Result<(), Error> {
    let sql = match db.engine() {
        Engine::Sqlite => "INSERT INTO search_index (search_index) VALUES ('delete-all')",
        Engine::Postgres => "TRUNCATE search_index",
    };
    db.execute(sql, params![])?;
    Ok(())
}

/// Documents above `floor` and below `before` that have what is wanted, the highest first, at most `limit`; and down to
/// which one that is all of them: `floor` at the end.
pub(in crate::search) fn matching_in(
    db: &mut Connection,
    wanted: &Wanted,
    (floor, before): (i64, i64),
    limit: i64,
) -> Result<(Vec<i64>, i64), Error> {
    if db.engine() == Engine::Sqlite {
        let found = ids(
            db,
            "SELECT rowid FROM search_index
             WHERE search_index MATCH $1 AND rowid > $4 AND rowid < $2 ORDER BY rowid DESC LIMIT $3",
            params![expression(wanted), before, limit, floor],
        )?;
        let is_end = count(&found) < limit;
        let down_to = if is_end { floor } else { found.last().copied().unwrap_or(floor) };
        return Ok((found, down_to));
    }
    let mut found = Vec::new();
    let mut end = before;
    for _ in 0..MAX_PARTS {
        if end <= floor + 1 {
            return Ok((found, floor));
        }
        let mut of_part = wanted.clone();
        of_part.all.push(part(end - 1));
        let left = limit - count(&found);
        let sql = format!(
            "SELECT id FROM ({}) AS found WHERE id > $3 AND id < $1 ORDER BY id DESC LIMIT $2",
            having(&of_part, 4)
        );
        let mut values = params![end, left, floor].to_vec();
        values.extend(arrays(&of_part));
        found.extend(ids(db, &sql, &values)?);
        if count(&found) >= limit {
            let down_to = found.last().copied().unwrap_or(floor);
            return Ok((found, down_to));
        }
        end = (end - 1) >> PART << PART;
    }
    Ok((found, end.max(floor)))
}

/// People and groups that have what is wanted, in no particular order, at most `limit`.
pub(in crate::search) fn matching_names(
    db: &mut Connection,
    wanted: &Wanted,
    limit: i64,
) -> Result<Vec<i64>, Error> {
    if db.engine() == Engine::Sqlite {
        let sql = "SELECT rowid FROM search_index
                   WHERE search_index MATCH $1 AND rowid < 0 ORDER BY rowid DESC LIMIT $2";
        return ids(db, sql, params![expression(wanted), limit]);
    }
    let sql = format!(
        "SELECT id FROM ({}) AS found WHERE id < 0 ORDER BY id DESC LIMIT $1",
        having(wanted, 2)
    );
    let mut values = params![limit].to_vec();
    values.extend(arrays(wanted));
    ids(db, &sql, &values)
}

pub(super) fn ids(
    db: &mut Connection,
    sql: &str,
    values: &[database::Value],
) -> Result<Vec<i64>, Error> {
    db.query(sql, values)?.iter().map(|row| row.get(0)).collect()
}

pub(super) fn count(found: &[i64]) -> i64 {
    i64::try_from(found.len()).unwrap_or(i64::MAX)
}

/// The number of the part that a document is in.
fn part(id: i64) -> i64 {
    number(Kind::Part, id >> PART)
}

/// Hexadecimal words, which FTS5's tokenizer leaves as they are.
fn words(grams: &[i64], between: &str) -> String {
    let mut out = String::with_capacity(grams.len() * (12 + between.len()));
    for (n, gram) in grams.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}{gram:x}", if n == 0 { "" } else { between });
    }
    out
}

/// For FTS5: `a AND b AND (c OR d)`.
pub(super) fn expression(wanted: &Wanted) -> String {
    let mut out = words(&wanted.all, " AND ");
    for some in &wanted.any {
        let _ = write!(out, " AND ({})", words(some, " OR "));
    }
    out
}

/// An array as PostgreSQL reads it.
fn array(grams: &[i64]) -> String {
    let numbers: Vec<String> = grams.iter().map(i64::to_string).collect();
    format!("{{{}}}", numbers.join(","))
}

/// For PostgreSQL: the documents that have what is wanted, with parameters from `$first` on. `OFFSET 0` keeps the
/// planner from walking all documents by their ids instead.
fn having(wanted: &Wanted, first: usize) -> String {
    let given = |n: usize| format!("CAST(CAST(${n} AS TEXT) AS BIGINT[])");
    let mut out = format!("SELECT id FROM search_index WHERE grams @> {}", given(first));
    for n in 0..wanted.any.len() {
        let _ = write!(out, " AND grams && {}", given(first + 1 + n));
    }
    out + " OFFSET 0"
}

/// The parameters of [`having`].
fn arrays(wanted: &Wanted) -> impl Iterator<Item = database::Value> {
    std::iter::once(&wanted.all).chain(&wanted.any).map(|some| array(some).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_put_in_words() {
        let wanted = Wanted { all: vec![10, 255], any: vec![vec![1, 2], vec![3]] };
        assert_eq!(expression(&wanted), "a AND ff AND (1 OR 2) AND (3)");
        assert!(having(&wanted, 3).contains("&& CAST(CAST($5 AS TEXT) AS BIGINT[])"));
        assert_eq!(array(&wanted.all), "{10,255}");
        assert_eq!(part(65_535), number(Kind::Part, 0));
        assert_eq!(part(65_536), number(Kind::Part, 1));
    }
}
