//! SQL over `post_changes`: what the search index has to look at.

use database::{Connection, Error, params};
use protocol::ArticleId;

/// Has the search index look at an `article` or `comment` again.
pub(in crate::forum) fn add_change(db: &mut Connection, kind: &str, id: i64) -> Result<(), Error> {
    db.execute(
        "INSERT INTO post_changes (kind, id) VALUES ($1, $2) ON CONFLICT (kind, id) DO NOTHING",
        params![kind, id],
    )?;
    Ok(())
}

/// Has the search index look at all comments of an article again: those on what not everybody can read are not in it.
pub(in crate::forum) fn add_comment_changes(
    db: &mut Connection,
    article: ArticleId,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO post_changes (kind, id) SELECT 'comment', id FROM comments
         WHERE article_id = $1 ON CONFLICT (kind, id) DO NOTHING",
        params![article.get()],
    )?;
    Ok(())
}

/// A removed article of which there still are comments.
pub(in crate::forum) fn to_clear(db: &mut Connection) -> Result<Option<ArticleId>, Error> {
    let sql =
        "SELECT article_id FROM removed_articles WHERE cleared = 0 ORDER BY article_id LIMIT 1";
    db.query_optional(sql, params![])?.map(|row| Ok(ArticleId(row.get(0)?))).transpose()
}

/// Takes some comments of a removed article away, at most `step`; remembers when there are none left.
pub(in crate::forum) fn clear(
    db: &mut Connection,
    article: ArticleId,
    step: i64,
) -> Result<(), Error> {
    let some = "SELECT id FROM comments WHERE article_id = $1 ORDER BY path LIMIT $2";
    let ids = db.query(some, params![article.get(), step])?;
    for row in &ids {
        let id: i64 = row.get(0)?;
        add_change(db, "comment", id)?;
        db.execute("DELETE FROM comments WHERE id = $1", params![id])?;
    }
    if ids.is_empty() {
        let sql = "UPDATE removed_articles SET cleared = 1 WHERE article_id = $1";
        db.execute(sql, params![article.get()])?;
    }
    Ok(())
}
