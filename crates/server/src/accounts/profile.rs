//! Changing one's own profile. Telling friends is above this slice: see `friends/profile.rs`.

use std::sync::Arc;

use delivery::Unit;
use protocol::{Me, QuietHours, UserId};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{store, user};
use crate::{
    app::App,
    caller::Caller,
    problem::{Answer, Refusal},
    text,
};

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    name: Option<String>,
    /// Up to 255 characters.
    #[schema(max_length = 255)]
    signature: Option<String>,
    /// The language of the client.
    locale: Option<Locale>,
    /// Whether others may know how far the caller has read, from now on.
    read_receipts: Option<bool>,
    /// When one's devices give no notice; null ends it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<QuietHours>)]
    quiet_hours: Option<Option<QuietHours>>,
}

impl ProfileChange {
    /// Whether others see anything of it.
    pub fn is_public(&self) -> bool {
        self.name.is_some() || self.signature.is_some()
    }
}

/// Null is something else than nothing at all.
fn given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<QuietHours>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The languages that the client speaks.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Locale {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Locale {
    fn as_str(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

/// Changes the caller's profile.
///
/// # Errors
/// `invalid`, `words_refused`.
pub async fn change_profile(app: &Arc<App>, caller: &Caller, change: ProfileChange) -> Answer<Me> {
    let name = change.name.map(|name| text::line("name", &name, 1, 64)).transpose()?;
    let signature =
        change.signature.map(|line| text::line("signature", &line, 0, 255)).transpose()?;
    for text in name.iter().chain(&signature) {
        app.words.check_name(text)?;
    }
    if change.quiet_hours.flatten().is_some_and(|quiet| quiet.from == quiet.until) {
        return Err(Refusal::invalid("quiet_hours", "must end at another time than they begin"));
    }
    let (id, state) = (caller.user_id, Arc::clone(app));
    app.delivery
        .write(move |unit| {
            let mut row = user::row(unit.db(), id)?;
            row.name = name.unwrap_or(row.name);
            row.signature = signature.unwrap_or(row.signature);
            if let Some(locale) = change.locale {
                locale.as_str().clone_into(&mut row.locale);
            }
            row.read_receipts = change.read_receipts.unwrap_or(row.read_receipts);
            row.quiet_hours = change.quiet_hours.unwrap_or(row.quiet_hours);
            store::update_profile(unit.db(), &row, &text::key(&row.name))?;
            Ok(row.own(unit.db(), &state.delivery)?)
        })
        .await
}

/// Leaves nothing of what `user` says of themselves: they are called by their username.
///
/// # Errors
/// `not_found`.
pub(crate) fn clear_profile(unit: &mut Unit<'_>, user: UserId) -> Answer<()> {
    let mut row = user::row(unit.db(), user)?;
    row.name.clone_from(&row.username);
    row.signature.clear();
    store::update_profile(unit.db(), &row, &text::key(&row.name))?;
    Ok(())
}

/// Gives `user` another picture, or none: the id of one in `avatars`, which `uploads` has stored.
pub fn set_avatar(
    unit: &mut Unit<'_>,
    user: UserId,
    avatar_id: Option<&str>,
) -> Result<(), database::Error> {
    store::set_avatar(unit.db(), user, avatar_id)
}
