//! What every request shares, and the order in which a server starts and stops.

use std::sync::Arc;

use anyhow::Context as _;
use database::Database;
use delivery::{Clock, Delivery, Limits, Random, Wakes};

use crate::accounts::Accounts;
use crate::admin::Tickets;
use crate::config::Config;
use crate::conversations::{self, ReadMarks};
use crate::data_dir::DataDir;
use crate::figures::Figures;
use crate::forum::{self, Views};
use crate::jobs::Runs;
use crate::messages::Inbox;
use crate::new_accounts::NewAccounts;
use crate::rate_limit::RateLimits;
use crate::settings::site::{Current, SiteSettings};
use crate::uploads::{self, Uploads};
use crate::word_list::{self, Matcher, WordList};
use crate::{friends, search, settings};

/// What every request shares. There is one in a process, behind an [`AppState`].
pub struct App {
    /// What the operator decided.
    pub config: Config,
    /// Reads that need no cursor. Writes go through delivery.
    pub database: Database,
    /// The log: everything that is written, and everybody who is told.
    pub delivery: Delivery,
    /// The time.
    pub clock: Clock,
    /// Secrets are drawn from it.
    pub random: Random,
    /// Who has done what how often.
    pub limits: RateLimits,
    /// Sends that wait for the writer.
    pub inbox: Inbox,
    /// Views of articles that are not stored yet.
    pub views: Views,
    /// Read marks that were told of lately.
    pub read_marks: ReadMarks,
    /// What the site is, as it holds now.
    pub(crate) site: Current,
    /// Words that are not welcome.
    pub(crate) words: WordList,
    /// What an overview shows of the last hour.
    pub(crate) figures: Figures,
    /// What the jobs did last.
    pub(crate) runs: Runs,
    /// Held by the one that fills the search index: the task, or a test that does not wait for it.
    pub(crate) indexing: tokio::sync::Mutex<()>,
    /// Who may download a backup for now.
    pub(crate) tickets: Tickets,
    /// What new accounts have done.
    pub(crate) new_accounts: NewAccounts,
    /// Signs CSRF tokens; kept in the database, so that a restart logs nobody out.
    pub secret: [u8; 32],
    /// Held for as long as anything may touch the data.
    _data_dir: DataDir,
    /// Devices that were looked up before, and the line for hashing passwords.
    pub(crate) accounts: Accounts,
    /// Where uploads are, and the lines for working on them.
    pub(crate) uploads: Uploads,
}

/// axum's `State`.
pub type AppState = Arc<App>;

impl App {
    /// Opens the database and starts everything that requests need. Call inside a tokio runtime.
    ///
    /// # Errors
    /// When the database cannot be opened or is of another version.
    pub async fn start(config: Config, clock: Clock, random: Random) -> anyhow::Result<AppState> {
        let _data_dir = DataDir::lock(&config.storage.data_dir)?;
        let target = database::Target::parse(&config.storage.database_url)?;
        let database = Database::open(&database::Config::new(target, clock.now().millis()))?;
        let delivery = Delivery::start(
            database.clone(),
            clock.clone(),
            random.clone(),
            Limits::default(),
            Wakes::Reliable,
        )?;
        let drawn = settings::draw_secret(&random);
        let (secret, changed, words) = delivery
            .write(move |unit| {
                Ok::<_, database::Error>((
                    settings::secret(unit.db(), &drawn)?,
                    settings::site::changed(unit.db())?,
                    word_list::words(unit.db())?,
                ))
            })
            .await?;
        search::prepare(&delivery).await?;
        let site = Current::new(SiteSettings::configured(&config).with(&changed));
        let words = Matcher::new(&words).context("making the list of words ready")?;
        let words = WordList::new(words);
        let figures = Figures::new(clock.now());
        let new_accounts = NewAccounts::new(config.rate_limit);
        let limits = RateLimits::new(config.rate_limit, clock.clone());
        let accounts = Accounts::new(&random);
        let uploads = Uploads::open(&config)?;
        tokio::spawn(friends::announce_presence(delivery.clone()));
        let (inbox, read_marks) = (Inbox::default(), ReadMarks::new());
        let app = Arc::new(Self {
            config,
            database,
            delivery,
            clock,
            random,
            limits,
            inbox,
            views: Views::default(),
            read_marks,
            site,
            words,
            figures,
            runs: Runs::default(),
            indexing: tokio::sync::Mutex::default(),
            tickets: Tickets::default(),
            new_accounts,
            secret,
            _data_dir,
            accounts,
            uploads,
        });
        tokio::spawn(conversations::tell_pending(Arc::downgrade(&app)));
        tokio::spawn(forum::follow(Arc::downgrade(&app)));
        tokio::spawn(search::follow(Arc::downgrade(&app)));
        tokio::spawn(uploads::collect(Arc::downgrade(&app)));
        Ok(app)
    }
}
