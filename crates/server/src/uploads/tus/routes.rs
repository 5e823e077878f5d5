//! `/uploads`, `/uploads/{id}` and `/uploads/usage`: extract, call, reply.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use protocol::{Problem, Upload, UploadUsage};

use super::headers;
use crate::{
    app::AppState,
    caller::Caller,
    json::{Json, Path},
    problem::{Answer, Refusal},
};

/// What extensions there are.
const EXTENSIONS: HeaderValue = HeaderValue::from_static("creation,expiration,termination");

/// What of tus is spoken here.
#[utoipa::path(options, path = "/uploads", tag = "uploads",
    responses((status = NO_CONTENT, headers(("Tus-Version" = String), ("Tus-Extension" = String),
               ("Tus-Max-Size" = i64)))))]
pub(crate) async fn describe_uploads(State(app): State<AppState>) -> Response {
    let largest = HeaderValue::from(app.site.get().max_file_size);
    let found = [
        (headers::VERSION, headers::ONLY_VERSION),
        (headers::EXTENSION, EXTENSIONS),
        (headers::MAX_SIZE, largest),
    ];
    headers::answer(Ok((StatusCode::NO_CONTENT, found).into_response()))
}

/// Begins an upload (tus 1.0.0, creation). `Upload-Metadata` may give the `filename` in base64.
#[utoipa::path(post, path = "/uploads", tag = "uploads",
    params(("Tus-Resumable" = String, Header), ("Upload-Length" = i64, Header),
           ("Upload-Metadata" = Option<String>, Header)),
    responses((status = CREATED, headers(("Location" = String), ("Upload-Expires" = String))),
              (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn create_upload(
    State(app): State<AppState>,
    caller: Caller,
    given: HeaderMap,
) -> Response {
    headers::answer(create(&app, caller, &given).await)
}

async fn create(app: &AppState, caller: Caller, given: &HeaderMap) -> Answer<Response> {
    headers::check_version(given)?;
    let size = headers::required(given, &headers::LENGTH)?;
    let name = headers::file_name(given)?;
    let upload = super::create(app, caller, size, name).await?;
    let location = format!("/api/v1/uploads/{}", upload.id);
    let location = HeaderValue::try_from(location).map_err(Refusal::internal)?;
    let mut response = (StatusCode::CREATED, [(header::LOCATION, location)]).into_response();
    response.headers_mut().extend(headers::expires(upload.expires_at));
    Ok(response)
}

/// How far an upload is (tus 1.0.0). Whoever is just sending part of it is asked to stop.
#[utoipa::path(head, path = "/uploads/{id}", tag = "uploads",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header)),
    responses((status = OK, headers(("Upload-Offset" = i64), ("Upload-Length" = i64),
               ("Upload-Expires" = String))), (status = "4XX", body = Problem)))]
pub(crate) async fn measure_upload(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    given: HeaderMap,
) -> Response {
    headers::answer(measure(&app, caller, id, &given).await)
}

async fn measure(
    app: &AppState,
    caller: Caller,
    id: String,
    given: &HeaderMap,
) -> Answer<Response> {
    headers::check_version(given)?;
    let (upload, offset) = super::measure(app, caller.user_id, id).await?;
    let known = [
        (headers::OFFSET, HeaderValue::from(offset)),
        (headers::LENGTH, HeaderValue::from(upload.size)),
        headers::metadata(&upload.name),
    ];
    let mut response = known.into_response();
    response.headers_mut().extend(headers::expires(upload.expires_at));
    Ok(response)
}

/// Sends part of an upload (tus 1.0.0): what follows after `Upload-Offset`.
#[utoipa::path(patch, path = "/uploads/{id}", tag = "uploads",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header),
           ("Upload-Offset" = i64, Header)),
    request_body(content_type = "application/offset+octet-stream", content = Vec<u8>),
    responses((status = NO_CONTENT, headers(("Upload-Offset" = i64), ("Upload-Expires" = String))),
              (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn continue_upload(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    headers::answer(resume(app, caller, id, request).await)
}

async fn resume(app: AppState, caller: Caller, id: String, request: Request) -> Answer<Response> {
    let given = request.headers();
    headers::check_version(given)?;
    headers::check_type(given)?;
    let offset = headers::required(given, &headers::OFFSET)?;
    let offset = u64::try_from(offset).map_err(Refusal::internal)?;
    let length = headers::number(given, &header::CONTENT_LENGTH)?;
    let length = length.and_then(|length| u64::try_from(length).ok());
    let body = request.into_body();
    // A task of its own: when the connection dies, nothing must be left half done that somebody else might
    // come upon while it is still going on.
    let work = tokio::spawn(async move {
        super::append(&app, caller.user_id, &id, offset, length, body).await
    });
    let (upload, offset) = work.await.map_err(Refusal::internal)??;
    let known = [(headers::OFFSET, HeaderValue::from(offset))];
    let mut response = (StatusCode::NO_CONTENT, known).into_response();
    response.headers_mut().extend(headers::expires(upload.expires_at));
    Ok(response)
}

/// Cancels an upload that was not sent (tus 1.0.0, termination).
#[utoipa::path(delete, path = "/uploads/{id}", tag = "uploads",
    params(("id" = String, Path), ("Tus-Resumable" = String, Header)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn cancel_upload(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    given: HeaderMap,
) -> Response {
    let done = async {
        headers::check_version(&given)?;
        super::terminate(&app, caller.user_id, id).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    headers::answer(done.await)
}

/// One's own upload: what it is, once it is complete.
#[utoipa::path(get, path = "/uploads/{id}", tag = "uploads", params(("id" = String, Path)),
    responses((status = OK, body = Upload), (status = "4XX", body = Problem)))]
pub(crate) async fn get_upload(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Upload>> {
    super::show(&app, caller.user_id, id).await.map(Json)
}

/// How much of one's room for uploads is taken.
#[utoipa::path(get, path = "/uploads/usage", tag = "uploads",
    responses((status = OK, body = UploadUsage), (status = "4XX", body = Problem)))]
pub(crate) async fn upload_usage(
    State(app): State<AppState>,
    caller: Caller,
) -> Answer<Json<UploadUsage>> {
    super::usage(&app, caller.user_id).await.map(Json)
}
