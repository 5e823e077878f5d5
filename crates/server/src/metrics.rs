//! Figures for Prometheus, on a listener of its own that only operators reach.

use std::net::SocketAddr;
use std::sync::OnceLock;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::app::AppState;

/// There is one recorder in a process; a second server in it (a test) shares it.
static RECORDER: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();

/// Starts to record; before that, figures go nowhere and cost nothing.
///
/// # Errors
/// When something else in this process records already.
pub fn start() -> anyhow::Result<()> {
    let handle = RECORDER
        .get_or_init(|| PrometheusBuilder::new().install_recorder().map_err(|e| e.to_string()));
    handle.as_ref().map(drop).map_err(|why| anyhow::anyhow!("starting the metrics: {why}"))
}

/// Binds the listener of `ROOKERY_ADMIN_LISTEN`.
///
/// # Errors
/// When the address is taken.
pub async fn listen(address: SocketAddr) -> anyhow::Result<tokio::net::TcpListener> {
    let bound = tokio::net::TcpListener::bind(address).await;
    bound.with_context(|| format!("listening on {address} (admin_listen)"))
}

/// What the admin listener serves.
pub fn router(app: AppState) -> Router {
    Router::new().route("/metrics", get(render)).with_state(app)
}

async fn render(State(app): State<AppState>) -> Response {
    let Some(Ok(handle)) = RECORDER.get() else { return "".into_response() };
    gauges(&app);
    // Otherwise what was recorded would pile up between two looks.
    handle.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}

/// What is counted elsewhere is looked up when somebody asks.
fn gauges(app: &AppState) {
    let stats = app.delivery.stats();
    let of = |transport: &'static str, count: usize| {
        metrics::gauge!("rookery_connections", "transport" => transport).set(count as f64);
    };
    of("poll", stats.polls);
    of("sse", stats.sse);
    of("websocket", stats.websockets);
    metrics::gauge!("rookery_users_online").set(stats.online as f64);
    metrics::gauge!("rookery_log_head").set(stats.head as f64);
    metrics::gauge!("rookery_tail_events").set(stats.tail_events as f64);
    metrics::gauge!("rookery_tail_bytes").set(stats.tail_bytes as f64);
    metrics::counter!("rookery_commits_total").absolute(stats.commits);
    metrics::counter!("rookery_units_total").absolute(stats.units);
    metrics::counter!("rookery_commit_microseconds_total").absolute(stats.commit_micros);
}
