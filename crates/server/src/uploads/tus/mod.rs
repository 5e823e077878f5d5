//! Uploading by the tus protocol, version 1.0.0, with its extensions creation, expiration and termination
//! (<https://tus.io/protocols/resumable-upload>): the checks and the verbs. What headers say is in `headers.rs`.

pub(super) mod headers;
pub(crate) mod routes;

use axum::body::Body;
use protocol::{Code, Upload, UploadUsage, UserId};

use super::{
    KEEP_UNSENT_MS, KEY_CHARS, finish, is_id,
    staging::{failed, wrong_offset},
    store::{self, Completed, NewUpload, Stored},
    turns::Turn,
};
use crate::{
    app::{App, AppState},
    caller::Caller,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// Uploads of one person that are in no message yet.
const MAX_UNSENT: i64 = 200;

/// Begins an upload of `size` bytes. One of nothing is complete at once.
///
/// # Errors
/// 413 over the largest size, 507 `quota_exceeded`, 429.
async fn create(app: &AppState, caller: Caller, size: i64, name: String) -> Answer<Stored> {
    app.limits.account(Limit::Uploads, caller.user_id)?;
    let site = app.site.get();
    let (largest, quota) = (site.max_file_size, site.upload_quota);
    if size > largest {
        let why = format!("A file has at most {largest} bytes");
        return Err(Refusal::new(Code::TooLarge).detail(why));
    }
    let id = app.random.lowercase(KEY_CHARS);
    let new = NewUpload { id, user_id: caller.user_id, name, size };
    let stored = app
        .delivery
        .write(move |unit| {
            let now = unit.now();
            let used = store::used(unit.db(), new.user_id, now)?;
            if used.bytes.saturating_add(size) > quota {
                let why = format!("{} of {quota} bytes are taken", used.bytes);
                return Err(Refusal::new(Code::QuotaExceeded).detail(why));
            }
            if used.unsent >= MAX_UNSENT {
                let why = format!("At most {MAX_UNSENT} uploads can wait to be sent");
                return Err(Refusal::new(Code::QuotaExceeded).detail(why));
            }
            store::insert(unit.db(), &new, now, now.millis() + KEEP_UNSENT_MS)?;
            store::find(unit.db(), new.user_id, &new.id)?.ok_or_else(|| Code::NotFound.into())
        })
        .await?;
    let begun = begin(app, &stored).await;
    if begun.is_err()
        && let Err(refusal) = finish::forget(app, &stored).await
    {
        tracing::warn!(?refusal, "an upload that could not begin stays until it is collected");
    }
    begun
}

async fn begin(app: &AppState, upload: &Stored) -> Answer<Stored> {
    app.uploads.staging.create(&upload.id).await.map_err(|error| failed(&error))?;
    if upload.size == 0 { finish::finish(app, upload).await } else { Ok(upload.clone()) }
}

/// Somebody's own upload, which is not to be thrown away.
///
/// # Errors
/// 404.
async fn find(app: &App, user: UserId, id: String) -> Answer<Stored> {
    if !is_id(&id) {
        return Err(Code::NotFound.into());
    }
    let now = app.clock.now();
    let found = app.delivery.read(move |db| store::find(db, user, &id)).await?;
    found
        .filter(|upload| upload.expires_at.is_none_or(|at| at > now))
        .ok_or_else(|| Code::NotFound.into())
}

/// The upload and how far it is, with the right to change it. All bytes there and not complete means that an
/// earlier request could not finish it, so it is finished now.
///
/// # Errors
/// 404, 423, and those of finishing.
async fn current(app: &AppState, user: UserId, id: &str) -> Answer<(Stored, u64, Turn)> {
    // Ids of others are not to be told from those of nothing, nor to keep anybody waiting.
    find(app, user, id.to_owned()).await?;
    let turn = app.uploads.turns.take(user, id).await?;
    let upload = find(app, user, id.to_owned()).await?;
    let size = u64::try_from(upload.size).map_err(Refusal::internal)?;
    if upload.completed.is_some() {
        return Ok((upload, size, turn));
    }
    let offset = app.uploads.staging.offset(id).await?;
    if offset >= size {
        return Ok((finish::finish(app, &upload).await?, size, turn));
    }
    Ok((upload, offset, turn))
}

/// How far an upload is. In a task of its own: it may be finished now, and when the connection dies, nothing must
/// be left half done that somebody else might come upon while it is still going on.
///
/// # Errors
/// 404, 423, and those of finishing.
async fn measure(app: &AppState, user: UserId, id: String) -> Answer<(Stored, u64)> {
    let app = AppState::clone(app);
    let work = tokio::spawn(async move {
        let (upload, offset, _turn) = current(&app, user, &id).await?;
        Ok((upload, offset))
    });
    work.await.map_err(Refusal::internal)?
}

/// Appends a body at `offset`; the last byte makes the upload complete. The upload and its new offset.
///
/// # Errors
/// 404, 409 `wrong_offset`, 413 for more than was announced, 423, and those of finishing.
async fn append(
    app: &AppState,
    user: UserId,
    id: &str,
    offset: u64,
    length: Option<u64>,
    body: Body,
) -> Answer<(Stored, u64)> {
    let (upload, found, mut turn) = current(app, user, id).await?;
    if found != offset {
        return Err(wrong_offset(found));
    }
    if upload.completed.is_some() {
        return Ok((upload, found));
    }
    let size = u64::try_from(upload.size).map_err(Refusal::internal)?;
    let room = size.saturating_sub(offset);
    if length.is_some_and(|length| length > room) {
        let why = format!("Only {room} bytes of the upload are left");
        return Err(Refusal::new(Code::TooLarge).detail(why));
    }
    let offset = app.uploads.staging.append(id, offset, room, body, &mut turn).await?;
    let upload = if offset == size { finish::finish(app, &upload).await? } else { upload };
    Ok((upload, offset))
}

/// Ends an upload that is in no message; its room is free at once.
///
/// # Errors
/// 404, 409 once it was sent.
async fn terminate(app: &AppState, user: UserId, id: String) -> Answer<()> {
    find(app, user, id.clone()).await?;
    // Whoever is just bringing it is asked to leave; what does not leave finds nothing when it is done.
    let turn = app.uploads.turns.take(user, &id).await;
    let row = id.clone();
    let objects = app
        .delivery
        .write(move |unit| {
            let found = store::find(unit.db(), user, &row)?;
            let found = found.ok_or_else(|| Refusal::new(Code::NotFound))?;
            if found.attached {
                return Err(Refusal::new(Code::Conflict).detail("The upload has been sent"));
            }
            store::delete(unit.db(), &row)?;
            Ok(found.completed.map(Completed::keys).unwrap_or_default())
        })
        .await?;
    drop(turn);
    super::collect::throw_away(app, &id, objects).await;
    Ok(())
}

/// How one's uploads stand.
async fn usage(app: &App, user: UserId) -> Answer<UploadUsage> {
    let now = app.clock.now();
    let used = app.delivery.read(move |db| store::used(db, user, now)).await?;
    let site = app.site.get();
    Ok(UploadUsage {
        used: used.bytes,
        quota: site.upload_quota,
        max_file_size: site.max_file_size,
    })
}

/// One's own upload as it is, without taking its turn.
async fn show(app: &App, user: UserId, id: String) -> Answer<Upload> {
    let upload = find(app, user, id).await?;
    let offset = app.uploads.staging.offset(&upload.id).await?;
    Ok(upload.to_wire(i64::try_from(offset).unwrap_or(upload.size).min(upload.size)))
}

#[cfg(test)]
mod tests;
