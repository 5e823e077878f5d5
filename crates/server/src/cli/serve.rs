//! `rookery serve`: start, tell the person where, serve until SIGTERM or SIGINT, stop.

use anyhow::Context as _;
use delivery::{Clock, Random};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::config::{Config, LogConfig};
use crate::{listener, router};

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
    let app = App::start(config, Clock::system(), Random::system()).await?;
    let address = app.config.network.listen;
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?;
    let address = listener.local_addr()?;
    super::say(&format!(
        "Rookery {} is at http://{address}\nData is in {}",
        env!("CARGO_PKG_VERSION"),
        app.config.storage.data_dir.display(),
    ));
    let stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    };
    let max_connections = app.config.network.max_connections;
    listener::serve(listener, router::router(app), max_connections, stop).await;
    Ok(())
}

fn start_logging(config: &LogConfig) -> anyhow::Result<()> {
    let filter: tracing_subscriber::EnvFilter = config.level.parse()?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if config.json { builder.json().try_init() } else { builder.try_init() };
    started.map_err(|error| anyhow::anyhow!("starting the log: {error}"))
}
