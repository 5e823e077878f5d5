//! What the site is and what people may do there, as it holds now: what was configured, with what was changed at run
//! time over it. A change is stored in its unit and holds for every request after the commit.

use std::sync::{Arc, PoisonError, RwLock};

use database::{Connection, Error};
use serde::{Deserialize, Serialize};

use super::store;
use crate::config::{Config, Registration};

/// The key in the table.
const KEY: &str = "site";

/// The settings that can be changed while the server runs. Bounds are checked where they are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SiteSettings {
    /// 1 to 64 characters.
    pub(crate) name: String,
    /// Who may register.
    pub(crate) registration: Registration,
    /// How long a sender may take a message back, in seconds.
    pub(crate) recall_window_seconds: i64,
    /// The largest file that can be uploaded, in bytes.
    pub(crate) max_file_size: i64,
    /// How much all uploads of one person may take, in bytes.
    pub(crate) upload_quota: i64,
    /// An account counts as new for so many hours; 0 for none.
    pub(crate) new_account_hours: i64,
    /// What a new account may send in an hour: messages.
    pub(crate) new_account_messages_an_hour: i64,
    /// What a new account may post in a day: articles and comments together.
    pub(crate) new_account_posts_a_day: i64,
    /// The id of the picture that stands for the site; empty for Rookery's own.
    pub(crate) logo_id: String,
}

/// What was changed at run time; what is absent holds as configured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Changed {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) registration: Option<Registration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recall_window_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_file_size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upload_quota: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new_account_hours: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new_account_messages_an_hour: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new_account_posts_a_day: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) logo_id: Option<String>,
}

impl SiteSettings {
    /// As configured, with nothing changed.
    pub(crate) fn configured(config: &Config) -> Self {
        Self {
            name: config.site.name.clone(),
            registration: config.site.registration,
            recall_window_seconds: config.chat.recall_window_seconds,
            max_file_size: config.uploads.max_file_size,
            upload_quota: config.uploads.quota,
            new_account_hours: 24,
            new_account_messages_an_hour: 300,
            new_account_posts_a_day: 20,
            logo_id: String::new(),
        }
    }

    /// With what was changed over it.
    pub(crate) fn with(self, changed: &Changed) -> Self {
        Self {
            name: changed.name.clone().unwrap_or(self.name),
            registration: changed.registration.unwrap_or(self.registration),
            recall_window_seconds: changed
                .recall_window_seconds
                .unwrap_or(self.recall_window_seconds),
            max_file_size: changed.max_file_size.unwrap_or(self.max_file_size),
            upload_quota: changed.upload_quota.unwrap_or(self.upload_quota),
            new_account_hours: changed.new_account_hours.unwrap_or(self.new_account_hours),
            new_account_messages_an_hour: changed
                .new_account_messages_an_hour
                .unwrap_or(self.new_account_messages_an_hour),
            new_account_posts_a_day: changed
                .new_account_posts_a_day
                .unwrap_or(self.new_account_posts_a_day),
            logo_id: changed.logo_id.clone().unwrap_or(self.logo_id),
        }
    }
}

/// What was changed at run time, as it is stored.
///
/// # Errors
/// Those of the database; when what is stored cannot be read.
pub(crate) fn changed(db: &mut Connection) -> Result<Changed, Error> {
    let Some(text) = store::get(db, KEY)? else { return Ok(Changed::default()) };
    serde_json::from_str(&text)
        .map_err(|error| Error::Decode(format!("the setting `site` cannot be read: {error}")))
}

/// Stores what is changed now, in the unit that is to end with [`Current::set`].
///
/// # Errors
/// Those of the database.
pub(crate) fn store_changed(db: &mut Connection, changed: &Changed) -> Result<(), Error> {
    let text = serde_json::to_string(changed)
        .map_err(|error| Error::Decode(format!("the settings cannot be written: {error}")))?;
    store::put(db, KEY, &text)
}

/// What holds now.
#[derive(Debug)]
pub(crate) struct Current(RwLock<Arc<SiteSettings>>);

impl Current {
    pub(crate) fn new(settings: SiteSettings) -> Self {
        Self(RwLock::new(Arc::new(settings)))
    }

    /// The settings for one request: they stay the same for whoever holds them.
    pub(crate) fn get(&self) -> Arc<SiteSettings> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// To be called on the writer thread, after the commit that stored them.
    pub(crate) fn set(&self, settings: SiteSettings) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }
}
