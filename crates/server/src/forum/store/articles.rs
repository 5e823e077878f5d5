//! SQL over `articles` and `article_texts`.

use std::collections::HashSet;

use database::{Connection, Error, Row, Value, params};
use protocol::{ArticleId, ArticleStatus, CategoryId, Timestamp, UserId};

use super::{json, set};

/// What [`article_at`] reads, of `articles AS a`.
pub(super) const COLUMNS: &str = "a.id, a.category_id, a.author_id, a.status, a.hidden_by, a.title, a.summary, \
     a.head_image_id, a.tags, a.pinned, a.priority, a.revision, a.edits, a.comments, a.likes, \
     a.views, a.quotes, a.created_at, a.published_at, a.modified_at, a.active_at";

/// An article as it is kept, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::forum) struct ArticleRow {
    pub(in crate::forum) id: ArticleId,
    pub(in crate::forum) category_id: CategoryId,
    pub(in crate::forum) author_id: UserId,
    pub(in crate::forum) status: ArticleStatus,
    /// The moderator who hid it; then its author cannot publish it.
    pub(in crate::forum) hidden_by: Option<UserId>,
    pub(in crate::forum) title: String,
    pub(in crate::forum) summary: String,
    pub(in crate::forum) head_image_id: Option<String>,
    pub(in crate::forum) tags: Vec<String>,
    pub(in crate::forum) pinned: bool,
    pub(in crate::forum) priority: i64,
    pub(in crate::forum) revision: i64,
    /// How many former versions there ever were.
    pub(in crate::forum) edits: i64,
    pub(in crate::forum) comments: i64,
    pub(in crate::forum) likes: i64,
    pub(in crate::forum) views: i64,
    /// 1 where it was made from messages, 2 where those were private.
    pub(in crate::forum) quotes: i64,
    pub(in crate::forum) created_at: Timestamp,
    pub(in crate::forum) published_at: Option<Timestamp>,
    pub(in crate::forum) modified_at: Option<Timestamp>,
    pub(in crate::forum) active_at: Timestamp,
}

impl ArticleRow {
    /// What every list sorts by first.
    pub(in crate::forum) fn rank(&self) -> i64 {
        i64::from(self.pinned) * 1_000 + self.priority
    }

    /// Whether everybody can read it.
    pub(in crate::forum) fn is_public(&self) -> bool {
        self.status == ArticleStatus::Published
    }
}

/// The text of an article, and what was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::forum) struct Texts {
    pub(in crate::forum) text: String,
    pub(in crate::forum) html: String,
}

fn status_text(status: ArticleStatus) -> &'static str {
    match status {
        ArticleStatus::Draft => "draft",
        ArticleStatus::Published => "published",
        ArticleStatus::Hidden => "hidden",
    }
}

/// The article whose [`COLUMNS`] begin at column 0.
pub(super) fn article_at(row: &Row) -> Result<ArticleRow, Error> {
    let time = |column| Ok::<_, Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
    Ok(ArticleRow {
        id: ArticleId(row.get(0)?),
        category_id: CategoryId(row.get(1)?),
        author_id: UserId(row.get(2)?),
        status: match row.text(3)? {
            "published" => ArticleStatus::Published,
            "hidden" => ArticleStatus::Hidden,
            _ => ArticleStatus::Draft,
        },
        hidden_by: row.get::<Option<i64>>(4)?.map(UserId),
        title: row.get(5)?,
        summary: row.get(6)?,
        head_image_id: row.get(7)?,
        tags: row.text(8)?.lines().map(str::to_owned).collect(),
        pinned: row.get(9)?,
        priority: row.get(10)?,
        revision: row.get(11)?,
        edits: row.get(12)?,
        comments: row.get(13)?,
        likes: row.get(14)?,
        views: row.get(15)?,
        quotes: row.get(16)?,
        created_at: Timestamp(row.get(17)?),
        published_at: time(18)?,
        modified_at: time(19)?,
        active_at: Timestamp(row.get(20)?),
    })
}

fn rows(db: &mut Connection, rest: &str, values: &[Value]) -> Result<Vec<ArticleRow>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM articles a {rest}");
    db.query(&sql, values)?.iter().map(article_at).collect()
}

/// An article, whoever may read it.
pub(in crate::forum) fn article(
    db: &mut Connection,
    id: ArticleId,
) -> Result<Option<ArticleRow>, Error> {
    Ok(rows(db, "WHERE a.id = $1", params![id.get()])?.pop())
}

/// Those of some articles that everybody can read.
pub(in crate::forum) fn public_articles(
    db: &mut Connection,
    ids: &[ArticleId],
) -> Result<Vec<ArticleRow>, Error> {
    let rest = format!("WHERE a.status = 'published' AND a.id IN ({})", set(db, 1));
    rows(db, &rest, params![json(ids)?])
}

/// Whether an article that is gone could be read by everybody.
pub(in crate::forum) fn was_public(db: &mut Connection, id: ArticleId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM removed_articles WHERE article_id = $1 AND was_published = 1";
    Ok(db.query_optional(sql, params![id.get()])?.is_some())
}

/// An article that is to be stored: its row, its texts, and the key of the request.
pub(in crate::forum) struct NewArticle<'a> {
    pub(in crate::forum) row: &'a ArticleRow,
    pub(in crate::forum) texts: &'a Texts,
    pub(in crate::forum) client_id: Option<&'a str>,
    pub(in crate::forum) digest: &'a [u8],
}

pub(in crate::forum) fn insert(db: &mut Connection, new: &NewArticle<'_>) -> Result<(), Error> {
    let NewArticle { row, texts, client_id, digest } = new;
    db.execute(
        "INSERT INTO articles (id, category_id, author_id, status, title, summary, tags, quotes,
                               created_at, active_at, client_id, digest)
         VALUES ($1, $2, $3, 'draft', $4, $5, '', $6, $7, $8, $9, $10)",
        params![
            row.id.get(),
            row.category_id.get(),
            row.author_id.get(),
            &row.title,
            &row.summary,
            row.quotes,
            row.created_at.millis(),
            row.active_at.millis(),
            *client_id,
            *digest
        ],
    )?;
    db.execute(
        "INSERT INTO article_texts (article_id, text, html) VALUES ($1, $2, $3)",
        params![row.id.get(), &texts.text, &texts.html],
    )?;
    update(db, row)
}

/// Stores everything of an article that can change but its counts.
pub(in crate::forum) fn update(db: &mut Connection, row: &ArticleRow) -> Result<(), Error> {
    db.execute(
        "UPDATE articles SET category_id = $2, status = $3, hidden_by = $4, title = $5,
             summary = $6, head_image_id = $7, tags = $8, pinned = $9, priority = $10, rank = $11,
             revision = $12, edits = $13, published_at = $14, modified_at = $15, active_at = $16
         WHERE id = $1",
        params![
            row.id.get(),
            row.category_id.get(),
            status_text(row.status),
            row.hidden_by.map(UserId::get),
            &row.title,
            &row.summary,
            row.head_image_id.clone(),
            row.tags.join("\n"),
            row.pinned,
            row.priority,
            row.rank(),
            row.revision,
            row.edits,
            row.published_at.map(Timestamp::millis),
            row.modified_at.map(Timestamp::millis),
            row.active_at.millis()
        ],
    )?;
    Ok(())
}

/// The article that somebody made under a key, and of what request.
pub(in crate::forum) fn known(
    db: &mut Connection,
    author: UserId,
    client_id: &str,
) -> Result<Option<(ArticleId, Vec<u8>)>, Error> {
    db.query_optional(
        "SELECT id, digest FROM articles WHERE author_id = $1 AND client_id = $2",
        params![author.get(), client_id],
    )?
    .map(|row| Ok((ArticleId(row.get(0)?), row.get(1)?)))
    .transpose()
}

pub(in crate::forum) fn texts(db: &mut Connection, id: ArticleId) -> Result<Option<Texts>, Error> {
    db.query_optional(
        "SELECT text, html FROM article_texts WHERE article_id = $1",
        params![id.get()],
    )?
    .map(|row| Ok(Texts { text: row.get(0)?, html: row.get(1)? }))
    .transpose()
}

pub(in crate::forum) fn set_texts(
    db: &mut Connection,
    id: ArticleId,
    texts: &Texts,
) -> Result<(), Error> {
    db.execute(
        "UPDATE article_texts SET text = $2, html = $3 WHERE article_id = $1",
        params![id.get(), &texts.text, &texts.html],
    )?;
    Ok(())
}

/// Forgets an article, and remembers that it was there. Its likes and comments are taken away later: nobody sees them
/// without it.
pub(in crate::forum) fn delete(
    db: &mut Connection,
    row: &ArticleRow,
    now: Timestamp,
) -> Result<(), Error> {
    let was_published = row.published_at.is_some();
    db.execute(
        "INSERT INTO removed_articles (article_id, removed_at, was_published) VALUES ($1, $2, $3)",
        params![row.id.get(), now.millis(), was_published],
    )?;
    db.execute("DELETE FROM articles WHERE id = $1", params![row.id.get()])?;
    Ok(())
}

/// Those of the articles that a user likes.
pub(in crate::forum) fn liked_among(
    db: &mut Connection,
    user: UserId,
    ids: &[ArticleId],
) -> Result<HashSet<ArticleId>, Error> {
    let sql = format!(
        "SELECT article_id FROM article_likes WHERE user_id = $1 AND article_id IN ({})",
        set(db, 2)
    );
    db.query(&sql, params![user.get(), json(ids)?])?
        .iter()
        .map(|row| Ok(ArticleId(row.get(0)?)))
        .collect()
}
