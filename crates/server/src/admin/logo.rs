//! The picture that stands for the site.

use std::sync::Arc;

use axum::extract::Request;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::{Code, Permission};
use serde_json::json;

use super::{settings, store};
use crate::{
    app::App,
    caller::Caller,
    problem::{Answer, Refusal},
    uploads,
};

/// The largest picture that is taken, in bytes.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The longest side of a logo, in pixels.
const SIDE: u32 = 512;
/// Characters of an id.
const MAX_ID: usize = 64;

/// Makes the picture in the body of `request` the logo.
///
/// # Errors
/// `forbidden`; those of a picture.
pub(super) async fn set(app: &Arc<App>, caller: &Caller, request: Request) -> Answer<()> {
    caller.require(Permission::ManageSettings)?;
    let picture = uploads::small_picture(app, caller, request, MAX_BYTES, SIDE).await?;
    let id = URL_SAFE_NO_PAD.encode(app.random.bytes::<16>());
    let stored = settings::apply_with(app, caller, "logo.changed", move |unit, changed| {
        store::delete_logos(unit.db())?;
        store::insert_logo(unit.db(), &id, picture.content_type, &picture.bytes)?;
        changed.logo_id = Some(id);
        Ok(json!({}))
    });
    stored.await.map(drop)
}

/// Goes back to Rookery's own. Again changes nothing.
///
/// # Errors
/// `forbidden`.
pub(super) async fn remove(app: &Arc<App>, caller: &Caller) -> Answer<()> {
    caller.require(Permission::ManageSettings)?;
    if app.site.get().logo_id.is_empty() {
        return Ok(());
    }
    let stored = settings::apply_with(app, caller, "logo.removed", |unit, changed| {
        store::delete_logos(unit.db())?;
        changed.logo_id = None;
        Ok(json!({}))
    });
    stored.await.map(drop)
}

/// A logo by its id: type and bytes.
///
/// # Errors
/// `not_found`.
pub(crate) async fn show(app: &App, id: String) -> Answer<(String, Vec<u8>)> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if id.len() > MAX_ID || !id.bytes().all(is_base64) {
        return Err(Code::NotFound.into());
    }
    let found = app.delivery.read(move |db| Answer::Ok(store::logo(db, &id)?)).await?;
    found.ok_or_else(|| Refusal::new(Code::NotFound))
}
