//! The harness: a real server on a free port, and people who talk to it over HTTP.
//!
//! ```ignore
//! both_engines! {
//!     async fn ann_greets_ben(app: TestApp) {
//!         let (ann, ben) = (app.person("ann").await, app.person("ben").await);
//!         let answer = ann.post("/friend_requests", json!({"user_id": ben.id()})).await;
//!         assert_eq!(answer.status, 201);
//!     }
//! }
//! ```
//! makes the tests `ann_greets_ben::sqlite` and `ann_greets_ben::postgres`. The latter needs
//! `ROOKERY_TEST_POSTGRES_URL`, which `cargo xtask test` sets.

mod app;
mod client;
mod process;
mod socket;
pub(crate) mod talk;

pub(crate) use app::TestApp;
pub(crate) use client::{Client, Response};
pub(crate) use process::{Operator, Server};
pub(crate) use socket::Socket;

/// Each test twice, once an engine.
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: $type:ty) $body:block)*) => {$(
        mod $name {
            use super::*;

            $(#[$meta])*
            async fn story($app: &$type) $body

            #[test]
            fn sqlite() {
                $crate::support::TestApp::run(database::Engine::Sqlite, async |app| story(app).await);
            }

            #[test]
            fn postgres() {
                $crate::support::TestApp::run(database::Engine::Postgres, async |app| story(app).await);
            }
        }
    )*};
}
pub(crate) use both_engines;
