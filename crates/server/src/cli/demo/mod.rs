//! `rookery demo`: fills an empty server with a small community that talks, in Chinese and English, so that a newcomer
//! sees the product alive. What is told stands in `story.toml`; everybody in it acts through the API, as people do.

mod picture;
mod story;
mod teller;

use anyhow::Context as _;
use delivery::{Clock, Random};
use protocol::Timestamp;

use super::seed;
use crate::app::App;
use crate::config::Config;
use story::{Story, minutes};
use teller::Teller;

/// The story begins so long ago, in minutes.
const BEGINNING: i64 = 12 * 24 * 60;
/// Random characters of the password that everybody in the story shares.
const PASSWORD_CHARS: usize = 16;

/// Tells the story. What to print: who can log in, and how.
///
/// # Errors
/// When there are accounts already, or a server is running on the data.
pub(super) fn tell(mut config: Config) -> anyhow::Result<String> {
    // Twelve days are told in seconds.
    config.rate_limit = false;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let now = Clock::system().now();
        let clock = Clock::manual(Timestamp(now.millis() - minutes(BEGINNING)));
        let app = App::start(config, clock.clone(), Random::system())
            .await
            .context("stop the server first, if one is running")?;
        let told = async {
            anyhow::ensure!(
                app.database.read(seed::is_empty).await?,
                "there are accounts already; give an empty --data-dir"
            );
            let story = Story::read()?;
            let password = app.random.lowercase(PASSWORD_CHARS);
            let mut teller = Teller::new(app.clone(), clock, now);
            teller.tell(&story, &password).await?;
            let names: Vec<&str> = story.people.iter().map(|one| one.username.as_str()).collect();
            Ok(format!(
                "{} people, {} groups and {} articles.\n\
                 Start the server and log in as {} (an admin), with the password {password}\n\
                 Everybody here has this password: {}",
                story.people.len(),
                story.groups.len(),
                story.articles.len(),
                names[0],
                names.join(", ")
            ))
        }
        .await;
        app.delivery.shut_down().await;
        told
    })
}
