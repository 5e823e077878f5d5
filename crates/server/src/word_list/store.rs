//! SQL over `words`.

use database::{Connection, Error, params};
use protocol::{Word, WordAction};

/// All words in their order.
pub(super) fn words(db: &mut Connection) -> Result<Vec<Word>, Error> {
    let rows = db.query("SELECT pattern, action, replacement FROM words ORDER BY n", &[])?;
    let word = |row: &database::Row| {
        let action = WordAction::parse(row.text(1)?);
        let action = action.ok_or_else(|| Error::Decode("unknown action of a word".into()))?;
        Ok(Word { pattern: row.get(0)?, action, replacement: row.get(2)? })
    };
    rows.iter().map(word).collect()
}

/// Stores another list in place of the one there is.
///
/// # Errors
/// Those of the database.
pub(crate) fn replace(db: &mut Connection, words: &[Word]) -> Result<(), Error> {
    db.execute("DELETE FROM words", &[])?;
    for (n, word) in (1_i64..).zip(words) {
        db.execute(
            "INSERT INTO words (n, pattern, action, replacement) VALUES ($1, $2, $3, $4)",
            params![n, word.pattern.as_str(), word.action.as_str(), word.replacement.as_deref()],
        )?;
    }
    Ok(())
}
