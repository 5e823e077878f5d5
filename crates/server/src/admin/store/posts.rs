//! Articles and comments of the whole forum, for those who moderate it. Drafts are nobody's but their author's.

use database::{Connection, Error, Row, Value, params};
use protocol::{ArticleId, ArticleStatus, CategoryId, CommentId, CommentStatus, Timestamp, UserId};
use serde::Serialize;

/// Characters of a comment that are shown.
const EXCERPT: i64 = 500;

/// Which posts; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub(in crate::admin) struct Posts {
    /// A part of the title, or of a comment's text.
    pub(in crate::admin) words: Option<String>,
    pub(in crate::admin) author: Option<UserId>,
    /// Only those that a moderator, their author or the word list keeps from others.
    pub(in crate::admin) hidden: bool,
    /// Older than this one.
    pub(in crate::admin) before: Option<i64>,
}

impl Posts {
    /// The conditions that articles and comments share, over `p`; `$1` is the limit.
    fn conditions(&self, text: &str, values: &mut Vec<Value>) -> String {
        let mut given = |value: Value| {
            values.push(value);
            format!("${}", values.len())
        };
        let mut conditions =
            vec![format!("p.id < {}", given(self.before.unwrap_or(i64::MAX).into()))];
        if let Some(words) = &self.words {
            let escaped = words.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
            conditions
                .push(format!(r"{text} LIKE {} ESCAPE '\'", given(format!("%{escaped}%").into())));
        }
        if let Some(author) = self.author {
            conditions.push(format!("p.author_id = {}", given(author.get().into())));
        }
        if self.hidden {
            conditions.push("p.status = 'hidden'".to_owned());
        }
        conditions.join(" AND ")
    }
}

/// An article in the list.
#[derive(Clone, Debug)]
pub(in crate::admin) struct ArticleRow {
    pub(in crate::admin) id: ArticleId,
    pub(in crate::admin) category_id: CategoryId,
    pub(in crate::admin) author_id: UserId,
    pub(in crate::admin) status: ArticleStatus,
    pub(in crate::admin) title: String,
    pub(in crate::admin) created_at: Timestamp,
    pub(in crate::admin) published_at: Option<Timestamp>,
    pub(in crate::admin) views: i64,
    pub(in crate::admin) comments: i64,
    pub(in crate::admin) likes: i64,
}

/// Articles, the newest first.
pub(in crate::admin) fn articles(
    db: &mut Connection,
    posts: &Posts,
    limit: i64,
) -> Result<Vec<ArticleRow>, Error> {
    let mut values = vec![Value::from(limit)];
    let conditions = posts.conditions("p.title", &mut values);
    let sql = format!(
        "SELECT p.id, p.category_id, p.author_id, p.status, p.title, p.created_at, p.published_at,
                p.views, p.comments, p.likes
         FROM articles p WHERE p.status <> 'draft' AND {conditions} ORDER BY p.id DESC LIMIT $1"
    );
    let article = |row: &Row| {
        Ok(ArticleRow {
            id: ArticleId(row.get(0)?),
            category_id: CategoryId(row.get(1)?),
            author_id: UserId(row.get(2)?),
            status: match row.text(3)? {
                "hidden" => ArticleStatus::Hidden,
                _ => ArticleStatus::Published,
            },
            title: row.get(4)?,
            created_at: Timestamp(row.get(5)?),
            published_at: row.get::<Option<i64>>(6)?.map(Timestamp),
            views: row.get(7)?,
            comments: row.get(8)?,
            likes: row.get(9)?,
        })
    };
    db.query(&sql, &values)?.iter().map(article).collect()
}

/// A comment in the list.
#[derive(Clone, Debug)]
pub(in crate::admin) struct CommentRow {
    pub(in crate::admin) id: CommentId,
    pub(in crate::admin) article_id: ArticleId,
    pub(in crate::admin) author_id: UserId,
    pub(in crate::admin) status: CommentStatus,
    pub(in crate::admin) text: String,
    pub(in crate::admin) likes: i64,
    pub(in crate::admin) created_at: Timestamp,
}

/// Comments that are there, the newest first.
pub(in crate::admin) fn comments(
    db: &mut Connection,
    posts: &Posts,
    limit: i64,
) -> Result<Vec<CommentRow>, Error> {
    let mut values = vec![Value::from(limit)];
    let conditions = posts.conditions("p.text", &mut values);
    values.push(EXCERPT.into());
    let excerpt = values.len();
    let sql = format!(
        "SELECT p.id, p.article_id, p.author_id, p.status, SUBSTR(p.text, 1, CAST(${excerpt} AS INTEGER)),
                p.likes, p.created_at
         FROM comments p JOIN articles a ON a.id = p.article_id
         WHERE p.status <> 'deleted' AND a.status <> 'draft' AND {conditions}
         ORDER BY p.id DESC LIMIT $1"
    );
    let comment = |row: &Row| {
        Ok(CommentRow {
            id: CommentId(row.get(0)?),
            article_id: ArticleId(row.get(1)?),
            author_id: UserId(row.get(2)?),
            status: match row.text(3)? {
                "hidden" => CommentStatus::Hidden,
                _ => CommentStatus::Visible,
            },
            text: row.get(4)?,
            likes: row.get(5)?,
            created_at: Timestamp(row.get(6)?),
        })
    };
    db.query(&sql, &values)?.iter().map(comment).collect()
}

/// Something that somebody wrote in the forum, for handing it out to them.
#[derive(Clone, Debug, Serialize)]
pub(in crate::admin) struct OwnPost {
    pub(in crate::admin) id: i64,
    /// Of an article.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Of a comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    article_id: Option<i64>,
    status: String,
    created_at: Timestamp,
    text: String,
}

/// Somebody's articles after a number, drafts too.
pub(in crate::admin) fn own_articles(
    db: &mut Connection,
    author: UserId,
    after: i64,
    limit: i64,
) -> Result<Vec<OwnPost>, Error> {
    let rows = db.query(
        "SELECT a.id, a.title, a.status, a.created_at, t.text
         FROM articles a JOIN article_texts t ON t.article_id = a.id
         WHERE a.author_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3",
        params![author.get(), after, limit],
    )?;
    let post = |row: &Row| {
        Ok(OwnPost {
            id: row.get(0)?,
            title: row.get(1)?,
            article_id: None,
            status: row.get(2)?,
            created_at: Timestamp(row.get(3)?),
            text: row.get(4)?,
        })
    };
    rows.iter().map(post).collect()
}

/// Somebody's comments after a number.
pub(in crate::admin) fn own_comments(
    db: &mut Connection,
    author: UserId,
    after: i64,
    limit: i64,
) -> Result<Vec<OwnPost>, Error> {
    let rows = db.query(
        "SELECT id, article_id, status, created_at, text FROM comments
         WHERE author_id = $1 AND id > $2 AND status <> 'deleted' ORDER BY id LIMIT $3",
        params![author.get(), after, limit],
    )?;
    let post = |row: &Row| {
        Ok(OwnPost {
            id: row.get(0)?,
            title: None,
            article_id: row.get(1)?,
            status: row.get(2)?,
            created_at: Timestamp(row.get(3)?),
            text: row.get(4)?,
        })
    };
    rows.iter().map(post).collect()
}
