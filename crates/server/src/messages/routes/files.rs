//! `/conversations/{id}/files`: extract, call, reply.

use axum::extract::State;
use protocol::{ConversationId, FilePage, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::AppState,
    caller::Caller,
    json::{Json, Path, Query},
    messages::files,
    problem::{Answer, Refusal},
};

/// Which files.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Of these kinds, with commas between them (`image,video`); of all when absent.
    kind: Option<String>,
    /// From the page before.
    before: Option<String>,
    /// At most so many; 1 to 100, 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// What is attached to the messages of a conversation that the caller may read, newest first.
#[utoipa::path(get, path = "/conversations/{id}/files", tag = "messages",
    params(("id" = ConversationId, Path), Wanted),
    responses((status = OK, body = FilePage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_files(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(wanted): Query<Wanted>,
) -> Answer<Json<FilePage>> {
    let limit = wanted.limit.unwrap_or(files::PAGE);
    if !(1..=files::MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 100"));
    }
    let kinds = wanted.kind.as_deref().map(files::parse_kinds).transpose()?.unwrap_or_default();
    let before = wanted.before.as_deref().map(files::parse_token).transpose()?;
    files::files(&app, caller, id, kinds, (before, limit)).await.map(Json)
}
