//! Reading profiles, finding people, one's password. Changing a profile is in `friends`, who are told of it.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use delivery::DeviceId;
use protocol::{LoggedIn, Me, Problem, User, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sessions::logged_in;
use crate::{
    accounts::{
        change_password::{self, NewPassword},
        search,
        setup::{self, Setup},
        user,
    },
    app::AppState,
    caller::Caller,
    client_address::ClientAddress,
    csrf,
    json::{Json, Path, Query},
    problem::Answer,
    rate_limit::Limit,
};

/// One's own profile.
#[utoipa::path(get, path = "/me", tag = "accounts", responses(
    (status = OK, body = Me), (status = UNAUTHORIZED, body = Problem),
))]
pub(crate) async fn me(State(app): State<AppState>, caller: Caller) -> Answer<Json<Me>> {
    Ok(Json(user::me(&app, caller.user_id).await?))
}

/// Change one's password. All other sessions end; this one goes on with a new cookie. Tokens stay.
#[utoipa::path(put, path = "/me/password", tag = "accounts", request_body = NewPassword, responses(
    (status = OK, body = LoggedIn),
    (status = UNAUTHORIZED, body = Problem, description = "`wrong_credentials`"),
    (status = UNPROCESSABLE_ENTITY, body = Problem),
))]
pub(crate) async fn change_password(
    State(app): State<AppState>,
    caller: Caller,
    headers: axum::http::HeaderMap,
    Json(passwords): Json<NewPassword>,
) -> Answer<Response> {
    app.limits.account(Limit::Login, caller.user_id)?;
    let secret = change_password::change_password(&app, &caller, passwords).await?;
    let me = user::me(&app, caller.user_id).await?;
    Ok(match caller.device {
        DeviceId::Session(_) => logged_in(&app, me, &secret).into_response(),
        DeviceId::Token(_) => {
            let csrf_token = csrf::visitor_token(&app, &headers);
            Json(LoggedIn { user: Some(me), csrf_token }).into_response()
        }
    })
}

/// Become the first admin, with the one-time token from the server's standard output.
#[utoipa::path(post, path = "/setup", tag = "accounts", request_body = Setup, responses(
    (status = OK, body = Me), (status = UNPROCESSABLE_ENTITY, body = Problem),
))]
pub(crate) async fn become_admin(
    State(app): State<AppState>,
    caller: Caller,
    address: ClientAddress,
    Json(setup): Json<Setup>,
) -> Answer<Json<Me>> {
    app.limits.address(Limit::Login, address.0)?;
    Ok(Json(setup::become_admin(&app, &caller, setup).await?))
}

/// Whom to look for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleQuery {
    /// An account number, the start of a username or a part of a name; 1 to 64 characters.
    q: String,
}

/// People.
#[derive(Serialize, ToSchema)]
pub(crate) struct People {
    /// The most exact first; at most 20.
    users: Vec<User>,
}

/// Find people by number, username or name.
#[utoipa::path(get, path = "/users", tag = "accounts", params(PeopleQuery), responses(
    (status = OK, body = People),
    (status = UNPROCESSABLE_ENTITY, body = Problem),
    (status = TOO_MANY_REQUESTS, body = Problem),
))]
pub(crate) async fn search(
    State(app): State<AppState>,
    caller: Caller,
    address: ClientAddress,
    Query(query): Query<PeopleQuery>,
) -> Answer<Json<People>> {
    app.limits.account(Limit::Searching, caller.user_id)?;
    app.limits.address(Limit::Searching, address.0)?;
    Ok(Json(People { users: search::search(&app, &query.q).await? }))
}

/// Somebody's public profile.
#[utoipa::path(get, path = "/users/{id}", tag = "accounts", params(("id" = UserId, Path)), responses(
    (status = OK, body = User), (status = NOT_FOUND, body = Problem),
))]
pub(crate) async fn show(
    State(app): State<AppState>,
    _: Caller,
    Path(id): Path<UserId>,
) -> Answer<Json<User>> {
    Ok(Json(user::profile(&app, id).await?))
}
