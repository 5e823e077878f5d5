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
