//! The table of routes under `/api/v1`. A path stands once: in the `#[utoipa::path]` above its handler. The table names
//! the handlers, by slice, and becomes the routes and the description of them.

use std::collections::BTreeMap;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};
use utoipa::openapi::HttpMethod;
use utoipa::{OpenApi, Path};

use crate::accounts::routes::{invitations, profiles, roles, sessions};
use crate::admin::routes::{own, people, posts, server, site as admin_site};
use crate::app::AppState;
use crate::conversations::routes as conversations;
use crate::emoji::routes as emoji;
use crate::forum::routes::{articles, categories, chat, comments, writing};
use crate::friends::routes::{blocks, friendships, profile, requests};
use crate::groups::routes as groups;
use crate::messages::attachments;
use crate::messages::routes::{self as messages, files, verbs};
use crate::moderation::routes as moderation;
use crate::notifications::routes as notifications;
use crate::search::routes as search;
use crate::site;
use crate::transport::{poll, sse, websocket};
use crate::uploads::tus::routes as tus;

/// Handlers by their modules. The description is made only where one is asked for: its code is 2.4 MB, and what it is put
/// together from would be in memory of every server.
macro_rules! table {
    ($( $module:ident { $($handler:ident),+ } )+) => {
        /// The routes.
        pub(super) fn routes() -> Router<AppState> {
            let mut paths = BTreeMap::new();
            $($(
                pastey::paste! {
                    add::<$module::[<__path_ $handler>], _, _>(&mut paths, $module::$handler);
                }
            )+)+
            paths.into_iter().fold(Router::new(), |router, (path, methods)| router.route(&path, methods))
        }

        /// What the routes ask for and answer.
        #[derive(OpenApi)]
        #[openapi(paths($($( $module::$handler ),+),+))]
        pub(super) struct Description;
    };
}

table! {
    // Site
    site { show }
    // Accounts: registering and logging in
    sessions {
        register, log_in, current, log_out, list, end, create_token, list_tokens, revoke_token
    }
    invitations { invite, list, revoke }
    // Accounts: profiles
    profiles { me, change_password, become_admin, search, show }
    profile { change, set_avatar, remove_avatar }
    own { delete_own, export_own }
    // Accounts: site roles
    roles {
        list_site_roles, create_site_role, change_site_role, delete_site_role,
        list_role_members, give_site_role, take_site_role
    }
    // Notifications
    notifications { list_notifications, read_notifications }
    // Uploads
    tus {
        create_upload, describe_uploads, upload_usage, measure_upload, get_upload,
        continue_upload, cancel_upload
    }
    // Friends
    friendships { list, change, remove }
    requests { ask, list, accept, decline, withdraw }
    blocks { list, add, remove }
    // Conversations
    conversations {
        list_conversations, open_conversation, get_conversation, change_conversation,
        read_conversation, keep_draft, list_receipts
    }
    // Groups
    groups {
        find_groups, create_group, get_group, change_group, dissolve_group, transfer_group,
        join_group, leave_group, list_members, add_member, change_member, remove_member,
        list_join_requests, accept_join_request, decline_join_request, list_announcements,
        make_invite_link, list_invite_links, withdraw_invite_link, show_invite_link,
        join_by_link
    }
    // Emoji
    emoji { list_emoji, add_emoji, remove_emoji }
    // Messages
    messages { list_messages, post_message, get_message, recall_message, post_typing }
    verbs {
        edit_message, list_edits, list_readers, add_reaction, remove_reaction, pin_message,
        unpin_message, list_pins
    }
    attachments { get_attachment, get_preview }
    files { list_files }
    // Forum
    categories { list_categories, create_category, change_category, remove_category, list_tags }
    articles {
        list_articles, get_article, get_article_summary, list_article_edits, get_article_image,
        get_article_image_preview
    }
    writing { create_article, change_article, remove_article, save_draft, discard_draft }
    comments {
        like_article, unlike_article, list_comments, create_comment, get_comment,
        change_comment, remove_comment, like_comment, unlike_comment, preview
    }
    chat { discuss_article, article_from_messages, ask_consents, get_consent, answer_consent }
    // Moderation
    moderation {
        report, get_own_case, appeal_case, list_cases, get_case, decide_case,
        decide_about_person, list_words, replace_words, try_words
    }
    // Admin area
    admin_site {
        get_overview, list_settings, change_settings, set_logo, remove_logo, list_audit,
        verify_audit
    }
    people {
        list_users, act_on_users, get_user, change_user, delete_user, reset_password,
        list_sessions, end_sessions, end_session, list_groups, dissolve_group
    }
    posts { list_articles, list_comments }
    server { list_jobs, get_storage, ask_for_backup, download_backup }
    // Search
    search { search }
    // Events
    poll { poll }
    sse { stream }
    websocket { open }
}

/// Adds a handler at the path, and for the methods, that its attribute names.
fn add<P: Path, H: Handler<T, AppState>, T: 'static>(
    paths: &mut BTreeMap<String, MethodRouter<AppState>>,
    handler: H,
) {
    let path = P::path();
    let methods = paths.remove(&path).unwrap_or_default();
    let methods = P::methods()
        .into_iter()
        .fold(methods, |methods, method| methods.on(filter(method), handler.clone()));
    paths.insert(path, methods);
}

fn filter(method: HttpMethod) -> MethodFilter {
    match method {
        HttpMethod::Get => MethodFilter::GET,
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Options => MethodFilter::OPTIONS,
        HttpMethod::Head => MethodFilter::HEAD,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Trace => MethodFilter::TRACE,
    }
}
