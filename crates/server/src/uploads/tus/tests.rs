//! Whoever asks and goes away leaves nothing half done.

use std::time::Duration;

use database::{Engine, Target, testing::Scratch};
use delivery::{Clock, Random};

use super::*;
use crate::{
    accounts,
    config::{Config, FileValues, Setting, Values},
};

/// All bytes have come and nobody has finished it: whoever asks how far it is begins that, and goes away.
async fn story(engine: Engine) {
    let (scratch, data) = (Scratch::new(engine), tempfile::tempdir().unwrap());
    let url = match scratch.target() {
        Target::Sqlite { path } => format!("sqlite:{}", path.display()),
        Target::Postgres { url } => url.clone(),
    };
    let data_dir = data.path().join("data").display().to_string();
    let given = [("listen", "127.0.0.1:0"), ("data_dir", &data_dir), ("database_url", &url)];
    let flag = |setting: &Setting| {
        let found = given.iter().find(|(key, _)| *key == setting.key);
        found.map(|(_, value)| (*value).to_owned())
    };
    let config = Config::from_values(&Values::resolve(flag, |_| None, &FileValues::default()));
    let app = App::start(config.unwrap(), Clock::movable(), Random::seeded(1)).await.unwrap();
    let ann = accounts::create_user(&app, "ann", None, false).await.unwrap();
    let id = app.random.lowercase(KEY_CHARS);
    let new = NewUpload { id: id.clone(), user_id: ann, name: "a.bin".to_owned(), size: 5 };
    let begun: Answer<()> = app
        .delivery
        .write(move |unit| {
            let now = unit.now();
            Ok(store::insert(unit.db(), &new, now, now.millis() + KEEP_UNSENT_MS)?)
        })
        .await;
    begun.unwrap();
    app.uploads.staging.create(&id).await.unwrap();
    app.uploads.staging.write(&id, "", b"a\0bcd").unwrap();

    // Finishing cannot go on until this is given back.
    let looking = &app.uploads.looking;
    let free = u32::try_from(looking.available_permits()).unwrap();
    let held = looking.acquire_many(free).await.unwrap();
    let asked = tokio::time::timeout(Duration::ZERO, measure(&app, ann, id.clone())).await;
    assert!(asked.is_err(), "who asked goes away at once");
    drop(held);
    let complete = async {
        while find(&app, ann, id.clone()).await.unwrap().completed.is_none() {
            tokio::task::yield_now().await;
        }
    };
    let complete = tokio::time::timeout(Duration::from_secs(30), complete).await;
    complete.expect("it goes on without whoever asked");
    app.delivery.shut_down().await;
}

fn run(engine: Engine) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.unwrap().block_on(story(engine));
}

#[test]
fn measuring_goes_on_without_whoever_asked_on_sqlite() {
    run(Engine::Sqlite);
}

#[test]
fn measuring_goes_on_without_whoever_asked_on_postgres() {
    run(Engine::Postgres);
}
