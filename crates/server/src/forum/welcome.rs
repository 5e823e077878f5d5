//! Whether something may be posted: whether its author may speak on the site at all, has posted too much for a new
//! account, and what the list of words says of it. What a moderator has to look at first is kept hidden, with a case.
//! Drafts are nobody else's business, and are looked at when they are published.

use delivery::Unit;
use protocol::{
    ArticleStatus, Code, CommentId, MAX_ARTICLE_CHARS, MAX_SUMMARY_CHARS, MAX_TITLE_CHARS, Subject,
    SubjectKind, UserId,
};

use super::{
    change::Changes,
    store::{ArticleRow, Texts},
};
use crate::{
    accounts,
    app::App,
    new_accounts::Doing,
    problem::{Answer, Refusal},
    review::{self, NewCase},
    word_list::Verdict,
};

/// Who hides what the list of words holds back: nobody.
pub(super) const WORD_LIST: UserId = UserId(0);

/// What is said of a text: it is replaced where it stands; `true` when a moderator has to look at it.
///
/// # Errors
/// `words_refused`.
pub(super) fn judge(app: &App, text: &mut String, most: usize) -> Answer<bool> {
    match app.words.get().judge(text, most) {
        Verdict::Clear => Ok(false),
        Verdict::Replaced(other) => {
            *text = other;
            Ok(false)
        }
        Verdict::Hold => Ok(true),
        Verdict::Refuse => Err(Code::WordsRefused.into()),
    }
}

/// The same of an article that is to be public: all of it when it was not before, else what changes.
///
/// # Errors
/// `words_refused`.
pub(super) fn judge_changes(
    app: &App,
    (row, texts): (&ArticleRow, &Texts),
    changes: &mut Changes,
) -> Answer<bool> {
    let mut held = false;
    let fields = [
        (&mut changes.title, &row.title, MAX_TITLE_CHARS),
        (&mut changes.summary, &row.summary, MAX_SUMMARY_CHARS),
        (&mut changes.text, &texts.text, MAX_ARTICLE_CHARS),
    ];
    for (change, stored, most) in fields {
        if change.is_none() && row.is_public() {
            continue;
        }
        let mut text = change.clone().unwrap_or_else(|| stored.clone());
        held |= judge(app, &mut text, most)?;
        if change.is_some() || text != *stored {
            *change = Some(text);
        }
    }
    Ok(held)
}

/// Whether `user` may post now.
///
/// # Errors
/// `muted`.
pub(super) fn check(unit: &mut Unit<'_>, user: UserId) -> Answer<()> {
    let now = unit.now();
    accounts::check_may_speak(unit.db(), user, now)
}

/// The same, and counts one more post of a new account.
///
/// # Errors
/// `muted`, `rate_limited`.
pub(super) fn count(app: &App, unit: &mut Unit<'_>, user: UserId) -> Answer<()> {
    check(unit, user)?;
    let standing = accounts::standing(unit.db(), user)?;
    let standing = standing.ok_or_else(|| Refusal::new(Code::Unauthenticated))?;
    let whose = (user, standing.created_at);
    app.new_accounts.count(&app.site.get(), Doing::Posting, whose, unit.now())
}

/// An article as it is while a moderator has not looked at it.
pub(super) fn held_back(row: &ArticleRow) -> ArticleRow {
    ArticleRow { status: ArticleStatus::Hidden, hidden_by: Some(WORD_LIST), ..row.clone() }
}

/// Opens the case about an article that is held back.
///
/// # Errors
/// Those of the database.
pub(super) fn hold_article(unit: &mut Unit<'_>, row: &ArticleRow) -> Answer<()> {
    hold(unit, SubjectKind::Article, row.id.get(), row.author_id, row)
}

/// Opens the case about a comment that is held back.
///
/// # Errors
/// Those of the database.
pub(super) fn hold_comment(
    unit: &mut Unit<'_>,
    id: CommentId,
    author: UserId,
    article: &ArticleRow,
) -> Answer<()> {
    hold(unit, SubjectKind::Comment, id.get(), author, article)
}

/// What a case about it is about.
pub(super) fn subject(kind: SubjectKind, id: i64) -> Subject {
    Subject { kind, conversation_id: None, seq: None, id: Some(id) }
}

fn hold(
    unit: &mut Unit<'_>,
    kind: SubjectKind,
    id: i64,
    author: UserId,
    article: &ArticleRow,
) -> Answer<()> {
    let subject = subject(kind, id);
    let category = article.category_id.get();
    let case = NewCase { subject, author: Some(author), category, is_open: true };
    review::hold(unit, &case)?;
    Ok(())
}
