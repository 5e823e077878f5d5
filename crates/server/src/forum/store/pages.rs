//! SQL for feeds, the sitemap and the pages of people: what is published, whoever reads.

use std::collections::HashMap;

use database::{Connection, Error, Row, params};
use protocol::{ArticleId, CategoryId, CommentId, Timestamp, UserId};

use super::articles::{ArticleRow, COLUMNS, article_at};
use super::{json, set};

/// Of which articles the latest are wanted.
#[derive(Clone, Copy, Debug)]
pub(in crate::forum) enum Latest {
    All,
    Category(CategoryId),
    Author(UserId),
}

/// What was published last, the newest first, whether it is pinned or not.
pub(in crate::forum) fn latest(
    db: &mut Connection,
    which: Latest,
    limit: i64,
) -> Result<Vec<ArticleRow>, Error> {
    let (sql, id) = latest_of(which);
    db.query(&sql, params![limit, id])?.iter().map(article_at).collect()
}

/// The statement, and its second parameter.
fn latest_of(which: Latest) -> (String, i64) {
    let (condition, id) = match which {
        Latest::All => ("CAST($2 AS BIGINT) = 0", 0),
        Latest::Category(id) => ("a.category_id = $2", id.get()),
        Latest::Author(id) => ("a.author_id = $2", id.get()),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM articles a WHERE a.status = 'published' AND {condition}
         ORDER BY a.published_at DESC, a.id DESC LIMIT $1"
    );
    (sql, id)
}

/// What was made of the texts of articles.
pub(in crate::forum) fn html_of(
    db: &mut Connection,
    ids: &[ArticleId],
) -> Result<HashMap<ArticleId, String>, Error> {
    let sql =
        format!("SELECT article_id, html FROM article_texts WHERE article_id IN ({})", set(db, 1));
    db.query(&sql, params![json(ids)?])?
        .iter()
        .map(|row| Ok((ArticleId(row.get(0)?), row.get(1)?)))
        .collect()
}

/// A comment as feeds show it.
#[derive(Clone, Debug)]
pub(in crate::forum) struct LatestComment {
    pub(in crate::forum) id: CommentId,
    pub(in crate::forum) author_id: UserId,
    pub(in crate::forum) created_at: Timestamp,
    pub(in crate::forum) modified_at: Option<Timestamp>,
    pub(in crate::forum) html: String,
}

/// The comments of an article that everybody can read, the newest first.
pub(in crate::forum) fn latest_comments(
    db: &mut Connection,
    article: ArticleId,
    limit: i64,
) -> Result<Vec<LatestComment>, Error> {
    let comment_at = |row: &Row| {
        Ok(LatestComment {
            id: CommentId(row.get(0)?),
            author_id: UserId(row.get(1)?),
            created_at: Timestamp(row.get(2)?),
            modified_at: row.get::<Option<i64>>(3)?.map(Timestamp),
            html: row.get(4)?,
        })
    };
    db.query(LATEST_COMMENTS, params![article.get(), limit])?.iter().map(comment_at).collect()
}

const LATEST_COMMENTS: &str = "SELECT id, author_id, created_at, modified_at, html FROM comments
     WHERE article_id = $1 AND status = 'visible' ORDER BY id DESC LIMIT $2";

/// Whether somebody has written anything that everybody can read.
pub(in crate::forum) fn has_written(db: &mut Connection, user: UserId) -> Result<bool, Error> {
    let article = "SELECT 1 FROM articles WHERE author_id = $1 AND status = 'published' LIMIT 1";
    if db.query_optional(article, params![user.get()])?.is_some() {
        return Ok(true);
    }
    let comment = "SELECT 1 FROM comments c JOIN articles a ON a.id = c.article_id
                   WHERE c.author_id = $1 AND c.status = 'visible' AND a.status = 'published'
                   LIMIT 1";
    Ok(db.query_optional(comment, params![user.get()])?.is_some())
}

/// The published article with the highest number.
pub(in crate::forum) fn last_published(db: &mut Connection) -> Result<Option<ArticleId>, Error> {
    let sql = "SELECT id FROM articles WHERE status = 'published' ORDER BY id DESC LIMIT 1";
    db.query_optional(sql, params![])?.map(|row| Ok(ArticleId(row.get(0)?))).transpose()
}

/// Published articles whose number is at least `from` and below `to`, each with when something last happened there.
pub(in crate::forum) fn published_between(
    db: &mut Connection,
    from: i64,
    to: i64,
) -> Result<Vec<(ArticleId, Timestamp)>, Error> {
    db.query(BETWEEN, params![from, to])?
        .iter()
        .map(|row| {
            let (active, modified): (i64, Option<i64>) = (row.get(1)?, row.get(2)?);
            Ok((ArticleId(row.get(0)?), Timestamp(active.max(modified.unwrap_or(active)))))
        })
        .collect()
}

const BETWEEN: &str = "SELECT id, active_at, modified_at FROM articles
     WHERE status = 'published' AND id >= $1 AND id < $2 ORDER BY id";

#[cfg(test)]
mod tests {
    use super::*;
    use database::{Engine, Value, testing::Scratch};

    #[test]
    fn each_is_read_from_an_index_in_its_order() {
        let scratch = Scratch::new(Engine::Sqlite);
        let database = scratch.open().unwrap();
        let mut db = database.writer().unwrap();
        let mut plan = |sql: &str, values: &[Value]| {
            let rows = db.query(&format!("EXPLAIN QUERY PLAN {sql}"), values).unwrap();
            rows.iter().map(|row| row.text(3).unwrap().to_owned()).collect::<Vec<_>>().join("; ")
        };
        for (which, index) in [
            (Latest::All, "articles_latest"),
            (Latest::Category(CategoryId(1)), "articles_of_category_latest"),
            (Latest::Author(UserId(1)), "articles_of_author_latest"),
        ] {
            let (sql, id) = latest_of(which);
            let plan = plan(&sql, params![30, id]);
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{plan}");
        }
        let comments = plan(LATEST_COMMENTS, params![1, 30]);
        assert!(comments.contains("comments_latest") && !comments.contains("TEMP"), "{comments}");
        let between = plan(BETWEEN, params![0, 10]);
        assert!(between.contains("INTEGER PRIMARY KEY") && !between.contains("TEMP"), "{between}");
    }
}
