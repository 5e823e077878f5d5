//! SQL over `article_likes` and `comment_likes`, and the counts on what they are about.

use std::collections::HashSet;

use database::{Connection, Error, params};
use protocol::{ArticleId, CommentId, Timestamp, UserId};

use super::{json, set};

/// Likes an article, or no longer; whether that changed anything.
pub(in crate::forum) fn like_article(
    db: &mut Connection,
    id: ArticleId,
    user: UserId,
    likes: bool,
) -> Result<bool, Error> {
    let sql = match likes {
        true => {
            "INSERT INTO article_likes (article_id, user_id) VALUES ($1, $2)
             ON CONFLICT (article_id, user_id) DO NOTHING"
        }
        false => "DELETE FROM article_likes WHERE article_id = $1 AND user_id = $2",
    };
    if db.execute(sql, params![id.get(), user.get()])? == 0 {
        return Ok(false);
    }
    let more = if likes { 1 } else { -1 };
    for sql in [
        "UPDATE articles SET likes = likes + $2 WHERE id = $1",
        "UPDATE article_tags SET likes = likes + $2 WHERE article_id = $1",
    ] {
        db.execute(sql, params![id.get(), more])?;
    }
    Ok(true)
}

/// Likes a comment, or no longer; whether that changed anything.
pub(in crate::forum) fn like_comment(
    db: &mut Connection,
    id: CommentId,
    user: UserId,
    likes: bool,
) -> Result<bool, Error> {
    let sql = match likes {
        true => {
            "INSERT INTO comment_likes (comment_id, user_id) VALUES ($1, $2)
             ON CONFLICT (comment_id, user_id) DO NOTHING"
        }
        false => "DELETE FROM comment_likes WHERE comment_id = $1 AND user_id = $2",
    };
    if db.execute(sql, params![id.get(), user.get()])? == 0 {
        return Ok(false);
    }
    let more = if likes { 1 } else { -1 };
    let sql = "UPDATE comments SET likes = likes + $2 WHERE id = $1";
    db.execute(sql, params![id.get(), more])?;
    Ok(true)
}

/// Those of the comments that a user likes.
pub(in crate::forum) fn liked_comments(
    db: &mut Connection,
    user: UserId,
    ids: &[CommentId],
) -> Result<HashSet<CommentId>, Error> {
    let sql = format!(
        "SELECT comment_id FROM comment_likes WHERE user_id = $1 AND comment_id IN ({})",
        set(db, 2)
    );
    db.query(&sql, params![user.get(), json(ids)?])?
        .iter()
        .map(|row| Ok(CommentId(row.get(0)?)))
        .collect()
}

/// So many more comments of an article can be read.
pub(in crate::forum) fn count_comments(
    db: &mut Connection,
    id: ArticleId,
    more: i64,
) -> Result<(), Error> {
    let sql = "UPDATE articles SET comments = comments + $2 WHERE id = $1";
    db.execute(sql, params![id.get(), more])?;
    Ok(())
}

/// Somebody commented on it just now.
pub(in crate::forum) fn touch(
    db: &mut Connection,
    id: ArticleId,
    now: Timestamp,
) -> Result<(), Error> {
    for sql in [
        "UPDATE articles SET active_at = $2 WHERE id = $1",
        "UPDATE article_tags SET active_at = $2 WHERE article_id = $1",
    ] {
        db.execute(sql, params![id.get(), now.millis()])?;
    }
    Ok(())
}

/// More people read articles.
pub(in crate::forum) fn count_views(
    db: &mut Connection,
    views: &[(ArticleId, i64)],
) -> Result<(), Error> {
    for (id, more) in views {
        let sql = "UPDATE articles SET views = views + $2 WHERE id = $1";
        db.execute(sql, params![id.get(), *more])?;
    }
    Ok(())
}
