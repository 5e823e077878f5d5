//! SQL over `article_quotes` and `quote_consents`.

use database::{Connection, Error, params};
use protocol::ArticleId;

/// Whether everybody agrees who has to.
pub(in crate::forum) fn all_agree(db: &mut Connection, id: ArticleId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM quote_consents WHERE article_id = $1 AND consent <> 'given' LIMIT 1";
    Ok(db.query_optional(sql, params![id.get()])?.is_none())
}
