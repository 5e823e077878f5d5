//! What the forms on an article's page do: comment, answer, edit, delete, like.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use protocol::{ArticleId, Code, CommentId, CommentSort};
use serde::Deserialize;

use super::article::{self, Attempt, Turn};
use super::comments::At;
use super::reader::{Named, Reader};
use crate::app::AppState;
use crate::caller::Caller;
use crate::client_address::ClientAddress;
use crate::forum::comments::{
    change::{self, Changes},
    remove,
    write::{self, Written},
};
use crate::forum::likes;
use crate::problem::{Answer, Refusal};
use crate::{form, json};

/// What the forms of the page send; the button that was pressed says what for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Fields {
    csrfmiddlewaretoken: Option<String>,
    /// `comment`, `edit`, `delete`.
    act: Option<String>,
    /// The comment that is answered, edited or deleted.
    comment: Option<CommentId>,
    text: String,
    client_id: Option<String>,
    sure: Option<String>,
    like_article: Option<ArticleId>,
    unlike_article: Option<ArticleId>,
    like_comment: Option<CommentId>,
    unlike_comment: Option<CommentId>,
    /// Where in the list the form stood.
    sort: Option<CommentSort>,
    before: Option<String>,
}

/// A form of `/forum/articles/{id}` was sent.
pub(super) async fn act(
    State(app): State<AppState>,
    reader: Reader,
    address: ClientAddress,
    name: Named,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let fields = match form::read::<Fields>(request, json::MAX_BODY_BYTES).await {
        Ok(fields) => Fields { text: form::lines(&fields.text), ..fields },
        Err(refusal) => return reader.refuse(&refusal),
    };
    let refusal = match run(&app, &reader, &headers, &name, &fields).await {
        Ok(next) => return Redirect::to(&next).into_response(),
        Err(refusal) => refusal,
    };
    let at = match (fields.act.as_deref(), fields.comment) {
        (Some("comment"), None) => At::Article,
        (Some("comment"), Some(comment)) => At::Answer(comment),
        (Some("edit"), Some(comment)) => At::Edit(comment),
        // Nothing was typed that could be lost.
        _ if refusal.code() == Code::Unauthenticated => {
            return Redirect::to(&reader.login()).into_response();
        }
        _ => return reader.refuse(&refusal),
    };
    let attempt = Attempt {
        at,
        text: fields.text,
        complaint: reader.words.complaint(&refusal, true),
        status: StatusCode::from_u16(refusal.code().status()).unwrap_or(StatusCode::BAD_REQUEST),
    };
    let turn = Turn::of(fields.sort, fields.before);
    let page = article::page(&app, &reader, address, &name, &turn, Some(attempt)).await;
    page.unwrap_or_else(|refusal| reader.refuse(&refusal))
}

/// Does it; where to go then.
async fn run(
    app: &AppState,
    reader: &Reader,
    headers: &HeaderMap,
    name: &Named,
    fields: &Fields,
) -> Answer<String> {
    let id: ArticleId = name.number()?;
    let caller = reader.caller.ok_or(Code::Unauthenticated)?;
    Caller::check_form(app, headers, fields.csrfmiddlewaretoken.as_deref())?;
    let turn = Turn::of(fields.sort, fields.before.clone());
    let here = turn.here(id, &[]);
    let missing = || Refusal::new(Code::Malformed);
    let liked = fields.like_comment.map(|comment| (comment, true));
    if let Some((comment, likes)) = liked.or(fields.unlike_comment.map(|comment| (comment, false)))
    {
        likes::comment(app, caller, comment, likes).await?;
        return Ok(format!("{here}#comment-{comment}"));
    }
    if fields.like_article.or(fields.unlike_article) == Some(id) {
        likes::article(app, caller, id, fields.like_article.is_some()).await?;
        return Ok(here);
    }
    match fields.act.as_deref() {
        Some("comment") => comment(app, caller, id, &turn, fields).await,
        Some("edit") => {
            let comment = fields.comment.ok_or_else(missing)?;
            let changes = Changes { text: Some(fields.text.clone()), hidden: None };
            change::change(app, caller, comment, changes).await?;
            Ok(format!("{here}#comment-{comment}"))
        }
        Some("delete") => {
            if fields.sure.is_none() {
                return Err(Refusal::invalid("sure", "must be given"));
            }
            remove::remove(app, caller, fields.comment.ok_or_else(missing)?).await?;
            Ok(format!("{here}#comments"))
        }
        _ => Err(missing()),
    }
}

/// Comments, and goes to where the comment is to be seen.
async fn comment(
    app: &AppState,
    caller: Caller,
    id: ArticleId,
    turn: &Turn,
    fields: &Fields,
) -> Answer<String> {
    let (parent_id, client_id) = (fields.comment, fields.client_id.clone());
    let written = Written { text: fields.text.clone(), parent_id, client_id };
    let (comment, _) = write::write(app, caller, id, written).await?;
    let page = match parent_id {
        // Beside what it answers.
        Some(_) => turn.here(id, &[]),
        // The last of all: with the newest in front it is on the first page.
        None => Turn::of(Some(CommentSort::Newest), None).at(id, &[]),
    };
    Ok(format!("{page}#comment-{}", comment.id))
}
