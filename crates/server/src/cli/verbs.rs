//! Words for what an operator does most: each is a [`Call`], or a few.

use anyhow::Context as _;
use clap::Subcommand;
use delivery::Clock;
use protocol::Timestamp;
use serde_json::{Value, json};

use super::call::Call;
use super::order::{self, Order};
use crate::config::Config;

const HOUR_MS: i64 = 3_600_000;

/// About accounts that there are. NAME is a username, or an account number.
#[derive(Debug, Subcommand)]
pub(super) enum UserVerb {
    /// List accounts.
    List {
        /// A number, the start of a username, or a part of a name.
        words: Option<String>,
        /// all, admins, suspended, muted, banned or new.
        #[arg(long, default_value = "all")]
        filter: String,
        /// newest, seen or name.
        #[arg(long, default_value = "newest")]
        sort: String,
        /// The cursor of the page before.
        #[arg(long)]
        before: Option<String>,
    },
    /// Show an account.
    Show { name: String },
    /// Let nobody log in to it for a while.
    Suspend {
        name: String,
        /// How long (12h, 7d), or until when (2030-01-31T12:00:00Z).
        until: String,
        /// Why, for the person.
        note: String,
    },
    /// End a suspension.
    Unsuspend { name: String, note: String },
    /// Let nobody log in to it any more.
    Ban { name: String, note: String },
    /// End a ban.
    Unban { name: String, note: String },
    /// Let them say nothing for a while.
    Mute {
        name: String,
        /// How long (12h, 7d), or until when (2030-01-31T12:00:00Z).
        until: String,
        /// Why, for the person.
        note: String,
    },
    /// End a mute.
    Unmute { name: String, note: String },
    /// List where they are logged in.
    Sessions { name: String },
    /// Log them out everywhere, or only there.
    Logout {
        name: String,
        /// The number of one session.
        #[arg(long)]
        session: Option<i64>,
    },
    /// Delete an account, for ever.
    Delete {
        name: String,
        /// Yes, for ever.
        #[arg(long)]
        yes: bool,
    },
    /// Give them a new password; prints it.
    ResetPassword { name: String },
    /// Make them an admin, or no longer.
    Admin {
        name: String,
        /// `on` or `off`.
        #[arg(value_parser = ["on", "off"])]
        state: String,
    },
}

/// About site roles. ID is a role's number.
#[derive(Debug, Subcommand)]
pub(super) enum RoleVerb {
    /// List roles.
    List,
    /// Make a role.
    Create { name: String, permissions: Vec<String> },
    /// Give a role these permissions, and no others.
    Change { id: i64, permissions: Vec<String> },
    /// Rename a role.
    Rename { id: i64, name: String },
    /// Remove a role.
    Delete { id: i64 },
    /// List who has a role.
    Members { id: i64 },
    /// Give somebody a role.
    Give { id: i64, user: String },
    /// Take a role from somebody.
    Take { id: i64, user: String },
}

/// About the settings that change while the server runs.
#[derive(Debug, Subcommand)]
pub(super) enum SettingsVerb {
    /// List them.
    List,
    /// Change one.
    Set { key: String, value: String },
    /// Go back to what is configured.
    Reset { key: String },
}

/// About the audit log.
#[derive(Debug, Subcommand)]
pub(super) enum AuditVerb {
    /// List the newest entries.
    List {
        /// About what: user:10001.
        #[arg(long)]
        subject: Option<String>,
        /// By which account number; 0 is the operator.
        #[arg(long)]
        actor: Option<i64>,
        /// The cursor of the page before.
        #[arg(long)]
        before: Option<String>,
    },
    /// Look whether it is whole; fails when it is not.
    Verify,
}

fn call(config: &Config, call: Call) -> anyhow::Result<String> {
    order::give(config.clone(), Order::Call(call))
}

pub(super) fn user(config: &Config, verb: UserVerb) -> anyhow::Result<String> {
    let decide = |name: &str, act: &str, until: Option<&str>, note: &str| {
        let id = find(config, name)?;
        let until = until.map(until_when).transpose()?;
        let body = json!({"user_id": id, "act": act, "until": until, "note": note});
        call(config, Call::new("POST", "/moderation/decisions".to_owned(), Some(body)))?;
        anyhow::Ok(String::new())
    };
    let at =
        |name: &str, rest: &str| anyhow::Ok(format!("/admin/users/{}{rest}", find(config, name)?));
    match verb {
        UserVerb::List { words, filter, sort, before } => {
            let words = words.unwrap_or_default();
            let mut path = format!(
                "/admin/users?q={}&filter={}&sort={}",
                encoded(&words),
                encoded(&filter),
                encoded(&sort)
            );
            if let Some(before) = before {
                path.push_str(&format!("&before={}", encoded(&before)));
            }
            call(config, Call::new("GET", path, None))
        }
        UserVerb::Show { name } => call(config, Call::new("GET", at(&name, "")?, None)),
        UserVerb::Suspend { name, until, note } => decide(&name, "suspend", Some(&until), &note),
        UserVerb::Unsuspend { name, note } => decide(&name, "unsuspend", None, &note),
        UserVerb::Ban { name, note } => decide(&name, "ban", None, &note),
        UserVerb::Unban { name, note } => decide(&name, "unban", None, &note),
        UserVerb::Mute { name, until, note } => decide(&name, "mute", Some(&until), &note),
        UserVerb::Unmute { name, note } => decide(&name, "unmute", None, &note),
        UserVerb::Sessions { name } => {
            call(config, Call::new("GET", at(&name, "/sessions")?, None))
        }
        UserVerb::Logout { name, session } => {
            let one = session.map(|id| format!("/{id}")).unwrap_or_default();
            call(config, Call::new("DELETE", at(&name, &format!("/sessions{one}"))?, None))
        }
        UserVerb::Delete { name, yes } => {
            anyhow::ensure!(yes, "this cannot be undone; say --yes");
            call(config, Call::new("DELETE", at(&name, "")?, None))
        }
        UserVerb::ResetPassword { name } => {
            let text = call(config, Call::new("POST", at(&name, "/password")?, None))?;
            let answer: Value = serde_json::from_str(&text)?;
            Ok(answer["password"].as_str().unwrap_or_default().to_owned())
        }
        UserVerb::Admin { name, state } => {
            let body = json!({"is_admin": state == "on"});
            call(config, Call::new("PATCH", at(&name, "")?, Some(body)))?;
            Ok(String::new())
        }
    }
}

pub(super) fn role(config: &Config, verb: RoleVerb) -> anyhow::Result<String> {
    let member = |id: i64, user: &str| {
        anyhow::Ok(format!("/site_roles/{id}/members/{}", find(config, user)?))
    };
    let made = match verb {
        RoleVerb::List => Call::new("GET", "/site_roles".to_owned(), None),
        RoleVerb::Create { name, permissions } => {
            let body = json!({"name": name, "permissions": permissions});
            Call::new("POST", "/site_roles".to_owned(), Some(body))
        }
        RoleVerb::Change { id, permissions } => {
            let body = json!({"permissions": permissions});
            Call::new("PATCH", format!("/site_roles/{id}"), Some(body))
        }
        RoleVerb::Rename { id, name } => {
            Call::new("PATCH", format!("/site_roles/{id}"), Some(json!({"name": name})))
        }
        RoleVerb::Delete { id } => Call::new("DELETE", format!("/site_roles/{id}"), None),
        RoleVerb::Members { id } => Call::new("GET", format!("/site_roles/{id}/members"), None),
        RoleVerb::Give { id, user } => Call::new("PUT", member(id, &user)?, None),
        RoleVerb::Take { id, user } => Call::new("DELETE", member(id, &user)?, None),
    };
    call(config, made)
}

pub(super) fn settings(config: &Config, verb: SettingsVerb) -> anyhow::Result<String> {
    let path = || "/admin/settings".to_owned();
    let change = |key: String, value: Value| {
        let body = Value::Object([(key, value)].into_iter().collect());
        Call::new("PATCH", path(), Some(body))
    };
    let text = match verb {
        SettingsVerb::List => call(config, Call::new("GET", path(), None))?,
        SettingsVerb::Set { key, value } => {
            // The name of a site may look like a number.
            let value = match value.parse::<i64>() {
                Ok(number) if key != "name" => json!(number),
                _ => json!(value),
            };
            call(config, change(key, value))?
        }
        SettingsVerb::Reset { key } => call(config, change(key, Value::Null))?,
    };
    let answer: Value = serde_json::from_str(&text)?;
    let settings = answer["settings"].as_array().context("no settings")?;
    let line = |one: &Value| {
        let mark = if one["changed"] == true { "  (changed)" } else { "" };
        format!("{} = {}{mark}", one["key"].as_str().unwrap_or_default(), one["value"])
    };
    Ok(settings.iter().map(line).collect::<Vec<_>>().join("\n"))
}

pub(super) fn audit(config: &Config, verb: AuditVerb) -> anyhow::Result<String> {
    match verb {
        AuditVerb::List { subject, actor, before } => {
            let subject = subject.map(|subject| format!("subject={}", encoded(&subject)));
            let actor = actor.map(|actor| format!("actor={actor}"));
            let before = before.map(|before| format!("before={}", encoded(&before)));
            let query: Vec<String> = [subject, actor, before].into_iter().flatten().collect();
            let path = format!("/admin/audit?{}", query.join("&"));
            call(config, Call::new("GET", path, None))
        }
        AuditVerb::Verify => {
            let text = call(config, Call::new("GET", "/admin/audit/verify".to_owned(), None))?;
            let answer: Value = serde_json::from_str(&text)?;
            anyhow::ensure!(
                answer["whole"] == true,
                "the audit log is broken at entry {}: somebody has changed it",
                answer["broken_at"]
            );
            let last = answer["last_hash"].as_str().unwrap_or_default();
            Ok(format!("whole: {} entries, the last with the hash {last}", answer["entries"]))
        }
    }
}

/// The number of an account.
fn find(config: &Config, name: &str) -> anyhow::Result<i64> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let path = format!("/admin/users?limit=100&sort=name&q={}", encoded(name));
    let text = call(config, Call::new("GET", path, None))?;
    let answer: Value = serde_json::from_str(&text)?;
    let users = answer["users"].as_array().context("no accounts")?;
    let found = users.iter().map(|one| &one["user"]).find(|user| {
        user["username"].as_str().is_some_and(|other| other.to_lowercase() == name.to_lowercase())
    });
    found.and_then(|user| user["id"].as_i64()).context("there is no such account")
}

/// `12h`, `7d`, or a time.
fn until_when(text: &str) -> anyhow::Result<Timestamp> {
    let (number, unit) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let hours = match (number.parse::<i64>(), unit) {
        (Ok(hours), "h") => Some(hours),
        (Ok(days), "d") => days.checked_mul(24),
        _ => None,
    };
    match hours.and_then(|hours| hours.checked_mul(HOUR_MS)) {
        Some(millis) => Ok(Clock::system().now().plus_millis(millis)),
        None => serde_json::from_value(json!(text)).context("say 12h, 7d or a time (RFC 3339)"),
    }
}

/// Percent-encoded for a query.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_hours_days_or_as_they_are() {
        let now = Clock::system().now().millis();
        let in_hours = |text: &str| (until_when(text).unwrap().millis() - now + 60_000) / HOUR_MS;
        assert_eq!((in_hours("12h"), in_hours("7d")), (12, 168));
        assert_eq!(
            until_when("2030-01-31T12:00:00Z").unwrap().to_string(),
            "2030-01-31T12:00:00.000Z"
        );
        for bad in ["", "7", "d", "7w", "soon", "99999999999999999d", "天"] {
            assert!(until_when(bad).is_err(), "{bad}");
        }
        assert_eq!(encoded("a b/你"), "a%20b%2F%E4%BD%A0");
    }
}
