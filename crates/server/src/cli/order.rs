//! What an operator can order, from a running server or, when none runs, from this process.

use std::path::PathBuf;

use delivery::{Clock, Random};
use serde::{Deserialize, Serialize};

use super::call::{self, Call};
use super::{control, doctor};
use crate::accounts;
use crate::app::{App, AppState};
use crate::backup;
use crate::config::Config;

/// An order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// Make an account.
    CreateUser {
        /// Its username.
        username: String,
        /// Without one nobody logs in by password.
        password: Option<String>,
        /// May administer the site.
        admin: bool,
    },
    /// Make a bearer token for an account.
    CreateToken {
        /// Whose.
        username: String,
    },
    /// Write a backup.
    Backup {
        /// Absolute, and not there yet.
        file: PathBuf,
    },
    /// Look whether everything is well.
    Doctor,
    /// A request to the API.
    Call(Call),
}

/// Has an order carried out, by the running server if there is one. What to print.
///
/// # Errors
/// Why it was not done.
pub(super) fn give(config: Config, order: Order) -> anyhow::Result<String> {
    if let Some(text) = control::ask(&config.storage.data_dir, &order)? {
        return Ok(text);
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let app = App::start(config, Clock::system(), Random::system()).await?;
        let done = perform(&app, order).await;
        app.delivery.shut_down().await;
        done
    })
}

/// Carries an order out.
///
/// # Errors
/// Why it was not done.
pub(super) async fn perform(app: &AppState, order: Order) -> anyhow::Result<String> {
    match order {
        Order::CreateUser { username, password, admin } => {
            let id = accounts::create_user(app, &username, password, admin).await?;
            Ok(format!("{id}"))
        }
        Order::CreateToken { username } => {
            Ok(accounts::create_token_for(app, &username).await?.token)
        }
        Order::Backup { file } => backup::write(app, &file).await,
        Order::Doctor => doctor::examine(app).await,
        Order::Call(made) => call::perform(app, made).await,
    }
}
