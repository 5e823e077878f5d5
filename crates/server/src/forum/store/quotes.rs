//! SQL over `article_quotes` and `quote_consents`.

use database::{Connection, Error, params};
use protocol::{ArticleId, Consent, ConversationId, Seq, Timestamp, UserId};

/// Whether everybody agrees who has to.
pub(in crate::forum) fn all_agree(db: &mut Connection, id: ArticleId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM quote_consents WHERE article_id = $1 AND consent <> 'given' LIMIT 1";
    Ok(db.query_optional(sql, params![id.get()])?.is_none())
}

/// A message as an article quotes it.
#[derive(Clone, Debug)]
pub(in crate::forum) struct QuoteRow {
    pub(in crate::forum) user_id: UserId,
    pub(in crate::forum) conversation_id: ConversationId,
    pub(in crate::forum) seq: Seq,
    pub(in crate::forum) text: String,
}

/// Keeps what an article quotes, in its order.
pub(in crate::forum) fn add_quotes(
    db: &mut Connection,
    id: ArticleId,
    rows: &[QuoteRow],
) -> Result<(), Error> {
    for (n, row) in (0_i64..).zip(rows) {
        db.execute(
            "INSERT INTO article_quotes (article_id, n, user_id, conversation_id, seq, text)
             VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                id.get(),
                n,
                row.user_id.get(),
                row.conversation_id.get(),
                row.seq.get(),
                &row.text
            ],
        )?;
    }
    Ok(())
}

/// Who is quoted how often, in the order in which they first speak; at most 100, as there are no more quotes.
pub(in crate::forum) fn quoted(
    db: &mut Connection,
    id: ArticleId,
) -> Result<Vec<(UserId, i64)>, Error> {
    db.query(
        "SELECT user_id, COUNT(*) FROM article_quotes WHERE article_id = $1
         GROUP BY user_id ORDER BY MIN(n)",
        params![id.get()],
    )?
    .iter()
    .map(|row| Ok((UserId(row.get(0)?), row.get(1)?)))
    .collect()
}

/// What somebody said, as it is quoted.
pub(in crate::forum) fn quotes_of(
    db: &mut Connection,
    id: ArticleId,
    user: UserId,
) -> Result<Vec<String>, Error> {
    let sql = "SELECT text FROM article_quotes WHERE article_id = $1 AND user_id = $2 ORDER BY n";
    db.query(sql, params![id.get(), user.get()])?.iter().map(|row| row.get(0)).collect()
}

/// Somebody who has to agree.
pub(in crate::forum) fn add_consent(
    db: &mut Connection,
    id: ArticleId,
    user: UserId,
) -> Result<(), Error> {
    db.execute(
        "INSERT INTO quote_consents (article_id, user_id, consent) VALUES ($1, $2, 'missing')",
        params![id.get(), user.get()],
    )?;
    Ok(())
}

/// Everybody who has to agree, and where they stand.
pub(in crate::forum) fn consents(
    db: &mut Connection,
    id: ArticleId,
) -> Result<Vec<(UserId, Consent)>, Error> {
    db.query(
        "SELECT user_id, consent FROM quote_consents WHERE article_id = $1 ORDER BY user_id",
        params![id.get()],
    )?
    .iter()
    .map(|row| {
        let consent = match row.text(1)? {
            "asked" => Consent::Asked,
            "given" => Consent::Given,
            "refused" => Consent::Refused,
            _ => Consent::Missing,
        };
        Ok((UserId(row.get(0)?), consent))
    })
    .collect()
}

/// Whoever agreed has to be asked again.
pub(in crate::forum) fn forget_consents(db: &mut Connection, id: ArticleId) -> Result<(), Error> {
    let sql = "UPDATE quote_consents SET consent = 'missing', answered_at = NULL
               WHERE article_id = $1 AND consent = 'given'";
    db.execute(sql, params![id.get()]).map(drop)
}

pub(in crate::forum) fn set_consent(
    db: &mut Connection,
    id: ArticleId,
    user: UserId,
    consent: Consent,
    now: Timestamp,
) -> Result<(), Error> {
    let (word, when) = match consent {
        Consent::Given => ("given", "answered_at"),
        Consent::Refused => ("refused", "answered_at"),
        Consent::Asked => ("asked", "asked_at"),
        Consent::Missing | Consent::NotNeeded => return Ok(()),
    };
    let sql = format!(
        "UPDATE quote_consents SET consent = $3, {when} = $4 WHERE article_id = $1 AND user_id = $2"
    );
    db.execute(&sql, params![id.get(), user.get(), word, now.millis()])?;
    Ok(())
}
