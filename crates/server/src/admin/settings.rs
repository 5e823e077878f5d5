//! Settings that change while the server runs. A change is stored in its unit; on the writer thread, right after the
//! commit, it holds for every request; and everybody who is connected hears `site.updated`.

use std::sync::Arc;

use delivery::{Stream, Unit};
use protocol::{Code, EventBody, Permission};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;
use utoipa::ToSchema;

use crate::{
    accounts,
    app::App,
    audit::{self, Act},
    caller::Caller,
    config::Registration,
    problem::{Answer, Refusal},
    settings::site::{self, Changed, SiteSettings},
    text,
};

/// The largest size: 2^50 bytes.
const MAX_BYTES: i64 = 1 << 50;

/// A setting.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Setting {
    key: &'static str,
    /// What holds now.
    #[schema(value_type = Value)]
    value: Value,
    /// What holds when nothing is changed here: from flags, variables, the file, or by default.
    #[schema(value_type = Value)]
    configured: Value,
    /// Whether it was changed here.
    changed: bool,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Settings {
    settings: Vec<Setting>,
}

/// The settings as they are.
///
/// # Errors
/// `forbidden`.
pub(super) async fn list(app: &App, caller: &Caller) -> Answer<Settings> {
    caller.require(Permission::ManageSettings)?;
    let changed = app.delivery.read(|db| Answer::Ok(site::changed(db)?)).await?;
    Ok(view(app, &changed))
}

fn view(app: &App, changed: &Changed) -> Settings {
    let configured = SiteSettings::configured(&app.config);
    let (before, now) = (values(&configured), values(&configured.clone().with(changed)));
    let is_changed = match serde_json::to_value(changed) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    };
    let pairs = before.into_iter().zip(now);
    let settings = pairs.map(|((key, configured), (_, value))| {
        let changed = is_changed.contains_key(key);
        Setting { key, value, configured, changed }
    });
    Settings { settings: settings.collect() }
}

/// Every setting by its key. The logo has a route of its own.
fn values(site: &SiteSettings) -> Vec<(&'static str, Value)> {
    vec![
        ("name", json!(site.name)),
        ("registration", json!(site.registration)),
        ("recall_window_seconds", json!(site.recall_window_seconds)),
        ("max_file_size", json!(site.max_file_size)),
        ("upload_quota", json!(site.upload_quota)),
        ("new_account_hours", json!(site.new_account_hours)),
        ("new_account_messages_an_hour", json!(site.new_account_messages_an_hour)),
        ("new_account_posts_a_day", json!(site.new_account_posts_a_day)),
    ]
}

/// Changes settings; null takes one back to what was configured. All of them, or none.
///
/// # Errors
/// `forbidden`, `invalid`, naming the setting.
pub(super) async fn change(
    app: &Arc<App>,
    caller: &Caller,
    changes: Map<String, Value>,
) -> Answer<Settings> {
    caller.require(Permission::ManageSettings)?;
    if changes.is_empty() {
        return list(app, caller).await;
    }
    // Looked at before the unit, and put over what is stored inside it.
    let mut checked = Changed::default();
    for (key, value) in &changes {
        set(&mut checked, key, value)?;
    }
    let changed = apply(app, caller, "settings.changed", move |changed| {
        for (key, value) in &changes {
            set(changed, key, value)?;
        }
        Ok(json!(changes))
    })
    .await?;
    Ok(view(app, &changed))
}

/// Changes what is stored by `f`, which answers what the audit log is to say of it, and makes it hold.
pub(super) async fn apply(
    app: &Arc<App>,
    caller: &Caller,
    action: &'static str,
    f: impl FnOnce(&mut Changed) -> Answer<Value> + Send + 'static,
) -> Answer<Changed> {
    apply_with(app, caller, action, move |_, changed| f(changed)).await
}

/// The same with the unit at hand.
pub(super) async fn apply_with(
    app: &Arc<App>,
    caller: &Caller,
    action: &'static str,
    f: impl FnOnce(&mut Unit<'_>, &mut Changed) -> Answer<Value> + Send + 'static,
) -> Answer<Changed> {
    let (caller, state) = (*caller, Arc::clone(app));
    let (reply, answer) = oneshot::channel();
    app.delivery.submit(
        move |unit| {
            unit.lock()?;
            accounts::require_now(unit.db(), &caller, Permission::ManageSettings)?;
            let before = site::changed(unit.db())?;
            let mut changed = before.clone();
            let said = f(unit, &mut changed)?;
            site::store_changed(unit.db(), &changed)?;
            let details = json!({"changes": said, "before": before});
            let (actor, subject) = (caller.user_id, "site");
            audit::record(unit, &Act { actor, action, subject, details })?;
            unit.append(Stream::Site, EventBody::SiteUpdated {})?;
            Ok(changed)
        },
        move |outcome: Answer<Changed>| {
            if let Ok(changed) = &outcome {
                state.site.set(SiteSettings::configured(&state.config).with(changed));
            }
            // A caller who has gone away does not want the answer; the settings hold all the same.
            drop(reply.send(outcome));
        },
    );
    answer.await.map_err(|_| Refusal::new(Code::Unavailable))?
}

fn set(changed: &mut Changed, key: &str, value: &Value) -> Answer<()> {
    let number = |least: i64, most: i64| -> Answer<Option<i64>> {
        match value {
            Value::Null => Ok(None),
            _ => match value.as_i64().filter(|number| (least..=most).contains(number)) {
                Some(number) => Ok(Some(number)),
                None => {
                    Err(Refusal::invalid(key, format!("must be a number from {least} to {most}")))
                }
            },
        }
    };
    match key {
        "name" => {
            changed.name = match value {
                Value::Null => None,
                Value::String(name) => Some(text::line(key, name, 1, 64)?),
                _ => return Err(Refusal::invalid(key, "must be a text")),
            };
        }
        "registration" => {
            let refused = || Refusal::invalid(key, "must be `open`, `invitation` or `closed`");
            let read: Option<Registration> =
                serde_json::from_value(value.clone()).map_err(|_| refused())?;
            changed.registration = read;
        }
        "recall_window_seconds" => changed.recall_window_seconds = number(0, 31_536_000)?,
        "max_file_size" => changed.max_file_size = number(1, MAX_BYTES)?,
        "upload_quota" => changed.upload_quota = number(1, MAX_BYTES)?,
        "new_account_hours" => changed.new_account_hours = number(0, 24 * 366)?,
        "new_account_messages_an_hour" => {
            changed.new_account_messages_an_hour = number(0, 1_000_000)?;
        }
        "new_account_posts_a_day" => changed.new_account_posts_a_day = number(0, 1_000_000)?,
        _ => return Err(Refusal::invalid(key, format!("unknown field `{key}`"))),
    }
    Ok(())
}
