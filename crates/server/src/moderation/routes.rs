//! `/reports`, `/cases` and `/moderation`: extract, call, reply.

use axum::{
    extract::{Request, State},
    http::StatusCode,
};
use protocol::{Case, CaseId, CasePage, CaseState, OwnCase, Problem, SubjectKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    appeal::{self, NewAppeal},
    cases::{self, Asked},
    decide::{self, NewDecision},
    people::{self, AboutPerson},
    report::{self, NewReport},
    words::{self, Tried, Words},
};
use crate::{
    app::AppState,
    caller::Caller,
    json::{self, Json, Path, Query},
    problem::{Answer, Refusal},
};

/// Cases of a page, at most.
const MAX_PAGE: usize = 50;
/// Cases of a page when nothing is said.
const PAGE: usize = 20;
/// The longest list of words, in bytes.
const MAX_LIST_BYTES: usize = 1024 * 1024;

/// The case of what was reported.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reported {
    id: CaseId,
}

/// Reports something that the caller can see to the moderators. Again: the same report, said anew.
#[utoipa::path(post, path = "/reports", tag = "moderation", request_body = NewReport,
    responses((status = CREATED, body = Reported), (status = OK, body = Reported),
              (status = "4XX", body = Problem)))]
pub(crate) async fn report(
    State(app): State<AppState>,
    caller: Caller,
    Json(new): Json<NewReport>,
) -> Answer<(StatusCode, Json<Reported>)> {
    let (id, is_new) = report::report(&app, &caller, new).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Reported { id })))
}

/// A case, for the person concerned and those who reported.
#[utoipa::path(get, path = "/cases/{id}", tag = "moderation", params(("id" = CaseId, Path)),
    responses((status = OK, body = OwnCase), (status = "4XX", body = Problem)))]
pub(crate) async fn get_own_case(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Answer<Json<OwnCase>> {
    appeal::show(&app, &caller, id).await.map(Json)
}

/// Appeals against the newest decision of a case that concerns the caller; once.
#[utoipa::path(post, path = "/cases/{id}/appeal", tag = "moderation", params(("id" = CaseId, Path)),
    request_body = NewAppeal,
    responses((status = CREATED, body = OwnCase), (status = "4XX", body = Problem)))]
pub(crate) async fn appeal_case(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CaseId>,
    Json(new): Json<NewAppeal>,
) -> Answer<(StatusCode, Json<OwnCase>)> {
    Ok((StatusCode::CREATED, Json(appeal::appeal(&app, &caller, id, new).await?)))
}

/// Which cases.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CaseQuery {
    /// Open ones when left out.
    state: Option<CaseState>,
    /// Of any kind when left out.
    kind: Option<SubjectKind>,
    /// The `cursor` of the page before.
    before: Option<String>,
    /// At most so many; 20 when left out.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<usize>,
}

/// The cases that the caller decides, the latest changed first.
#[utoipa::path(get, path = "/moderation/cases", tag = "moderation", params(CaseQuery),
    responses((status = OK, body = CasePage), (status = "4XX", body = Problem)))]
pub(crate) async fn list_cases(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<CaseQuery>,
) -> Answer<Json<CasePage>> {
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 50"));
    }
    let place = |text: String| {
        let (at, id) = text.split_once('.')?;
        Some((at.parse().ok()?, id.parse().ok()?))
    };
    let before = match query.before {
        Some(text) => {
            let no_cursor = || Refusal::invalid("before", "is no cursor");
            Some(place(text).ok_or_else(no_cursor)?)
        }
        None => None,
    };
    let state = query.state.unwrap_or(CaseState::Open);
    let asked = Asked { state, kind: query.kind, before, limit };
    cases::page(&app, &caller, asked).await.map(Json)
}

/// One case.
#[utoipa::path(get, path = "/moderation/cases/{id}", tag = "moderation",
    params(("id" = CaseId, Path)),
    responses((status = OK, body = Case), (status = "4XX", body = Problem)))]
pub(crate) async fn get_case(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Answer<Json<Case>> {
    cases::show(&app, &caller, id).await.map(Json)
}

/// Decides a case. 409 when another moderator did meanwhile.
#[utoipa::path(post, path = "/moderation/cases/{id}/decisions", tag = "moderation",
    params(("id" = CaseId, Path)), request_body = NewDecision,
    responses((status = CREATED, body = Case), (status = "4XX", body = Problem)))]
pub(crate) async fn decide_case(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CaseId>,
    Json(new): Json<NewDecision>,
) -> Answer<(StatusCode, Json<Case>)> {
    Ok((StatusCode::CREATED, Json(decide::decide(&app, &caller, id, new).await?)))
}

/// Acts on a person without a report; the case about them says so.
#[utoipa::path(post, path = "/moderation/decisions", tag = "moderation", request_body = AboutPerson,
    responses((status = CREATED, body = Case), (status = "4XX", body = Problem)))]
pub(crate) async fn decide_about_person(
    State(app): State<AppState>,
    caller: Caller,
    Json(about): Json<AboutPerson>,
) -> Answer<(StatusCode, Json<Case>)> {
    Ok((StatusCode::CREATED, Json(people::decide(&app, &caller, about).await?)))
}

/// The list of words that are not welcome.
#[utoipa::path(get, path = "/moderation/words", tag = "moderation",
    responses((status = OK, body = Words), (status = "4XX", body = Problem)))]
pub(crate) async fn list_words(State(app): State<AppState>, caller: Caller) -> Answer<Json<Words>> {
    words::list(&app, &caller).await.map(Json)
}

/// Puts another list in its place, of at most 1 MiB; it holds for what is said from now on.
#[utoipa::path(put, path = "/moderation/words", tag = "moderation", request_body = Words,
    responses((status = OK, body = Words), (status = "4XX", body = Problem)))]
pub(crate) async fn replace_words(
    State(app): State<AppState>,
    caller: Caller,
    request: Request,
) -> Answer<Json<Words>> {
    caller.require(protocol::Permission::ModerateChat)?;
    let list = json::long(request, MAX_LIST_BYTES).await?;
    words::replace(&app, &caller, list).await.map(Json)
}

/// What would become of a text with a list that need not be stored; at most 1 MiB.
#[utoipa::path(post, path = "/moderation/words/test", tag = "moderation", request_body = words::Trial,
    responses((status = OK, body = Tried), (status = "4XX", body = Problem)))]
pub(crate) async fn try_words(caller: Caller, request: Request) -> Answer<Json<Tried>> {
    caller.require(protocol::Permission::ModerateChat)?;
    let trial = json::long(request, MAX_LIST_BYTES).await?;
    words::try_out(&caller, trial).map(Json)
}
