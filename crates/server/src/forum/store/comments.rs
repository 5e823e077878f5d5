//! SQL over `comments`: rows, and pages in reading order.

use database::{Connection, Engine, Error, Row, Value, params};
use protocol::{ArticleId, CommentId, CommentSort, CommentStatus, Timestamp, UserId};

use super::{
    changes::forget_comment,
    lists::{Part, Way},
};

/// What [`comment_at`] reads, of `comments AS c`.
const COLUMNS: &str = "c.id, c.article_id, c.parent_id, c.root_id, c.depth, c.path, c.author_id, c.status, \
     c.likes, c.answers, c.created_at, c.modified_at, c.text, c.html";

/// A comment as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::forum) struct CommentRow {
    pub(in crate::forum) id: CommentId,
    pub(in crate::forum) article_id: ArticleId,
    pub(in crate::forum) parent_id: Option<CommentId>,
    /// The first comment of its tree.
    pub(in crate::forum) root_id: CommentId,
    pub(in crate::forum) depth: i64,
    pub(in crate::forum) path: String,
    pub(in crate::forum) author_id: UserId,
    pub(in crate::forum) status: CommentStatus,
    pub(in crate::forum) likes: i64,
    /// Comments right below it.
    pub(in crate::forum) answers: i64,
    pub(in crate::forum) created_at: Timestamp,
    pub(in crate::forum) modified_at: Option<Timestamp>,
    pub(in crate::forum) text: String,
    pub(in crate::forum) html: String,
}

fn status_text(status: CommentStatus) -> &'static str {
    match status {
        CommentStatus::Visible => "visible",
        CommentStatus::Deleted => "deleted",
        CommentStatus::Hidden => "hidden",
    }
}

fn comment_at(row: &Row) -> Result<CommentRow, Error> {
    Ok(CommentRow {
        id: CommentId(row.get(0)?),
        article_id: ArticleId(row.get(1)?),
        parent_id: row.get::<Option<i64>>(2)?.map(CommentId),
        root_id: CommentId(row.get(3)?),
        depth: row.get(4)?,
        path: row.get(5)?,
        author_id: UserId(row.get(6)?),
        status: match row.text(7)? {
            "deleted" => CommentStatus::Deleted,
            "hidden" => CommentStatus::Hidden,
            _ => CommentStatus::Visible,
        },
        likes: row.get(8)?,
        answers: row.get(9)?,
        created_at: Timestamp(row.get(10)?),
        modified_at: row.get::<Option<i64>>(11)?.map(Timestamp),
        text: row.get(12)?,
        html: row.get(13)?,
    })
}

fn rows(db: &mut Connection, rest: &str, values: &[Value]) -> Result<Vec<CommentRow>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM comments c {rest}");
    db.query(&sql, values)?.iter().map(comment_at).collect()
}

/// A comment, whoever may read it, and also where its article is gone.
pub(in crate::forum) fn comment(
    db: &mut Connection,
    id: CommentId,
) -> Result<Option<CommentRow>, Error> {
    Ok(rows(db, "WHERE c.id = $1", params![id.get()])?.pop())
}

/// The comment that somebody wrote under a key, and of what request.
pub(in crate::forum) fn known_comment(
    db: &mut Connection,
    author: UserId,
    client_id: &str,
) -> Result<Option<(CommentRow, Vec<u8>)>, Error> {
    let sql = format!(
        "SELECT {COLUMNS}, c.digest FROM comments c WHERE c.author_id = $1 AND c.client_id = $2"
    );
    db.query_optional(&sql, params![author.get(), client_id])?
        .map(|row| Ok((comment_at(&row)?, row.get(14)?)))
        .transpose()
}

/// A comment that is to be stored, and the key of the request.
pub(in crate::forum) struct NewComment<'a> {
    pub(in crate::forum) row: &'a CommentRow,
    pub(in crate::forum) client_id: Option<&'a str>,
    pub(in crate::forum) digest: &'a [u8],
}

/// Stores a comment, and counts it where it answers one.
pub(in crate::forum) fn insert_comment(
    db: &mut Connection,
    new: &NewComment<'_>,
) -> Result<(), Error> {
    let NewComment { row, client_id, digest } = new;
    db.execute(
        "INSERT INTO comments (id, article_id, parent_id, root_id, newest, depth, path, author_id,
                               status, created_at, client_id, digest, text, html)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            row.id.get(),
            row.article_id.get(),
            row.parent_id.map(CommentId::get),
            row.root_id.get(),
            -row.root_id.get(),
            row.depth,
            &row.path,
            row.author_id.get(),
            status_text(row.status),
            row.created_at.millis(),
            *client_id,
            *digest,
            &row.text,
            &row.html
        ],
    )?;
    count_answers(db, row.parent_id, 1)
}

fn count_answers(db: &mut Connection, parent: Option<CommentId>, more: i64) -> Result<(), Error> {
    if let Some(parent) = parent {
        let sql = "UPDATE comments SET answers = answers + $2 WHERE id = $1";
        db.execute(sql, params![parent.get(), more])?;
    }
    Ok(())
}

/// Stores what a comment says and who can read it.
pub(in crate::forum) fn update_comment(db: &mut Connection, row: &CommentRow) -> Result<(), Error> {
    db.execute(
        "UPDATE comments SET status = $2, text = $3, html = $4, modified_at = $5 WHERE id = $1",
        params![
            row.id.get(),
            status_text(row.status),
            &row.text,
            &row.html,
            row.modified_at.map(Timestamp::millis)
        ],
    )?;
    Ok(())
}

/// Forgets a comment without answers.
pub(in crate::forum) fn delete_comment(db: &mut Connection, row: &CommentRow) -> Result<(), Error> {
    forget_comment(db, row.id, row.likes)?;
    count_answers(db, row.parent_id, -1)
}

/// Where in a list a comment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::forum) struct CommentPlace {
    /// Of the first comment of its tree.
    pub(in crate::forum) root_likes: i64,
    pub(in crate::forum) root_id: i64,
    pub(in crate::forum) path: String,
}

impl CommentPlace {
    /// Before everything.
    pub(in crate::forum) const START: Self =
        Self { root_likes: i64::MAX, root_id: i64::MAX, path: String::new() };
}

/// Comments of an article from a place on, which is left out, in the order in which they are met, each with the likes of
/// the first one of its tree where the order asks for them; at most `limit`.
pub(in crate::forum) fn comments(
    db: &mut Connection,
    article: ArticleId,
    sort: CommentSort,
    (from, way): (&CommentPlace, Way),
    limit: i64,
) -> Result<Vec<(CommentRow, i64)>, Error> {
    let CommentPlace { root_likes, root_id, path } = from;
    let (root_likes, root_id) = (*root_likes, *root_id);
    let mut rows = Vec::new();
    for part in Part::BOTH {
        let left = limit.saturating_sub(i64::try_from(rows.len()).unwrap_or(limit));
        let is_one = part == Part::Beyond && sort != CommentSort::Liked;
        if left == 0 || is_one {
            break;
        }
        // The very first place is below every number.
        let newest = root_id.checked_neg().unwrap_or(i64::MIN);
        let values = match (sort, part) {
            (CommentSort::Oldest, _) => params![article.get(), left, path].to_vec(),
            (CommentSort::Newest, _) => params![article.get(), left, path, newest].to_vec(),
            (CommentSort::Liked, Part::Beside) => {
                params![article.get(), left, root_likes, root_id, path].to_vec()
            }
            (CommentSort::Liked, Part::Beyond) => params![article.get(), left, root_likes].to_vec(),
        };
        for row in db.query(&statement(db.engine(), sort, way, part), &values)? {
            rows.push((comment_at(&row)?, row.get(14)?));
        }
    }
    Ok(rows)
}

/// The statement of a page: each order is read from an index, from where the page before ended. By likes it has two parts.
fn statement(engine: Engine, sort: CommentSort, way: Way, part: Part) -> String {
    let (sign, order) = match way {
        Way::Down => (">", "ASC"),
        Way::Up => ("<", "DESC"),
    };
    let likes = if sort == CommentSort::Liked { "t.likes" } else { "0" };
    let select = format!("SELECT {COLUMNS}, CAST({likes} AS BIGINT)");
    match sort {
        CommentSort::Oldest => format!(
            "{select} FROM comments c WHERE c.article_id = $1 AND c.path {sign} $3
             ORDER BY c.path {order} LIMIT $2"
        ),
        CommentSort::Newest => format!(
            "{select} FROM comments c WHERE c.article_id = $1 AND (c.newest, c.path) {sign} ($4, $3)
             ORDER BY c.newest {order}, c.path {order} LIMIT $2"
        ),
        CommentSort::Liked => {
            // Tree by tree; the one that the page before ended in is gone on with. No path is above `~`.
            let (tree_sign, tree_order, any) = match way {
                Way::Down => ("<", "DESC", "''"),
                Way::Up => (">", "ASC", "'~'"),
            };
            let (of_tree, trees) = match part {
                Part::Beside => (
                    format!(
                        "c.root_id = t.id AND c.path {sign} CASE WHEN t.id = $4 THEN $5 ELSE {any} END"
                    ),
                    format!("t.likes = $3 AND t.id {tree_sign}= $4"),
                ),
                Part::Beyond => ("c.root_id = t.id".into(), format!("t.likes {tree_sign} $3")),
            };
            let joined = match engine {
                Engine::Sqlite => format!("CROSS JOIN comments c ON {of_tree}"),
                // It does not see that trees one after the other are in order, each of its own.
                Engine::Postgres => format!(
                    "CROSS JOIN LATERAL (SELECT * FROM comments c WHERE {of_tree}
                                         ORDER BY c.path {order} LIMIT $2) AS c"
                ),
            };
            format!(
                "{select} FROM comments t {joined}
                 WHERE t.article_id = $1 AND t.parent_id IS NULL AND {trees}
                 ORDER BY t.likes {tree_order}, t.id {tree_order}, c.path {order} LIMIT $2"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use database::testing::Scratch;

    use super::*;

    #[test]
    fn every_order_is_read_from_an_index() {
        let scratch = Scratch::new(Engine::Sqlite);
        let database = scratch.open().unwrap();
        let mut db = database.writer().unwrap();
        let (beside, beyond) = (Part::Beside, Part::Beyond);
        let root = "comments_of_root (root_id=?";
        for (sort, part, values, indexes) in [
            (
                CommentSort::Oldest,
                beside,
                params![1, 30, "b1"].to_vec(),
                ["comments_in_order (article_id=? AND path"; 2],
            ),
            (
                CommentSort::Newest,
                beside,
                params![1, 30, "b1", 1].to_vec(),
                ["comments_newest (article_id=? AND (newest,path)"; 2],
            ),
            (
                CommentSort::Liked,
                beside,
                params![1, 30, 1, 1, "b1"].to_vec(),
                [
                    "comments_liked (article_id=? AND likes=? AND ",
                    "comments_of_root (root_id=? AND path",
                ],
            ),
            (
                CommentSort::Liked,
                beyond,
                params![1, 30, 1].to_vec(),
                ["comments_liked (article_id=? AND likes", root],
            ),
        ] {
            for way in [Way::Down, Way::Up] {
                let sql = statement(Engine::Sqlite, sort, way, part);
                let rows = db.query(&format!("EXPLAIN QUERY PLAN {sql}"), &values).unwrap();
                let plan: Vec<&str> = rows.iter().map(|row| row.text(3).unwrap()).collect();
                let said = format!("{sort:?} {way:?} {part:?}: {}", plan.join("; "));
                assert!(!said.contains("SCAN") && !said.contains("TEMP B-TREE"), "{said}");
                assert!(indexes.iter().all(|index| said.contains(index)), "{said}");
            }
        }
    }
}
