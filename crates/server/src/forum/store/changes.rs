//! SQL over `post_changes`: what the search index has to look at; and over what is left of what was removed.

use database::{Connection, Error, params};
use protocol::{ArticleId, CommentId};

/// Has the search index look at an `article` or `comment` again.
pub(in crate::forum) fn add_change(db: &mut Connection, kind: &str, id: i64) -> Result<(), Error> {
    db.execute(
        "INSERT INTO post_changes (kind, id) VALUES ($1, $2) ON CONFLICT (kind, id) DO NOTHING",
        params![kind, id],
    )?;
    Ok(())
}

/// Has the search index look at all comments of an article again, at most `step` of them at once and the others later
/// ([`to_index`]): those on what not everybody can read are not in it.
pub(in crate::forum) fn add_comment_changes(
    db: &mut Connection,
    article: ArticleId,
    step: i64,
) -> Result<(), Error> {
    index_after(db, article, 0, step)
}

/// An article of which there still are comments that the index has to look at, and after which one.
pub(in crate::forum) fn to_index(db: &mut Connection) -> Result<Option<(ArticleId, i64)>, Error> {
    let sql = "SELECT article_id, after_comment FROM articles_to_index ORDER BY article_id LIMIT 1";
    let row = db.query_optional(sql, params![])?;
    row.map(|row| Ok((ArticleId(row.get(0)?), row.get(1)?))).transpose()
}

/// Has the index look at the next `step` comments after one, and remembers where to go on.
pub(in crate::forum) fn index_after(
    db: &mut Connection,
    article: ArticleId,
    after: i64,
    step: i64,
) -> Result<(), Error> {
    let sql = "SELECT id FROM comments WHERE article_id = $1 AND id > $2
               ORDER BY id LIMIT 1 OFFSET $3";
    let last = db.query_optional(sql, params![article.get(), after, step - 1])?;
    let last: Option<i64> = last.map(|row| row.get(0)).transpose()?;
    db.execute(
        "INSERT INTO post_changes (kind, id) SELECT 'comment', id FROM comments
         WHERE article_id = $1 AND id > $2 AND id <= $3 ON CONFLICT (kind, id) DO NOTHING",
        params![article.get(), after, last.unwrap_or(i64::MAX)],
    )?;
    match last {
        Some(last) => db.execute(
            "INSERT INTO articles_to_index (article_id, after_comment) VALUES ($1, $2)
             ON CONFLICT (article_id) DO UPDATE SET after_comment = excluded.after_comment",
            params![article.get(), last],
        )?,
        None => db.execute(
            "DELETE FROM articles_to_index WHERE article_id = $1",
            params![article.get()],
        )?,
    };
    Ok(())
}

/// A removed article of which there still are likes or comments.
pub(in crate::forum) fn to_clear(db: &mut Connection) -> Result<Option<ArticleId>, Error> {
    let sql =
        "SELECT article_id FROM removed_articles WHERE cleared = 0 ORDER BY article_id LIMIT 1";
    db.query_optional(sql, params![])?.map(|row| Ok(ArticleId(row.get(0)?))).transpose()
}

/// Takes some likes of a removed article away, or some comments, at most `step`; remembers when there are none left.
pub(in crate::forum) fn clear(
    db: &mut Connection,
    article: ArticleId,
    step: i64,
) -> Result<(), Error> {
    let likes = "DELETE FROM article_likes WHERE article_id = $1 AND user_id IN (
                     SELECT user_id FROM article_likes WHERE article_id = $1 LIMIT $2)";
    if db.execute(likes, params![article.get(), step])? > 0 {
        return Ok(());
    }
    let some = "SELECT id, likes FROM comments WHERE article_id = $1 ORDER BY path LIMIT $2";
    let rows = db.query(some, params![article.get(), step])?;
    for row in &rows {
        let (id, likes) = (row.get(0)?, row.get(1)?);
        add_change(db, "comment", id)?;
        forget_comment(db, CommentId(id), likes)?;
    }
    if rows.is_empty() {
        let sql = "UPDATE removed_articles SET cleared = 1 WHERE article_id = $1";
        db.execute(sql, params![article.get()])?;
    }
    Ok(())
}

/// Forgets a comment. Its likes, of which there may be any number, go later ([`clear_likes`]).
pub(super) fn forget_comment(db: &mut Connection, id: CommentId, likes: i64) -> Result<(), Error> {
    db.execute("DELETE FROM comments WHERE id = $1", params![id.get()])?;
    if likes > 0 {
        db.execute("INSERT INTO removed_comments (comment_id) VALUES ($1)", params![id.get()])?;
    }
    Ok(())
}

/// Whether there still are likes of comments that are gone.
pub(in crate::forum) fn has_stray_likes(db: &mut Connection) -> Result<bool, Error> {
    Ok(db.query_optional("SELECT 1 FROM removed_comments LIMIT 1", params![])?.is_some())
}

/// Takes some likes of comments that are gone away, at most `step`.
pub(in crate::forum) fn clear_likes(db: &mut Connection, step: i64) -> Result<(), Error> {
    let some = "SELECT comment_id FROM removed_comments ORDER BY comment_id LIMIT $1";
    let mut left = step;
    for row in db.query(some, params![step])? {
        let id: i64 = row.get(0)?;
        let likes = "DELETE FROM comment_likes WHERE comment_id = $1 AND user_id IN (
                         SELECT user_id FROM comment_likes WHERE comment_id = $1 LIMIT $2)";
        left -= i64::try_from(db.execute(likes, params![id, left])?).unwrap_or(left);
        if left <= 0 {
            break;
        }
        db.execute("DELETE FROM removed_comments WHERE comment_id = $1", params![id])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use database::{Engine, testing::Scratch};

    use super::*;

    #[test]
    fn comments_are_handed_to_the_index_some_at_a_time() {
        let scratch = Scratch::new(Engine::Sqlite);
        let database = scratch.open().unwrap();
        let mut db = database.writer().unwrap();
        for id in 1_i64..=7 {
            db.execute(
                "INSERT INTO comments (id, article_id, root_id, newest, depth, path, author_id,
                                       status, created_at, text, html)
                 VALUES ($1, $2, $1, -$1, 0, CAST($1 AS TEXT), 1, 'visible', 0, '', '')",
                params![id, if id == 2 { 8_i64 } else { 9 }],
            )
            .unwrap();
        }
        let changed = |db: &mut Connection| -> i64 {
            let sql = "SELECT COUNT(*) FROM post_changes";
            db.query_one(sql, params![]).unwrap().get(0).unwrap()
        };
        let article = ArticleId(9);
        add_comment_changes(&mut db, article, 3).unwrap();
        assert_eq!(changed(&mut db), 3);
        for (n, after) in [(6, 4), (6, 7)] {
            assert_eq!(to_index(&mut db).unwrap(), Some((article, after)));
            index_after(&mut db, article, after, 3).unwrap();
            assert_eq!(changed(&mut db), n);
        }
        assert_eq!(to_index(&mut db).unwrap(), None);
    }
}
