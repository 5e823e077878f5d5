//! Asking those who are quoted from a private conversation, and their answers. Whoever takes their consent back takes
//! the article back with it: it is a draft again.

use protocol::{ArticleId, ArticleStatus, Code, Consent, ConsentRequest, NotificationKind, Quotes};

use super::{
    publish, quotes,
    rights::{self, Seen, Viewer},
    store::{self, ArticleRow},
    view,
};
use crate::{
    app::AppState,
    caller::Caller,
    notifications::{self, Told},
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// Asks everybody who was not asked yet.
///
/// # Errors
/// 404, 410; 403 for everybody but the author; 409 `conflict` for an article without quotes; 429.
pub(super) async fn ask(app: &AppState, caller: Caller, id: ArticleId) -> Answer<Quotes> {
    app.limits.account(Limit::Posting, caller.user_id)?;
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let Seen { row, .. } = rights::own(unit.db(), &caller, id)?;
            let now = unit.now();
            for (user, consent) in store::consents(unit.db(), id)? {
                if consent == Consent::Missing {
                    store::set_consent(unit.db(), id, user, Consent::Asked, now)?;
                    let told = Told::of(NotificationKind::QuoteConsentAsked, Some(caller.user_id));
                    let told = Told { article_id: Some(id), ..told };
                    notifications::notify(unit, &state.delivery, user, &told)?;
                }
            }
            let found = quotes::quotes(&state, unit.db(), Viewer::from(caller), &row)?;
            found.ok_or_else(|| {
                Refusal::new(Code::Conflict).detail("The article was not made from messages")
            })
        })
        .await
}

/// What the caller is asked to agree to.
///
/// # Errors
/// 404 for whoever was not asked.
pub(super) async fn request(
    app: &AppState,
    caller: Caller,
    id: ArticleId,
) -> Answer<ConsentRequest> {
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let (row, consent) = asked(db, &caller, id)?;
            let mut people = view::people(db, &delivery, Viewer::from(caller), &[row.author_id])?;
            let asked_by = people.remove(&row.author_id);
            Ok(ConsentRequest {
                article_title: row.title,
                asked_by: asked_by.ok_or_else(|| Refusal::new(Code::NotFound))?,
                quotes: store::quotes_of(db, id, caller.user_id)?,
                consent,
            })
        })
        .await
}

/// The caller agrees, or does not.
///
/// # Errors
/// 404 for whoever was not asked.
pub(super) async fn answer(
    app: &AppState,
    caller: Caller,
    id: ArticleId,
    given: bool,
) -> Answer<()> {
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let (row, before) = asked(unit.db(), &caller, id)?;
            let after = if given { Consent::Given } else { Consent::Refused };
            if before == after {
                return Ok(());
            }
            let now = unit.now();
            store::set_consent(unit.db(), id, caller.user_id, after, now)?;
            if !given && row.is_public() {
                let draft = ArticleRow {
                    status: ArticleStatus::Draft,
                    revision: row.revision + 1,
                    ..row.clone()
                };
                publish::store_change(unit, &row, &draft)?;
            }
            let kind = match given {
                true => NotificationKind::QuoteConsentGiven,
                false => NotificationKind::QuoteConsentRefused,
            };
            let told = Told { article_id: Some(id), ..Told::of(kind, Some(caller.user_id)) };
            notifications::notify(unit, &state.delivery, row.author_id, &told)
        })
        .await
}

/// The article, and what the caller answered, if they were asked.
fn asked(
    db: &mut database::Connection,
    caller: &Caller,
    id: ArticleId,
) -> Answer<(ArticleRow, Consent)> {
    let missing = || Refusal::new(Code::NotFound);
    let consents = store::consents(db, id)?;
    let own = consents.into_iter().find(|(user, _)| *user == caller.user_id);
    let (_, consent) =
        own.filter(|(_, consent)| *consent != Consent::Missing).ok_or_else(missing)?;
    Ok((store::article(db, id)?.ok_or_else(missing)?, consent))
}
