//! A server that is killed right after an article that very much hangs on was removed: from then on nothing of it is to be
//! seen, and what is left of it is taken away by the server that comes after it.

mod store;

use database::{Config, Database, Engine};
use reqwest::Method;
use serde_json::json;

use store::{left, seed};

use crate::support::{DEADLINE, Place, Seeds, Server, tell, until};

/// Comments, likes and notifications; more than the server takes away in one unit.
const MANY: i64 = 1_100;
const ARTICLE: i64 = 1;

#[test]
fn what_was_removed_is_taken_away_after_a_kill_on_sqlite() {
    tell(story(Engine::Sqlite));
}

#[test]
fn what_was_removed_is_taken_away_after_a_kill_on_postgres() {
    tell(story(Engine::Postgres));
}

async fn story(engine: Engine) {
    let mut server = Server::start(Place::new(engine)).await;
    let seeds = Seeds::sow(&server, 2, 0).await;
    let (ann, ben) = (&seeds.people[0], &seeds.people[1]);
    assert!(server.kill());
    let database = Database::open(&Config::new(server.place.target(), 1)).unwrap();
    std::thread::scope(|threads| {
        let seeding = threads.spawn(|| seed(&mut database.writer().unwrap(), ann.id, ben.id));
        seeding.join().unwrap().unwrap();
    });
    assert_eq!(database.read(left).await.unwrap(), 4 * MANY);
    server.spawn();
    server.ready().await;

    let path = format!("/forum/articles/{ARTICLE}");
    let unread = ben.get("/notifications").await.unwrap().1["unread"].clone();
    assert_eq!(unread, json!(1_000), "there are so many that they are not counted any more");
    assert_eq!(ann.try_to(Method::DELETE, &path, &json!({})).await.unwrap().0, 204);
    assert!(server.kill());
    assert!(database.read(left).await.unwrap() > 3 * MANY, "most of it is still there");
    server.spawn();
    server.ready().await;
    for gone in [path.clone(), format!("{path}/comments")] {
        assert_eq!(ben.get(&gone).await.unwrap().0, 410, "{gone}");
    }
    // The server may have taken the comment away by now.
    let comment = ben.get("/forum/comments/1").await.unwrap().0;
    assert!(comment == 410 || comment == 404, "{comment}");
    let bell = ben.get("/notifications").await.unwrap().1;
    assert_eq!((&bell["notifications"], &bell["unread"]), (&json!([]), &json!(0)));
    until("nothing is left of it", DEADLINE, async || {
        (database.read(left).await.unwrap() == 0).then_some(())
    })
    .await;
}
