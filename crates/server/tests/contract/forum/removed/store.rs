//! An article that very much hangs on, and what is left of it.

use database::params;

use super::MANY;
use crate::support::TestApp;

/// Writes past the rules what would take long to say; every second notification is Ann's.
pub(super) async fn seed(app: &TestApp, article: i64, ann: i64, ben: i64) {
    let write = move |unit: &mut delivery::Unit<'_>| {
        let db = unit.db();
        for n in 1..=MANY {
            let likes = if n == 1 { MANY } else { 0 };
            db.execute(
                "INSERT INTO comments (id, article_id, root_id, newest, depth, path, author_id, status, likes,
                                       created_at, text, html)
                 VALUES ($1, $2, $1, -$1, 0, $3, $4, 'visible', $5, 0, 'x', '<p>x</p>')",
                params![n, article, format!("e{n:04}"), ben, likes],
            )?;
            let likers = 1_000_000 + n;
            db.execute(
                "INSERT INTO article_likes (article_id, user_id) VALUES ($1, $2)",
                params![article, likers],
            )?;
            db.execute(
                "INSERT INTO comment_likes (comment_id, user_id) VALUES (1, $1)",
                params![likers],
            )?;
            db.execute(
                "INSERT INTO notifications (id, user_id, kind, article_id, comment_id, at)
                 VALUES ($1, $2, 'comment_mentioned', $3, $4, 0)",
                params![1_000 + n, if n % 2 == 0 { ann } else { ben }, article, n],
            )?;
        }
        db.execute(
            "UPDATE articles SET comments = $2, likes = $2 WHERE id = $1",
            params![article, MANY],
        )?;
        db.execute(
            "UPDATE counters SET value = $1 WHERE name IN ('comment', 'notification')",
            params![10_000],
        )?;
        Ok::<_, database::Error>(())
    };
    app.state.delivery.write(write).await.unwrap();
}

/// Rows that are left: comments, likes of the article, likes of comments, notifications.
pub(super) async fn left(app: &TestApp) -> [i64; 4] {
    let read = |db: &mut database::Connection| {
        let mut count = |table: &str| -> Result<i64, database::Error> {
            db.query_one(&format!("SELECT COUNT(*) FROM {table}"), params![])?.get(0)
        };
        Ok::<_, database::Error>([
            count("comments")?,
            count("article_likes")?,
            count("comment_likes")?,
            count("notifications")?,
        ])
    };
    app.state.delivery.read(read).await.unwrap()
}
