//! Liking articles and comments, and liking them no longer. Twice is once.

use protocol::{ArticleId, Code, CommentId, CommentStatus, NotificationKind};

use super::{
    comments,
    rights::{self, Viewer},
    store,
};
use crate::{
    app::AppState,
    caller::Caller,
    notifications::{self, Told},
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// The caller likes an article, or no longer.
///
/// # Errors
/// 404, 410; 403 where it is not published; 429.
pub(super) async fn article(
    app: &AppState,
    caller: Caller,
    id: ArticleId,
    likes: bool,
) -> Answer<()> {
    app.limits.account(Limit::Posting, caller.user_id)?;
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let row = rights::readable(unit.db(), Viewer::from(caller), id)?.row;
            if likes && !row.is_public() {
                return Err(Refusal::new(Code::Forbidden).detail("The article is not published"));
            }
            if !store::like_article(unit.db(), id, caller.user_id, likes)? || !likes {
                return Ok(());
            }
            let told = Told::of(NotificationKind::ArticleLiked, Some(caller.user_id));
            let told = Told { article_id: Some(id), ..told };
            notifications::notify(unit, &state.delivery, row.author_id, &told)
        })
        .await
}

/// The caller likes a comment, or no longer.
///
/// # Errors
/// 404, 410; 403 where it is not to be read any more; 429.
pub(super) async fn comment(
    app: &AppState,
    caller: Caller,
    id: CommentId,
    likes: bool,
) -> Answer<()> {
    app.limits.account(Limit::Posting, caller.user_id)?;
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let (row, seen) = comments::find(unit.db(), Viewer::from(caller), id)?;
            if likes && !(seen.row.is_public() && row.status == CommentStatus::Visible) {
                let detail = "The comment is not to be read any more";
                return Err(Refusal::new(Code::Forbidden).detail(detail));
            }
            if !store::like_comment(unit.db(), id, caller.user_id, likes)? || !likes {
                return Ok(());
            }
            let told = Told::of(NotificationKind::CommentLiked, Some(caller.user_id));
            let told = Told { article_id: Some(row.article_id), comment_id: Some(id), ..told };
            notifications::notify(unit, &state.delivery, row.author_id, &told)
        })
        .await
}
