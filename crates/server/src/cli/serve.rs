//! `rookery serve`: start, tell the person where, serve until SIGTERM or SIGINT, stop.

use anyhow::Context as _;
use delivery::{Clock, Random};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::control;
use crate::accounts;
use crate::app::{App, AppState};
use crate::config::{Config, LogConfig};
use crate::{jobs, listener, metrics, router};

/// Connections to the admin listener.
const MAX_ADMIN_CONNECTIONS: usize = 16;

/// Runs the server to its end.
///
/// # Errors
/// When it cannot start.
pub(super) fn run(config: Config) -> anyhow::Result<()> {
    start_logging(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(config))
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    // Before the database: a port that is taken is the commonest mistake.
    let address = config.network.listen;
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?;
    let (stopping, stopped) = watch::channel(false);
    let admin = match config.network.admin_listen {
        Some(address) => {
            metrics::start()?;
            Some(metrics::listen(address).await?)
        }
        None => None,
    };
    let app = App::start(config, Clock::system(), Random::system()).await?;
    jobs::start(&app);
    control::listen(AppState::clone(&app))?;
    if let Some(admin) = admin {
        let (router, stop) = (metrics::router(AppState::clone(&app)), wait(stopped.clone()));
        tokio::spawn(listener::serve(admin, router, MAX_ADMIN_CONNECTIONS, stop));
    }
    greet(&app, &listener).await?;
    let stop = {
        let app = AppState::clone(&app);
        async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping");
            stopping.send_replace(true);
            app.delivery.end_sessions();
        }
    };
    let max_connections = app.config.network.max_connections;
    listener::serve(listener, router::router(AppState::clone(&app)), max_connections, stop).await;
    app.delivery.shut_down().await;
    Ok(())
}

async fn wait(mut stopped: watch::Receiver<bool>) {
    // Err: the sender is gone, which is a stop as well.
    drop(stopped.wait_for(|stopped| *stopped).await);
}

/// What a person needs to know, on standard output. The one-time link is a secret: it is not logged.
async fn greet(app: &AppState, listener: &TcpListener) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let origin = match &app.config.network.public_url {
        Some(url) => url.origin.clone(),
        None => format!("http://{address}"),
    };
    let mut text = format!(
        "Rookery {} is at {origin}\nData is in {}",
        env!("CARGO_PKG_VERSION"),
        app.config.storage.data_dir.display(),
    );
    if let Some(token) = accounts::issue_setup_token(app).await? {
        text.push_str(&format!(
            "\nThere is no admin yet. Open this once to become it: {origin}/setup#token={token}"
        ));
    }
    text.push_str("\nReady.");
    super::say(&text);
    tracing::info!(%address, "serving");
    Ok(())
}

fn start_logging(config: &LogConfig) -> anyhow::Result<()> {
    let filter: tracing_subscriber::EnvFilter = config.level.parse()?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if config.json { builder.json().try_init() } else { builder.try_init() };
    started.map_err(|error| anyhow::anyhow!("starting the log: {error}"))
}
