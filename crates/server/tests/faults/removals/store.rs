//! An article that very much hangs on, and what is left of it.

use database::{Connection, params};

use super::{ARTICLE, MANY};

/// Rows that are left of the article.
pub(super) fn left(db: &mut Connection) -> Result<i64, database::Error> {
    let sql = "SELECT (SELECT COUNT(*) FROM comments) + (SELECT COUNT(*) FROM article_likes)
                   + (SELECT COUNT(*) FROM comment_likes) + (SELECT COUNT(*) FROM notifications)";
    db.query_one(sql, params![])?.get(0)
}

/// Writes past the rules what would take long to say.
pub(super) fn seed(db: &mut Connection, author: i64, reader: i64) -> Result<(), database::Error> {
    db.begin()?;
    db.execute(
        "INSERT INTO categories (id, slug, name, description, position, in_top_menu, articles, created_at)
         VALUES (1, 'news', 'News', '', 1, 0, 1, 0)",
        params![],
    )?;
    db.execute(
        "INSERT INTO articles (id, category_id, author_id, status, title, summary, tags, comments, likes, created_at,
                               published_at, active_at)
         VALUES ($1, 1, $2, 'published', 'talked about', '', '', $3, $3, 0, 0, 0)",
        params![ARTICLE, author, MANY],
    )?;
    db.execute(
        "INSERT INTO article_texts (article_id, text, html) VALUES ($1, 'x', '<p>x</p>')",
        params![ARTICLE],
    )?;
    for n in 1..=MANY {
        db.execute(
            "INSERT INTO comments (id, article_id, root_id, newest, depth, path, author_id, status, likes, created_at,
                                   text, html)
             VALUES ($1, $2, $1, -$1, 0, $3, $4, 'visible', 1, 0, 'x', '<p>x</p>')",
            params![n, ARTICLE, format!("e{n:04}"), reader],
        )?;
        let liked = params![n, 1_000_000_i64];
        db.execute("INSERT INTO comment_likes (comment_id, user_id) VALUES ($1, $2)", liked)?;
        let likes = params![ARTICLE, 1_000_000 + n];
        db.execute("INSERT INTO article_likes (article_id, user_id) VALUES ($1, $2)", likes)?;
        db.execute(
            "INSERT INTO notifications (id, user_id, kind, article_id, comment_id, at)
             VALUES ($1, $2, 'comment_mentioned', $3, $1, 0)",
            params![n, reader, ARTICLE],
        )?;
    }
    let counted = "UPDATE counters SET value = 10000 WHERE name IN ('category', 'article', 'comment', 'notification')";
    db.execute(counted, params![])?;
    db.commit()
}
