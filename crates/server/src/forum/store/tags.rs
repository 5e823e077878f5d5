//! SQL over `article_tags` and `tag_counts`: tags of what everybody can read.

use database::{Connection, Error, params};
use protocol::{CategoryId, Tag};

use super::articles::ArticleRow;

/// Puts a published article under its tags, with what lists sort by.
pub(in crate::forum) fn put_tags(db: &mut Connection, row: &ArticleRow) -> Result<(), Error> {
    for tag in &row.tags {
        db.execute(
            "INSERT INTO article_tags (tag, article_id, category_id, author_id, rank,
                                       published_at, active_at, likes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                tag,
                row.id.get(),
                row.category_id.get(),
                row.author_id.get(),
                row.rank(),
                row.published_at.map_or(0, protocol::Timestamp::millis),
                row.active_at.millis(),
                row.likes
            ],
        )?;
    }
    Ok(())
}

/// Takes an article from under its tags.
pub(in crate::forum) fn drop_tags(db: &mut Connection, row: &ArticleRow) -> Result<(), Error> {
    db.execute("DELETE FROM article_tags WHERE article_id = $1", params![row.id.get()])?;
    Ok(())
}

/// So many more articles of a category have these tags.
pub(in crate::forum) fn count_tags(
    db: &mut Connection,
    category: CategoryId,
    tags: &[String],
    more: i64,
) -> Result<(), Error> {
    for tag in tags {
        for place in [0, category.get()] {
            db.execute(
                "INSERT INTO tag_counts (category_id, tag, articles) VALUES ($1, $2, $3)
                 ON CONFLICT (category_id, tag)
                 DO UPDATE SET articles = tag_counts.articles + excluded.articles",
                params![place, tag, more],
            )?;
            if more < 0 {
                db.execute(
                    "DELETE FROM tag_counts WHERE category_id = $1 AND tag = $2 AND articles <= 0",
                    params![place, tag],
                )?;
            }
        }
    }
    Ok(())
}

/// The most used tags, of a category or of all, at most `limit`.
pub(in crate::forum) fn tags(
    db: &mut Connection,
    category: Option<CategoryId>,
    limit: i64,
) -> Result<Vec<Tag>, Error> {
    db.query(
        "SELECT tag, articles FROM tag_counts WHERE category_id = $1
         ORDER BY articles DESC, tag DESC LIMIT $2",
        params![category.map_or(0, CategoryId::get), limit],
    )?
    .iter()
    .map(|row| Ok(Tag { name: row.get(0)?, articles: row.get(1)? }))
    .collect()
}
