//! A new emoji or sticker: by the operator for the site, by owner and admins for their group.

use axum::extract::Request;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use database::Connection;
use delivery::Unit;
use protocol::{Code, ConversationId, Emoji, EmojiKind, MAX_EMOJI, Permission, Role};
use serde_json::{Value, json};

use super::store::{self, NewEmoji};
use crate::{
    app::AppState,
    audit::{self, Act},
    caller::Caller,
    conversations, markup,
    problem::{Answer, Refusal},
    uploads,
};

/// The largest picture that is taken, in bytes.
const MAX_BYTES: usize = 512 * 1024;
/// The longest side of an emoji, in pixels.
const EMOJI_SIDE: u32 = 128;
/// The longest side of a sticker, in pixels.
const STICKER_SIDE: u32 = 512;
/// Pictures that a place may have given in all, the removed ones among them, whose pictures stay.
const MAX_EVER: i64 = 10 * MAX_EMOJI;

/// Adds one. `request` is the picture.
///
/// # Errors
/// 404 for a group that the caller is not in, 403 for whoever may not, 409 `conflict` where the name is taken
/// or there are too many, 422 for a name out of bounds; those of a picture.
pub(super) async fn add(
    app: &AppState,
    caller: &Caller,
    (kind, name, group): (EmojiKind, String, Option<ConversationId>),
    request: Request,
) -> Answer<Emoji> {
    if !markup::is_emoji_name(&name) {
        let form = "must be 2 to 32 of a-z, 0-9, _ and Chinese characters, and not only digits";
        return Err(Refusal::invalid("name", form));
    }
    // Before the picture is read, so that nobody sends one for nothing; and again when it is stored.
    let (early, place) = (*caller, (kind, name.clone(), group));
    app.delivery.read(move |db| check(db, &early, &place)).await?;
    let side = if kind == EmojiKind::Sticker { STICKER_SIDE } else { EMOJI_SIDE };
    let picture = uploads::small_picture(app, caller, request, MAX_BYTES, side).await?;
    let id = URL_SAFE_NO_PAD.encode(app.random.bytes::<16>());
    let caller = *caller;
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let place = (kind, name, group);
            check(unit.db(), &caller, &place)?;
            let (kind, name, group) = place;
            let now = unit.now();
            let new = NewEmoji { id: &id, kind, name: &name, group, picture: &picture };
            store::insert(unit.db(), &new, caller.user_id, now)?;
            if group.is_none() {
                record(unit, &caller, "emoji.added", &id, json!({"name": &name}))?;
            }
            Ok(new.emoji())
        })
        .await
}

/// Who keeps the emoji of the site acts for it.
pub(super) fn record(
    unit: &mut Unit<'_>,
    caller: &Caller,
    action: &'static str,
    id: &str,
    details: Value,
) -> Answer<()> {
    let subject = format!("emoji:{id}");
    let act = Act { actor: caller.user_id, action, subject: &subject, details };
    Ok(audit::record(unit, &act)?)
}

fn check(
    db: &mut Connection,
    caller: &Caller,
    (kind, name, group): &(EmojiKind, String, Option<ConversationId>),
) -> Answer<()> {
    check_place(db, caller, *group)?;
    let conflict = |detail: String| Err(Refusal::new(Code::Conflict).detail(detail));
    if store::is_taken(db, *group, *kind, name)? {
        return conflict(format!("There is one called {name} already"));
    }
    let (now, ever) = store::count(db, *group, *kind)?;
    if now >= MAX_EMOJI {
        return conflict(format!("There are {MAX_EMOJI} already"));
    }
    if ever >= MAX_EVER {
        return conflict("Too many have come and gone here".to_owned());
    }
    Ok(())
}

/// Whether the caller looks after the emoji of a place.
pub(super) fn check_place(
    db: &mut Connection,
    caller: &Caller,
    group: Option<ConversationId>,
) -> Answer<()> {
    let may = match group {
        None => caller.permissions.contains(Permission::ManageEmoji),
        Some(group) => {
            let member = conversations::member(db, group, caller.user_id)?;
            let member = member.ok_or_else(|| Refusal::new(Code::NotFound))?;
            matches!(member.role, Role::Owner | Role::Admin)
        }
    };
    if may {
        return Ok(());
    }
    let whose = match group {
        None => "Only those who keep the emoji of the site may do that",
        Some(_) => "Only the owner and admins may do that",
    };
    Err(Refusal::new(Code::Forbidden).detail(whose))
}
