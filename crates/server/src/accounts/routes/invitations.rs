//! Invitations to the site, for admins.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use protocol::{Invitation, InvitationId, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::invitations::{self, NewInvitation},
    app::AppState,
    caller::Caller,
    json::{Json, Path},
    problem::Answer,
};

/// Invite people to the site. The code is shown this once.
#[utoipa::path(post, path = "/invitations", tag = "accounts", request_body = NewInvitation, responses(
    (status = CREATED, body = Invitation),
    (status = FORBIDDEN, body = Problem),
    (status = UNPROCESSABLE_ENTITY, body = Problem),
))]
pub(crate) async fn invite(
    State(app): State<AppState>,
    caller: Caller,
    Json(invitation): Json<NewInvitation>,
) -> Answer<impl IntoResponse> {
    let invitation = invitations::invite(&app, &caller, invitation).await?;
    Ok((StatusCode::CREATED, Json(invitation)))
}

/// Invitations.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invitations {
    /// Those that are good, the newest first; at most 500.
    invitations: Vec<Invitation>,
}

/// The invitations that are good, without their codes.
#[utoipa::path(get, path = "/invitations", tag = "accounts", responses(
    (status = OK, body = Invitations), (status = FORBIDDEN, body = Problem),
))]
pub(crate) async fn list(State(app): State<AppState>, caller: Caller) -> Answer<Json<Invitations>> {
    Ok(Json(Invitations { invitations: invitations::invitations(&app, &caller).await? }))
}

/// Make an invitation worthless.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "accounts",
    params(("id" = InvitationId, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND, body = Problem)))]
pub(crate) async fn revoke(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<InvitationId>,
) -> Answer<StatusCode> {
    invitations::revoke_invitation(&app, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
