//! Articles and comments: those that the index has to look at, and what may be found of them.

use database::{Connection, Engine, Error, params};

use super::json;

/// Articles are above this number in the index, and comments above the other: above every message (see `offers.rs`).
const ARTICLES: i64 = 1 << 56;
const COMMENTS: i64 = ARTICLES + (1 << 55);

/// An article, or a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::search) enum PostKind {
    Article,
    Comment,
}

impl PostKind {
    /// The documents of this kind: above the first, below the second.
    pub(in crate::search) fn documents(self) -> (i64, i64) {
        match self {
            Self::Article => (ARTICLES, COMMENTS),
            Self::Comment => (COMMENTS, COMMENTS + (1 << 55)),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Comment => "comment",
        }
    }
}

/// What is looked through for words.
#[derive(Clone, Debug)]
pub(in crate::search) struct PostText {
    /// Of the article or comment.
    pub(in crate::search) id: i64,
    /// Of an article alone.
    pub(in crate::search) title: String,
    /// Of an article alone.
    pub(in crate::search) summary: String,
    pub(in crate::search) text: String,
}

/// Those of `ids` that everybody can read, the newest first.
pub(in crate::search) fn public_posts(
    db: &mut Connection,
    kind: PostKind,
    ids: &[i64],
) -> Result<Vec<PostText>, Error> {
    let set = match db.engine() {
        Engine::Sqlite => "SELECT value FROM json_each($1)",
        Engine::Postgres => {
            "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($1 AS json))"
        }
    };
    let sql = match kind {
        PostKind::Article => format!(
            "SELECT a.id, a.title, a.summary, t.text FROM articles a
             JOIN article_texts t ON t.article_id = a.id
             WHERE a.status = 'published' AND a.id IN ({set}) ORDER BY a.id DESC"
        ),
        PostKind::Comment => format!(
            "SELECT c.id, '', '', c.text FROM comments c JOIN articles a ON a.id = c.article_id
             WHERE c.status = 'visible' AND a.status = 'published' AND c.id IN ({set})
             ORDER BY c.id DESC"
        ),
    };
    db.query(&sql, params![json(ids)?])?
        .iter()
        .map(|row| {
            Ok(PostText {
                id: row.get(0)?,
                title: row.get(1)?,
                summary: row.get(2)?,
                text: row.get(3)?,
            })
        })
        .collect()
}

/// The number of the newest one, 0 before there is one.
pub(in crate::search) fn newest_post(db: &mut Connection, kind: PostKind) -> Result<i64, Error> {
    let sql = match kind {
        PostKind::Article => "SELECT COALESCE(MAX(id), 0) FROM articles",
        PostKind::Comment => "SELECT COALESCE(MAX(id), 0) FROM comments",
    };
    db.query_one(sql, params![])?.get(0)
}

/// Those that the index has to look at, the newest below `before` first, at most `limit`.
pub(in crate::search) fn changed_posts(
    db: &mut Connection,
    kind: PostKind,
    before: i64,
    limit: i64,
) -> Result<Vec<i64>, Error> {
    db.query(
        "SELECT id FROM post_changes WHERE kind = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        params![kind.word(), before, limit],
    )?
    .iter()
    .map(|row| row.get(0))
    .collect()
}

/// The index knows it as it is.
pub(in crate::search) fn settle_post(
    db: &mut Connection,
    kind: PostKind,
    id: i64,
) -> Result<(), Error> {
    let sql = "DELETE FROM post_changes WHERE kind = $1 AND id = $2";
    db.execute(sql, params![kind.word(), id])?;
    Ok(())
}

/// Has the index look at everything again.
pub(in crate::search) fn change_all_posts(db: &mut Connection) -> Result<(), Error> {
    for sql in [
        "INSERT INTO post_changes (kind, id) SELECT 'article', id FROM articles
         WHERE status = 'published' ON CONFLICT (kind, id) DO NOTHING",
        "INSERT INTO post_changes (kind, id) SELECT 'comment', id FROM comments
         WHERE status = 'visible' ON CONFLICT (kind, id) DO NOTHING",
    ] {
        db.execute(sql, params![])?;
    }
    Ok(())
}
