//! A server for one test, in this process, on a free port and an empty database.

use std::net::SocketAddr;
use std::time::Duration;

use database::{Engine, Target, testing::Scratch};
use delivery::{Clock, Random};
use rookery::app::{App, AppState};
use rookery::config::{Config, FileValues, Setting, Values};
use rookery::{listener, router};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::Client;

/// A story that takes longer than this hangs.
const STORY_DEADLINE: Duration = Duration::from_secs(60);

/// A running server. Dropped last of all, after its clients.
pub(crate) struct TestApp {
    /// What the server's requests share, for what no client can see or do.
    pub(crate) state: AppState,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: tokio::sync::Mutex<Option<JoinHandle<()>>>,
    _data: tempfile::TempDir,
    _database: Scratch,
}

impl TestApp {
    /// Runs a story against a fresh server with the usual settings for tests.
    pub(crate) fn run(engine: Engine, story: impl AsyncFnOnce(&TestApp)) {
        Self::run_with(engine, &[], story);
    }

    /// The same with these settings (`("registration", "closed")`).
    pub(crate) fn run_with(
        engine: Engine,
        settings: &[(&str, &str)],
        story: impl AsyncFnOnce(&TestApp),
    ) {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.unwrap().block_on(async {
            let app = Self::start(engine, settings).await;
            let told = tokio::time::timeout(STORY_DEADLINE, story(&app)).await;
            told.expect("the story does not hang");
            app.stop().await;
        });
    }

    async fn start(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let database = Scratch::new(engine);
        let data = tempfile::tempdir().unwrap();
        let config = config(&database, &data, settings);
        let max_connections = config.network.max_connections;
        let state = App::start(config, Clock::movable(), Random::system()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, mut stopped) = watch::channel(false);
        let app = state.clone();
        let serving = tokio::spawn(async move {
            let stopped = async { drop(stopped.wait_for(|stopped| *stopped).await) };
            listener::serve(listener, router::router(app), max_connections, stopped).await;
        });
        let serving = tokio::sync::Mutex::new(Some(serving));
        Self { state, address, stop, serving, _data: data, _database: database }
    }

    /// Stops the server as SIGTERM does, and returns when it has stopped. Twice is once.
    pub(crate) async fn stop(&self) {
        self.state.delivery.end_sessions();
        self.stop.send_replace(true);
        if let Some(serving) = self.serving.lock().await.take() {
            serving.await.unwrap();
            self.state.delivery.shut_down().await;
        }
    }

    /// Lets time pass for the server, without anybody waiting for it.
    pub(crate) fn advance(&self, seconds: i64) {
        self.state.clock.advance(seconds * 1_000);
    }

    /// `http://127.0.0.1:port`, which is also the site's origin.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody who is not logged in.
    pub(crate) fn visitor(&self) -> Client {
        Client::new(self.origin())
    }

    /// Registers `username` and returns their browser, logged in.
    pub(crate) async fn person(&self, username: &str) -> Client {
        let mut client = self.visitor();
        let password = format!("{username}'s long password");
        let body = json!({"username": username, "password": password});
        let answer = client.post("/accounts", body).await;
        assert_eq!(answer.status, 201, "registering {username}: {}", answer.body);
        client.logged_in(&answer.body);
        client
    }

    /// Registers `username` with the token that makes the first admin.
    pub(crate) async fn admin(&self, username: &str) -> Client {
        let client = self.person(username).await;
        let token = rookery::accounts::issue_setup_token(&self.state).await.unwrap().unwrap();
        let made = client.post("/setup", json!({"setup_token": token})).await;
        assert_eq!((made.status, &made.body["is_admin"]), (200, &json!(true)), "{}", made.body);
        client
    }
}

fn config(database: &Scratch, data: &tempfile::TempDir, settings: &[(&str, &str)]) -> Config {
    let url = match database.target() {
        Target::Sqlite { path } => format!("sqlite:{}", path.display()),
        Target::Postgres { url } => url.clone(),
    };
    let data_dir = data.path().join("data").display().to_string();
    let usual = [
        ("listen", "127.0.0.1:0"),
        ("data_dir", &data_dir),
        ("database_url", &url),
        ("rate_limit", "off"),
    ];
    let flag = |setting: &Setting| {
        let mut pairs = settings.iter().chain(&usual);
        pairs.find(|(key, _)| *key == setting.key).map(|(_, value)| (*value).to_owned())
    };
    Config::from_values(&Values::resolve(flag, |_| None, &FileValues::default())).unwrap()
}
