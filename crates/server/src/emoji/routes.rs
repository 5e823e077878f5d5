//! Listing, adding and removing; and the pictures, which are not secret and have ids that cannot be guessed.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::IntoResponse,
};
use protocol::{ConversationId, Emoji, EmojiKind, EmojiList, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{add, list, remove};
use crate::{
    app::AppState,
    caller::Caller,
    client_address::ClientAddress,
    json::{Json, Path, Query},
    problem::Answer,
    rate_limit::Limit,
    uploads,
};

/// Custom emoji and stickers of the site and of one's groups.
#[utoipa::path(get, path = "/emoji", tag = "emoji", responses((status = OK, body = EmojiList)))]
pub(crate) async fn list_emoji(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<Json<EmojiList>> {
    Ok(Json(list::list(&app, caller.user_id).await?))
}

/// What a new one is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewEmoji {
    /// 2 to 32 of `a`–`z`, `0`–`9`, `_` and Chinese characters (one of those is enough), not only digits; unique
    /// among those of its kind there.
    name: String,
    /// How it is used.
    kind: EmojiKind,
    /// The group whose it will be; without one, it is the whole site's.
    group_id: Option<ConversationId>,
}

/// Add one: the body is a PNG, JPEG, WebP or GIF of at most 512 KiB. It is made at most 128 pixels wide and high,
/// stickers 512. A GIF or WebP that moves is kept as it is, with at most 512 pixels a side, 300 frames and 30 million
/// pixels in all; at its address and `/still` is its first frame. For the operator, and in a group for owner and admins.
#[utoipa::path(post, path = "/emoji", tag = "emoji", params(NewEmoji),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = CREATED, body = Emoji),
        (status = FORBIDDEN, body = Problem),
        (status = CONFLICT, body = Problem),
        (status = PAYLOAD_TOO_LARGE, body = Problem),
        (status = UNSUPPORTED_MEDIA_TYPE, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem),
    ))]
pub(crate) async fn add_emoji(
    State(app): State<AppState>,
    caller: Caller,
    address: ClientAddress,
    Query(new): Query<NewEmoji>,
    request: Request,
) -> Answer<(StatusCode, Json<Emoji>)> {
    app.limits.account(Limit::Uploads, caller.user_id)?;
    app.limits.address(Limit::Uploads, address.0)?;
    let place = (new.kind, new.name, new.group_id);
    Ok((StatusCode::CREATED, Json(add::add(&app, &caller, place, request).await?)))
}

/// Remove one from the lists. Messages that show it go on doing so.
#[utoipa::path(delete, path = "/emoji/{id}", tag = "emoji", params(("id" = String, Path)), responses(
    (status = NO_CONTENT),
    (status = FORBIDDEN, body = Problem),
    (status = NOT_FOUND, body = Problem),
))]
pub(crate) async fn remove_emoji(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    remove::remove(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /emoji/{id}`, beside the API.
pub(crate) async fn show(
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> Answer<impl IntoResponse> {
    let picture = list::picture(&app, id, false).await?;
    Ok(uploads::for_ever(picture.content_type, picture.bytes))
}

/// `GET /emoji/{id}/still`, beside the API: for people who want nothing to move.
pub(crate) async fn show_still(
    State(app): State<AppState>,
    Path(id): Path<String>,
) -> Answer<impl IntoResponse> {
    let picture = list::picture(&app, id, true).await?;
    Ok(uploads::for_ever(picture.content_type, picture.bytes))
}
