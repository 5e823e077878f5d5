//! The whole server, as a service of requests: the table of the API, what browsers open, and the layers around them.

mod description;
mod table;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Router, middleware};
use protocol::Code;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use self::description::description;
use crate::accounts::forms;
use crate::admin::routes::site as admin_site;
use crate::app::AppState;
use crate::problem::Refusal;
use crate::{compression, edge, emoji, forum, settings, uploads, web_assets};

/// What people's browsers open: forms and the forum's pages, which work without script; everything else is the
/// embedded client.
fn pages() -> Router<AppState> {
    Router::new()
        .route("/login", get(forms::show_login).post(forms::log_in))
        .route("/register", get(forms::show_register).post(forms::register))
        .route("/logout", post(forms::log_out))
        .merge(forum::pages::routes())
}

/// The whole server, as a service of requests.
pub fn router(app: AppState) -> Router {
    Router::new()
        .nest("/api/v1", table::routes())
        .route("/api/openapi.json", get(show_description))
        .route("/avatars/{id}", get(uploads::routes::show))
        .route("/emoji/{id}", get(emoji::routes::show))
        .route("/emoji/{id}/still", get(emoji::routes::show_still))
        .route("/logo/{id}", get(admin_site::show_logo))
        .route("/healthz", get(async || "live\n"))
        .route("/readyz", get(ready))
        .merge(pages())
        .route("/api/{*unknown}", any(async || Refusal::new(Code::NotFound)))
        .fallback(web_assets::serve)
        .method_not_allowed_fallback(async || Refusal::new(Code::MethodNotAllowed))
        .layer(CompressionLayer::new().compress_when(compression::predicate()))
        .layer(CatchPanicLayer::custom(on_panic))
        .layer(middleware::from_fn_with_state(app.clone(), edge::handle))
        .with_state(app)
}

async fn show_description() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], description::served()).into_response()
}

/// Whether requests can be served: the database answers.
async fn ready(State(app): State<AppState>) -> Result<&'static str, Refusal> {
    if app.delivery.is_shutting_down() {
        return Err(Refusal::new(Code::ShuttingDown));
    }
    app.database.read(settings::ping).await.map_err(Refusal::from)?;
    Ok("ready\n")
}

/// A panic is a bug: it is logged, the client gets a problem document, and the server goes on.
fn on_panic(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("(no message)");
    Refusal::internal(format!("panic: {text}")).into_response()
}
