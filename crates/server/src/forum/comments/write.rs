//! Commenting on an article, or answering a comment.

use delivery::Unit;
use protocol::{
    ArticleId, Code, Comment, CommentId, CommentStatus, MAX_COMMENT_CHARS, MAX_COMMENT_DEPTH,
    NotificationKind, UserId,
};
use sha2::{Digest as _, Sha256};

use super::{path, view};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    forum::{
        content,
        render::{self, Rendered},
        rights::{self, Seen, Viewer},
        store::{self, ArticleRow, CommentRow, NewComment},
        welcome,
    },
    notifications::{self, Told},
    problem::{Answer, Refusal},
    rate_limit::Limit,
    text,
};

/// What somebody wants to say.
#[derive(Clone, Debug)]
pub(in crate::forum) struct Written {
    pub(in crate::forum) text: String,
    pub(in crate::forum) parent_id: Option<CommentId>,
    pub(in crate::forum) client_id: Option<String>,
}

/// Comments on an article. The second answer says whether this request did; `false` for a retry.
///
/// # Errors
/// 404, 410 as of the article; 403 where it is not published; 422 `parent_id` for what is no comment there that can be
/// answered; 409 `client_id_reused`; 429.
pub(in crate::forum) async fn write(
    app: &AppState,
    caller: Caller,
    article: ArticleId,
    written: Written,
) -> Answer<(Comment, bool)> {
    content::client_id(written.client_id.as_deref())?;
    let text = text::speech("text", &written.text, 1, MAX_COMMENT_CHARS)?;
    app.limits.account(Limit::Posting, caller.user_id)?;
    let mut written = Written { text, ..written };
    let digest = digest(article, &written);
    let held = welcome::judge(app, &mut written.text, MAX_COMMENT_CHARS)?;
    let rendered = render::comment(app, &written.text).await?;
    let ready = Ready { written, rendered, digest, held };
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let viewer = Viewer::from(caller);
            let seen = rights::readable(unit.db(), viewer, article)?;
            let (row, fresh) = write_in(&state, unit, caller.user_id, &seen, ready)?;
            let comment = view::comment(unit.db(), &state.delivery, viewer, &seen, row)?;
            Ok((comment, fresh))
        })
        .await
}

/// What is to be stored.
struct Ready {
    written: Written,
    rendered: Rendered,
    /// Of what was sent.
    digest: Vec<u8>,
    /// The list of words holds it back.
    held: bool,
}

fn write_in(
    app: &App,
    unit: &mut Unit<'_>,
    author: UserId,
    seen: &Seen,
    ready: Ready,
) -> Answer<(CommentRow, bool)> {
    let Ready { written, rendered, digest, held } = ready;
    let article = seen.row.id;
    if let Some(client_id) = &written.client_id
        && let Some((row, before)) = store::known_comment(unit.db(), author, client_id)?
    {
        return if before == digest { Ok((row, false)) } else { Err(Code::ClientIdReused.into()) };
    }
    if !seen.row.is_public() {
        return Err(Refusal::new(Code::Forbidden).detail("The article is not published"));
    }
    welcome::count(app, unit, author)?;
    let answered = match written.parent_id {
        Some(parent) => Some(answerable(unit, article, parent)?),
        None => None,
    };
    let id = CommentId(accounts::next_number(unit.db(), "comment")?);
    let parent = match &answered {
        // The deepest is answered beside it.
        Some(row) if row.depth >= MAX_COMMENT_DEPTH => match row.parent_id {
            Some(above) => store::comment(unit.db(), above)?,
            None => None,
        },
        other => other.clone(),
    };
    let now = unit.now();
    let row = CommentRow {
        id,
        article_id: article,
        parent_id: parent.as_ref().map(|parent| parent.id),
        root_id: parent.as_ref().map_or(id, |parent| parent.root_id),
        depth: parent.as_ref().map_or(0, |parent| parent.depth + 1),
        path: path::below(parent.as_ref().map_or("", |parent| &parent.path), id),
        author_id: author,
        status: if held { CommentStatus::Hidden } else { CommentStatus::Visible },
        likes: 0,
        answers: 0,
        created_at: now,
        modified_at: None,
        text: written.text,
        html: rendered.html,
    };
    let client_id = written.client_id.as_deref();
    store::insert_comment(unit.db(), &NewComment { row: &row, client_id, digest: &digest })?;
    if held {
        welcome::hold_comment(unit, id, author, &seen.row)?;
        return Ok((row, true));
    }
    store::count_comments(unit.db(), article, 1)?;
    store::touch(unit.db(), article, now)?;
    store::add_change(unit.db(), "comment", id.get())?;
    let answered = answered.map(|other| other.author_id);
    tell(app, unit, seen.row.author_id, answered, &row, &rendered.mentioned)?;
    Ok((row, true))
}

/// The comment of this article, if it can be answered.
fn answerable(unit: &mut Unit<'_>, article: ArticleId, id: CommentId) -> Answer<CommentRow> {
    let found = store::comment(unit.db(), id)?;
    let found = found.filter(|row| row.article_id == article);
    let found = found.filter(|row| row.status == CommentStatus::Visible);
    found.ok_or_else(|| Refusal::invalid("parent_id", "is no comment that can be answered here"))
}

fn digest(article: ArticleId, written: &Written) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(article.get().to_be_bytes());
    hash.update(written.parent_id.map_or(0, CommentId::get).to_be_bytes());
    hash.update(written.text.as_bytes());
    hash.finalize().to_vec()
}

/// What follows when a comment that was held back is seen for the first time: the same as if it had been said now, but for
/// the count.
///
/// # Errors
/// Those of the database.
pub(in crate::forum) fn appears(app: &App, unit: &mut Unit<'_>, row: &CommentRow) -> Answer<()> {
    let article = store::article(unit.db(), row.article_id)?;
    let Some(article) = article.filter(ArticleRow::is_public) else { return Ok(()) };
    let now = unit.now();
    store::touch(unit.db(), article.id, now)?;
    let answered = match row.parent_id {
        Some(parent) => store::comment(unit.db(), parent)?.map(|other| other.author_id),
        None => None,
    };
    let mentioned = render::mentioned(unit.db(), &row.text)?;
    tell(app, unit, article.author_id, answered, row, &mentioned)
}

/// Tells the one who is answered, the article's author and those who are mentioned: each once.
fn tell(
    app: &App,
    unit: &mut Unit<'_>,
    author: UserId,
    answered: Option<UserId>,
    row: &CommentRow,
    mentioned: &[UserId],
) -> Answer<()> {
    let mut told: Vec<UserId> = Vec::new();
    let answered = answered.map(|other| (other, NotificationKind::CommentAnswered));
    let author = (author, NotificationKind::ArticleCommented);
    let mentioned = mentioned.iter().map(|user| (*user, NotificationKind::CommentMentioned));
    for (reader, kind) in answered.into_iter().chain([author]).chain(mentioned) {
        if !told.contains(&reader) {
            told.push(reader);
            tell_of(app, unit, reader, kind, row)?;
        }
    }
    Ok(())
}

/// Tells somebody of a comment.
///
/// # Errors
/// Those of the database.
pub(super) fn tell_of(
    app: &App,
    unit: &mut Unit<'_>,
    reader: UserId,
    kind: NotificationKind,
    row: &CommentRow,
) -> Answer<()> {
    let told = Told::of(kind, Some(row.author_id));
    let told = Told { article_id: Some(row.article_id), comment_id: Some(row.id), ..told };
    notifications::notify(unit, &app.delivery, reader, &told)
}
