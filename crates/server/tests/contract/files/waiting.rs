//! Connections that break, requests that meet, and uploads that nobody comes back for.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use rookery::uploads;
use storage::Place;

use super::{begin, begun, offset, part, uploaded};
use crate::support::{TestApp, both_engines};

/// A day and a minute, in seconds.
const A_DAY: i64 = 24 * 60 * 60 + 60;

/// A body that begins like this and then breaks off.
fn broken(start: &'static [u8]) -> reqwest::Body {
    let first = stream::once(async move { Ok(Bytes::from_static(start)) });
    let end = stream::once(async { Err(std::io::Error::other("the tunnel")) });
    reqwest::Body::wrap_stream(first.chain(end))
}

/// A body that begins like this and never goes on.
fn stuck(start: &'static [u8]) -> reqwest::Body {
    let first = stream::once(async move { Ok::<_, std::io::Error>(Bytes::from_static(start)) });
    reqwest::Body::wrap_stream(first.chain(stream::pending()))
}

fn files_in(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { files_in(&path) } else { 1 }
        })
        .sum()
}

/// How many files there are of uploads, arriving or stored.
pub(super) fn stored(app: &TestApp) -> usize {
    let config = &app.state.config;
    let Place::Local(objects) = &config.uploads.place else { panic!("a local directory") };
    files_in(objects) + files_in(&config.storage.data_dir.join("uploading"))
}

both_engines! {
    async fn a_broken_connection_loses_nothing_that_came(app: TestApp) {
        let ann = app.person("ann").await;
        let id = begun(&ann, "a.txt", 10).await;
        let request = crate::files::tus(&ann, reqwest::Method::PATCH, &format!("/uploads/{id}"))
            .header("Content-Type", "application/offset+octet-stream")
            .header("Upload-Offset", 0)
            .body(broken(b"hello"));
        request.send().await.unwrap_err();
        let reached: usize = offset(&ann, &id).await.parse().unwrap();
        assert!(reached <= 5);
        let rest = part(&ann, &id, reached, b"helloworld"[reached..].to_vec()).await;
        assert_eq!((rest.status, rest.header("upload-offset")), (204, "10"));
        assert_eq!(ann.get(&format!("/uploads/{id}")).await.body["complete"], true);
    }

    async fn who_comes_back_is_not_kept_waiting_by_a_dead_request(app: TestApp) {
        let ann = app.person("ann").await;
        let id = begun(&ann, "a.txt", 10).await;
        let (first, then) = tokio::join!(part(&ann, &id, 0, stuck(b"hello")), async {
            // Until the first one has its turn, and a byte has come.
            while ann.get(&format!("/uploads/{id}")).await.body["offset"] != 5 {}
            offset(&ann, &id).await
        });
        assert_eq!((first.status, first.code()), (423, "locked"));
        assert_eq!(then, "5");
        assert_eq!(part(&ann, &id, 5, "world").await.status, 204);
    }

    async fn cancelling_ends_what_is_just_coming(app: TestApp) {
        let ann = app.person("ann").await;
        let id = begun(&ann, "a.txt", 10).await;
        let path = format!("/uploads/{id}");
        let (first, cancelled) = tokio::join!(part(&ann, &id, 0, stuck(b"hello")), async {
            while ann.get(&path).await.body["offset"] != 5 {}
            ann.send(crate::files::tus(&ann, reqwest::Method::DELETE, &path)).await.status
        });
        assert_eq!((first.status, cancelled), (423, 204));
        assert_eq!(stored(app), 0);
    }

    async fn a_person_has_few_at_a_time(app: TestApp) {
        let ann = app.person("ann").await;
        let mut ids = Vec::new();
        for _ in 0..7 {
            ids.push(begun(&ann, "a.txt", 10).await);
        }
        let (last, busy) = ids.split_last().unwrap();
        let six = futures_util::future::join_all(busy.iter().map(|id| part(&ann, id, 0, stuck(b"hello"))));
        let seventh = async {
            for id in busy {
                while ann.get(&format!("/uploads/{id}")).await.body["offset"] != 5 {}
            }
            part(&ann, last, 0, "helloworld").await
        };
        tokio::select! {
            _ = six => panic!("they are stuck"),
            answer = seventh => assert_eq!((answer.status, answer.code()), (429, "rate_limited")),
        }
    }

    async fn what_nobody_sends_is_thrown_away(app: TestApp) {
        let ann = app.person("ann").await;
        let half = begun(&ann, "half", 1_000).await;
        assert_eq!(part(&ann, &half, 0, vec![7; 400]).await.status, 204);
        let whole = uploaded(&ann, "whole.png", &crate::files::picture(30, 20, image::ImageFormat::Png)).await;
        let whole = whole["id"].as_str().unwrap();
        assert_eq!(stored(app), 3, "half of one; the other with its preview");
        assert_eq!(uploads::collect_expired(&app.state).await.unwrap(), 0);
        app.advance(A_DAY);
        for id in [&half, whole] {
            assert_eq!(ann.get(&format!("/uploads/{id}")).await.status, 404, "from then on");
        }
        assert_eq!(ann.get("/uploads/usage").await.body["used"], 0);
        let collecting = async {
            while stored(app) > 0 {
                uploads::collect_expired(&app.state).await.unwrap();
            }
        };
        tokio::time::timeout(Duration::from_secs(10), collecting).await.unwrap();
        assert_eq!(begin(&ann, "next", 10).await.status, 201);
    }

    async fn what_no_upload_names_is_thrown_away(app: TestApp) {
        let ann = app.person("ann").await;
        uploaded(&ann, "kept.txt", b"kept").await;
        let Place::Local(objects) = &app.state.config.uploads.place else { panic!("a directory") };
        let orphan = objects.join("0a/rphan0000000000000000");
        std::fs::create_dir_all(orphan.parent().unwrap()).unwrap();
        std::fs::write(&orphan, "of a crash").unwrap();
        let foreign = objects.join("README");
        std::fs::write(&foreign, "not one of ours").unwrap();
        let staged = app.state.config.storage.data_dir.join("uploading/0rphan.clean");
        std::fs::write(&staged, "of a crash").unwrap();
        assert_eq!(uploads::collect_orphans(&app.state).await.unwrap(), 0, "they may be on their way");
        app.advance(A_DAY);
        assert_eq!(uploads::collect_orphans(&app.state).await.unwrap(), 2);
        assert!(!orphan.exists() && !staged.exists() && foreign.exists());
        assert_eq!(stored(app), 2, "what has a row is for the other job");
    }

    async fn what_cannot_begin_takes_no_room(app: TestApp) {
        let ann = app.person("ann").await;
        let Place::Local(objects) = &app.state.config.uploads.place else { panic!("a directory") };
        let (arriving, away) = (app.state.config.storage.data_dir.join("uploading"), objects.with_extension("away"));
        std::fs::rename(objects, &away).unwrap();
        std::fs::write(objects, "no folder").unwrap();
        assert_eq!(begin(&ann, "nothing", 0).await.status, 503, "complete at once, if it could be stored");
        std::fs::remove_file(objects).unwrap();
        std::fs::rename(&away, objects).unwrap();
        std::fs::remove_dir_all(&arriving).unwrap();
        assert_eq!(begin(&ann, "large", 1_000_000).await.status, 500);
        assert_eq!(ann.get("/uploads/usage").await.body["used"], 0);
        std::fs::create_dir(&arriving).unwrap();
        assert_eq!(begin(&ann, "large", 1_000_000).await.status, 201);
        assert_eq!(stored(app), 1);
    }

    async fn what_a_crash_left_beside_a_complete_upload_is_thrown_away(app: TestApp) {
        let ann = app.person("ann").await;
        let sent = uploaded(&ann, "kept.txt", b"kept").await;
        let half = begun(&ann, "half", 10).await;
        let id = sent["id"].as_str().unwrap();
        let message = serde_json::json!({"client_id": "one", "attachments": [{"upload_id": id}]});
        let club = crate::support::talk::group(&ann, "club", &[]).await;
        assert_eq!(ann.post(&format!("/conversations/{club}/messages"), message).await.status, 201);
        let staged = |name: &str| app.state.config.storage.data_dir.join("uploading").join(name);
        for ending in ["", ".clean", ".preview"] {
            std::fs::write(staged(&format!("{id}{ending}")), "of a crash").unwrap();
        }
        app.advance(A_DAY);
        assert_eq!(uploads::collect_orphans(&app.state).await.unwrap(), 3);
        assert!(staged(&half).exists(), "what arrives has a time of its own");
        assert_eq!(stored(app), 2);
    }
}
