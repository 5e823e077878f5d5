//! The table of routes. A path stands once: in the `#[utoipa::path]` above its handler, relative to
//! `/api/v1`; the table below names the handlers. `routes!` turns the attribute into the route and into the
//! OpenAPI description, from which the client's paths and types are generated.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Router, middleware};
use protocol::Code;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder, RefOr};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::accounts::forms;
use crate::accounts::routes::{invitations, profiles, roles, sessions};
use crate::admin::routes::{own, people, posts, server, site as admin_site};
use crate::app::AppState;
use crate::friends::routes::{blocks, friendships, profile, requests};
use crate::problem::Refusal;
use crate::transport::{poll, sse, websocket};
use crate::uploads::tus::routes as tus;
use crate::{
    compression, conversations, edge, emoji, forum, groups, messages, moderation, notifications,
    search, settings, site, uploads, web_assets,
};

/// Everything under `/api/v1`, grouped by slice; one line a path.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        // Site
        .routes(routes!(site::show))
        // Accounts: registering and logging in
        .routes(routes!(sessions::register))
        .routes(routes!(sessions::log_in, sessions::current, sessions::log_out))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::create_token, sessions::list_tokens))
        .routes(routes!(sessions::revoke_token))
        .routes(routes!(invitations::invite, invitations::list))
        .routes(routes!(invitations::revoke))
        // Accounts: profiles
        .routes(routes!(profiles::me, profile::change, own::delete_own))
        .routes(routes!(own::export_own))
        .routes(routes!(profile::set_avatar, profile::remove_avatar))
        .routes(routes!(profiles::change_password))
        .routes(routes!(profiles::become_admin))
        .routes(routes!(profiles::search))
        .routes(routes!(profiles::show))
        // Accounts: site roles
        .routes(routes!(roles::list_site_roles, roles::create_site_role))
        .routes(routes!(roles::change_site_role, roles::delete_site_role))
        .routes(routes!(roles::list_role_members))
        .routes(routes!(roles::give_site_role, roles::take_site_role))
        // Notifications
        .routes(routes!(notifications::routes::list_notifications))
        .routes(routes!(notifications::routes::read_notifications))
        // Uploads
        .routes(routes!(tus::create_upload, tus::describe_uploads))
        .routes(routes!(tus::upload_usage))
        .routes(routes!(
            tus::measure_upload,
            tus::get_upload,
            tus::continue_upload,
            tus::cancel_upload
        ))
        // Friends
        .routes(routes!(friendships::list))
        .routes(routes!(friendships::change, friendships::remove))
        .routes(routes!(requests::ask, requests::list))
        .routes(routes!(requests::accept))
        .routes(routes!(requests::decline))
        .routes(routes!(requests::withdraw))
        .routes(routes!(blocks::list))
        .routes(routes!(blocks::add, blocks::remove))
        // Conversations
        .routes(routes!(
            conversations::routes::list_conversations,
            conversations::routes::open_conversation
        ))
        .routes(routes!(
            conversations::routes::get_conversation,
            conversations::routes::change_conversation
        ))
        .routes(routes!(conversations::routes::read_conversation))
        .routes(routes!(conversations::routes::keep_draft))
        .routes(routes!(conversations::routes::list_receipts))
        // Groups
        .routes(routes!(groups::routes::find_groups, groups::routes::create_group))
        .routes(routes!(
            groups::routes::get_group,
            groups::routes::change_group,
            groups::routes::dissolve_group
        ))
        .routes(routes!(groups::routes::transfer_group))
        .routes(routes!(groups::routes::join_group))
        .routes(routes!(groups::routes::leave_group))
        .routes(routes!(groups::routes::list_members, groups::routes::add_member))
        .routes(routes!(groups::routes::change_member, groups::routes::remove_member))
        .routes(routes!(groups::routes::list_join_requests))
        .routes(routes!(groups::routes::accept_join_request))
        .routes(routes!(groups::routes::decline_join_request))
        .routes(routes!(groups::routes::list_announcements))
        .routes(routes!(groups::routes::make_invite_link, groups::routes::list_invite_links))
        .routes(routes!(groups::routes::withdraw_invite_link))
        .routes(routes!(groups::routes::show_invite_link))
        .routes(routes!(groups::routes::join_by_link))
        // Emoji
        .routes(routes!(emoji::routes::list_emoji, emoji::routes::add_emoji))
        .routes(routes!(emoji::routes::remove_emoji))
        // Messages
        .routes(routes!(messages::routes::list_messages, messages::routes::post_message))
        .routes(routes!(messages::routes::get_message, messages::routes::verbs::edit_message))
        .routes(routes!(messages::routes::verbs::list_edits))
        .routes(routes!(messages::routes::verbs::list_readers))
        .routes(routes!(
            messages::routes::verbs::add_reaction,
            messages::routes::verbs::remove_reaction
        ))
        .routes(routes!(
            messages::routes::verbs::pin_message,
            messages::routes::verbs::unpin_message
        ))
        .routes(routes!(messages::routes::verbs::list_pins))
        .routes(routes!(messages::routes::recall_message))
        .routes(routes!(messages::attachments::get_attachment))
        .routes(routes!(messages::attachments::get_preview))
        .routes(routes!(messages::routes::files::list_files))
        .routes(routes!(messages::routes::post_typing))
        // Forum
        .routes(routes!(
            forum::routes::categories::list_categories,
            forum::routes::categories::create_category
        ))
        .routes(routes!(
            forum::routes::categories::change_category,
            forum::routes::categories::remove_category
        ))
        .routes(routes!(forum::routes::categories::list_tags))
        .routes(routes!(
            forum::routes::articles::list_articles,
            forum::routes::writing::create_article
        ))
        .routes(routes!(
            forum::routes::articles::get_article,
            forum::routes::writing::change_article,
            forum::routes::writing::remove_article
        ))
        .routes(routes!(forum::routes::writing::save_draft, forum::routes::writing::discard_draft))
        .routes(routes!(
            forum::routes::comments::like_article,
            forum::routes::comments::unlike_article
        ))
        .routes(routes!(
            forum::routes::comments::list_comments,
            forum::routes::comments::create_comment
        ))
        .routes(routes!(
            forum::routes::comments::get_comment,
            forum::routes::comments::change_comment,
            forum::routes::comments::remove_comment
        ))
        .routes(routes!(
            forum::routes::comments::like_comment,
            forum::routes::comments::unlike_comment
        ))
        .routes(routes!(forum::routes::comments::preview))
        .routes(routes!(forum::routes::chat::discuss_article))
        .routes(routes!(forum::routes::chat::article_from_messages))
        .routes(routes!(forum::routes::chat::ask_consents))
        .routes(routes!(forum::routes::chat::get_consent, forum::routes::chat::answer_consent))
        .routes(routes!(forum::routes::articles::get_article_summary))
        .routes(routes!(forum::routes::articles::list_article_edits))
        .routes(routes!(forum::routes::articles::get_article_image))
        .routes(routes!(forum::routes::articles::get_article_image_preview))
        // Moderation
        .routes(routes!(moderation::routes::report))
        .routes(routes!(moderation::routes::get_own_case))
        .routes(routes!(moderation::routes::appeal_case))
        .routes(routes!(moderation::routes::list_cases))
        .routes(routes!(moderation::routes::get_case))
        .routes(routes!(moderation::routes::decide_case))
        .routes(routes!(moderation::routes::decide_about_person))
        .routes(routes!(moderation::routes::list_words, moderation::routes::replace_words))
        .routes(routes!(moderation::routes::try_words))
        // Admin area
        .routes(routes!(admin_site::get_overview))
        .routes(routes!(people::list_users))
        .routes(routes!(people::act_on_users))
        .routes(routes!(people::get_user, people::change_user, people::delete_user))
        .routes(routes!(people::reset_password))
        .routes(routes!(people::list_sessions, people::end_sessions))
        .routes(routes!(people::end_session))
        .routes(routes!(people::list_groups))
        .routes(routes!(people::dissolve_group))
        .routes(routes!(posts::list_articles))
        .routes(routes!(posts::list_comments))
        .routes(routes!(admin_site::list_settings, admin_site::change_settings))
        .routes(routes!(admin_site::set_logo, admin_site::remove_logo))
        .routes(routes!(admin_site::list_audit))
        .routes(routes!(admin_site::verify_audit))
        .routes(routes!(server::list_jobs))
        .routes(routes!(server::get_storage))
        .routes(routes!(server::ask_for_backup, server::download_backup))
        // Search
        .routes(routes!(search::routes::search))
        // Events
        .routes(routes!(poll::poll))
        .routes(routes!(sse::stream))
        .routes(routes!(websocket::open))
}

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
    let (api, description) = described().split_for_parts();
    let description = to_json(description);
    api.route("/api/openapi.json", get(async move || json_text(description.clone())))
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

/// The OpenAPI 3.1 document, as served at `/api/openapi.json` and printed by `rookery openapi`.
#[must_use]
pub fn description() -> String {
    to_json(described().into_openapi())
}

fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(header_of_description()).nest("/api/v1", api())
}

fn header_of_description() -> OpenApi {
    OpenApiBuilder::new().info(Info::new("Rookery", env!("CARGO_PKG_VERSION"))).build()
}

fn to_json(mut description: OpenApi) -> String {
    name_operations(&mut description);
    description.to_pretty_json().unwrap_or_else(|error| {
        tracing::error!(%error, "the API's description cannot be written");
        String::from("{}")
    })
}

/// Operations are named by method and path: handlers of different slices have the same names.
fn name_operations(description: &mut OpenApi) {
    for (path, item) in &mut description.paths.paths {
        let path = path.trim_start_matches("/api/v1/").replace(['{', '}'], "").replace('/', "_");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
            ("head", &mut item.head),
            ("options", &mut item.options),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{path}"));
                describe_answers(operation);
            }
        }
    }
}

/// OpenAPI asks for a description of every answer; where a handler has nothing to add, the status says it.
fn describe_answers(operation: &mut Operation) {
    for (status, answer) in &mut operation.responses.responses {
        let RefOr::T(answer) = answer else { continue };
        if answer.description.is_empty() {
            let reason = StatusCode::from_bytes(status.as_bytes()).ok();
            let reason = reason.and_then(|status| status.canonical_reason());
            answer.description = reason.unwrap_or("A problem").to_owned();
        }
    }
}

fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_named_and_their_answers_described() {
        let description: serde_json::Value = serde_json::from_str(&description()).unwrap();
        let items = description["paths"].as_object().unwrap().values();
        let operations: Vec<_> =
            items.flat_map(|item| item.as_object().unwrap().values()).collect();
        for answer in operations.iter().flat_map(|one| one["responses"].as_object().unwrap()) {
            assert!(answer.1["description"].is_string(), "OpenAPI asks for it: {answer:?}");
        }
        let names: Vec<&str> =
            operations.iter().filter_map(|operation| operation["operationId"].as_str()).collect();
        let unique: std::collections::HashSet<_> = names.iter().collect();
        assert!(names.len() > 50, "{names:?}");
        assert_eq!(unique.len(), names.len(), "{names:?}");
    }
}
