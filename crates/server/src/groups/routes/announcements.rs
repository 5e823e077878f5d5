//! `/groups/{id}/announcements`.

use axum::extract::State;
use protocol::{Announcement, ConversationId, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::AppState,
    caller::Caller,
    groups::announcements,
    json::{Json, Path},
    problem::Answer,
};

/// Announcements of a group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Announcements {
    /// The newest 100, newest first.
    announcements: Vec<Announcement>,
}

/// What a group's announcements were, for its members.
#[utoipa::path(get, path = "/groups/{id}/announcements", tag = "groups",
    params(("id" = ConversationId, Path)),
    responses((status = OK, body = Announcements), (status = "4XX", body = Problem)))]
pub(crate) async fn list_announcements(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Answer<Json<Announcements>> {
    let announcements = announcements::history(&app, caller, id).await?;
    Ok(Json(Announcements { announcements }))
}
