//! One's own picture: set, removed, shown.

use std::sync::Arc;

use axum::extract::Request;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use database::Connection;
use delivery::Unit;
use protocol::{Code, Me, UserId};

use super::{
    picture::{self, Picture, Unfit},
    store::{self, StoredPicture},
};
use crate::{
    accounts,
    app::App,
    caller::Caller,
    json,
    problem::{Answer, Refusal},
};

/// The largest picture that is taken, in bytes: 5 MiB.
pub(super) const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Width and height of an avatar, in pixels.
const SIDE: u32 = 256;
/// The longest id that is looked up.
const MAX_ID: usize = 64;

/// Makes the body of `request` the caller's picture, in place of an older one.
///
/// # Errors
/// `too_large` for bytes or pixels, `unsupported_media_type`, `invalid` for a broken picture, `unavailable`
/// when too many pictures are in line, `rate_limited` while the caller gives another one.
pub(crate) async fn set_avatar(app: &Arc<App>, caller: &Caller, request: Request) -> Answer<Me> {
    let square = |bytes: &[u8]| picture::square(bytes, SIDE);
    let picture = receive(app, caller, request, MAX_BYTES, square).await?;
    let id = URL_SAFE_NO_PAD.encode(app.random.bytes::<16>());
    replace(app, caller, Some((id, picture))).await
}

/// Removes the caller's picture.
pub(crate) async fn remove_avatar(app: &Arc<App>, caller: &Caller) -> Answer<Me> {
    replace(app, caller, None).await
}

/// What `make` makes of the body of `request`, on the thread for pictures; at most [`MAX_BYTES`] of it.
pub(super) async fn receive<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    request: Request,
    max_bytes: usize,
    make: impl FnOnce(&[u8]) -> Result<T, Unfit> + Send + 'static,
) -> Answer<T> {
    // In line before the body is read, so that bodies in memory are bounded, too.
    let line = Arc::clone(&app.uploads.line).try_acquire_owned();
    let line = line.map_err(|_| Refusal::new(Code::Unavailable))?;
    let _uploader = app.uploads.begin(caller.user_id).ok_or(Code::RateLimited)?;
    let bytes = json::body(request, max_bytes.min(MAX_BYTES)).await?;
    let turn =
        Arc::clone(&app.uploads.decoding).acquire_owned().await.map_err(Refusal::internal)?;
    let work = tokio::task::spawn_blocking(move || {
        let picture = make(&bytes);
        drop((turn, line));
        picture
    });
    work.await.map_err(Refusal::internal)?.map_err(|unfit| {
        let code = match unfit {
            Unfit::Type => Code::UnsupportedMediaType,
            Unfit::Pixels | Unfit::Moves => Code::TooLarge,
            Unfit::Broken => Code::Invalid,
        };
        Refusal::new(code).detail(unfit.to_string())
    })
}

async fn replace(
    app: &Arc<App>,
    caller: &Caller,
    picture: Option<(String, Picture)>,
) -> Answer<Me> {
    let user = caller.user_id;
    app.delivery
        .write(move |unit| {
            let now = unit.now();
            store::delete_avatars(unit.db(), user)?;
            if let Some((id, picture)) = &picture {
                store::insert_avatar(unit.db(), user, id, picture, now)?;
            }
            let id = picture.as_ref().map(|(id, _)| id.as_str());
            accounts::set_avatar(unit, user, id).map_err(Refusal::from)
        })
        .await?;
    accounts::me(app, user).await
}

/// Takes the picture of somebody away, in the unit of whoever decided so.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_avatar(unit: &mut Unit<'_>, user: UserId) -> Answer<()> {
    store::delete_avatars(unit.db(), user)?;
    Ok(accounts::set_avatar(unit, user, None)?)
}

/// A picture by its id.
///
/// # Errors
/// `not_found`.
pub(super) async fn find(app: &App, id: String) -> Answer<StoredPicture> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if id.len() > MAX_ID || !id.bytes().all(is_base64) {
        return Err(Code::NotFound.into());
    }
    let found = app.delivery.read(move |db: &mut Connection| store::avatar(db, &id)).await?;
    found.ok_or_else(|| Code::NotFound.into())
}
