//! SQL over `article_images`, and what they do to `uploads`.

use std::collections::HashMap;

use database::{Connection, Engine, Error, Value, params};
use protocol::{ArticleId, UserId};

use super::attachments::json;
use super::uploads::{COLUMNS, Stored, stored};
use crate::uploads::article::Picture;

fn set(db: &Connection, n: usize) -> String {
    match db.engine() {
        Engine::Sqlite => format!("SELECT value FROM json_each(${n})"),
        Engine::Postgres => {
            format!(
                "SELECT value FROM json_array_elements_text(CAST(${n} AS json)) AS rows (value)"
            )
        }
    }
}

fn read(
    db: &mut Connection,
    rest: &str,
    values: &[Value],
) -> Result<HashMap<String, Picture>, Error> {
    let sql = format!(
        "SELECT u.id, u.width, u.height, CASE WHEN u.preview IS NULL THEN 0 ELSE 1 END
         FROM uploads u WHERE u.object IS NOT NULL AND u.kind = 'image' AND {rest}"
    );
    let picture = |row: &database::Row| {
        let picture = Picture { width: row.get(1)?, height: row.get(2)?, has_preview: row.get(3)? };
        Ok((row.get(0)?, picture))
    };
    db.query(&sql, values)?.iter().map(picture).collect()
}

pub(in crate::uploads) fn pictures(
    db: &mut Connection,
    ids: &[&str],
) -> Result<HashMap<String, Picture>, Error> {
    let rest = format!("u.id IN ({})", set(db, 1));
    read(db, &rest, params![json(ids)?])
}

/// What was let go of and is not collected yet may be shown again.
pub(in crate::uploads) fn pictures_for(
    db: &mut Connection,
    author: UserId,
    article: Option<ArticleId>,
    ids: &[&str],
) -> Result<HashMap<String, Picture>, Error> {
    let rest = format!(
        "u.user_id = $2 AND u.id IN ({})
         AND (u.attached = 0 OR u.expires_at IS NOT NULL
              OR EXISTS (SELECT 1 FROM article_images i WHERE i.article_id = $3 AND i.upload_id = u.id))",
        set(db, 1)
    );
    let article = article.map_or(0, ArticleId::get);
    read(db, &rest, params![json(ids)?, author.get(), article])
}

/// The ids of all pictures of an article.
pub(in crate::uploads) fn pictures_of(
    db: &mut Connection,
    article: ArticleId,
) -> Result<Vec<String>, Error> {
    db.query("SELECT upload_id FROM article_images WHERE article_id = $1", params![article.get()])?
        .iter()
        .map(|row| row.get(0))
        .collect()
}

pub(in crate::uploads) fn keep_pictures(
    db: &mut Connection,
    article: ArticleId,
    ids: &[String],
) -> Result<(), Error> {
    let set = set(db, 1);
    let ids = json(ids)?;
    db.execute(
        &format!(
            "INSERT INTO article_images (article_id, upload_id)
             SELECT $2, u.id FROM uploads u WHERE u.id IN ({set})"
        ),
        params![ids.as_str(), article.get()],
    )?;
    db.execute(
        &format!("UPDATE uploads SET attached = 1, expires_at = NULL WHERE id IN ({set})"),
        params![ids],
    )?;
    Ok(())
}

pub(in crate::uploads) fn drop_pictures(
    db: &mut Connection,
    article: ArticleId,
    ids: &[String],
) -> Result<(), Error> {
    let set = set(db, 2);
    db.execute(
        &format!("DELETE FROM article_images WHERE article_id = $1 AND upload_id IN ({set})"),
        params![article.get(), json(ids)?],
    )?;
    Ok(())
}

pub(in crate::uploads) fn picture_in(
    db: &mut Connection,
    article: ArticleId,
    id: &str,
) -> Result<Option<Stored>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM article_images i JOIN uploads u ON u.id = i.upload_id
         WHERE i.article_id = $1 AND i.upload_id = $2"
    );
    let row = db.query_optional(&sql, params![article.get(), id])?;
    row.map(|row| stored(&row, 0)).transpose()
}
