//! `rookery backup` of a server that is being written to, and `rookery restore` of it elsewhere.

use std::fs;
use std::path::Path;

use database::Engine;
use tokio::sync::watch;

use crate::support::{Person, Place, Seeds, Server, tell};

/// Acknowledged before the backup begins, and again after it has ended.
const SENDS: usize = 50;

#[test]
fn a_backup_taken_under_load_restores_everything_acknowledged_before_it() {
    tell(story());
}

async fn story() {
    let place = Place::new(Engine::Sqlite);
    let server = Server::start(place).await;
    let seeds = Seeds::sow(&server, 2, 0).await;
    let (ann, ben) = (&seeds.people[0], &seeds.people[1]);
    let start = ann.last_seq(ann.direct).await;
    let head = ben.head().await;

    let (stop, stopped) = watch::channel(false);
    let (told, mut telling) = watch::channel(0);
    let writing = tokio::spawn(write(ann.clone(), told, stopped));
    let before = *telling.wait_for(|count| *count >= SENDS).await.unwrap();
    let file = server.place.scratch().join("backup");
    let file = file.to_str().unwrap();
    let place = &server.place;
    tokio::task::block_in_place(|| place.run_well(&["backup", file]));
    let during = *telling.borrow_and_update();
    telling.wait_for(|count| *count >= during + SENDS).await.unwrap();
    stop.send_replace(true);
    let acknowledged = writing.await.unwrap();

    let refused = server.place.run(&["restore", file]);
    assert!(!refused.status.success(), "nothing is restored under a running server");
    let history = ben.history(ben.direct, start).await;
    assert_eq!(history.len(), acknowledged.len(), "the refused restore changed nothing");

    let elsewhere = Place::new(Engine::Sqlite);
    refuses_a_broken_backup(Path::new(file), &elsewhere);
    elsewhere.run_well(&["restore", file]);
    let restored = Server::start(elsewhere).await;
    let there = |person: &Person| {
        Person::new(restored.place.origin(), &person.token, person.id, person.direct)
    };
    let (ann, ben) = (there(ann), there(ben));
    let copy = ben.history(ben.direct, start).await;
    assert!(copy.len() >= before, "{} of {before} acknowledged before", copy.len());
    assert!(copy.len() < acknowledged.len(), "what came after it is not in it");
    assert!(copy == history[..copy.len()], "it is the history up to a moment");

    let (status, body) = ben.get(&format!("/events?cursor={head}")).await.unwrap();
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["reset"], true, "a cursor from before cannot go on: {body}");
    assert_eq!(body["events"], serde_json::json!([]));
    let (status, body) = ann.send(ann.direct, "after-restore", "we go on").await.unwrap();
    assert_eq!(status, 201, "{body}");
    let next = copy.last().map_or(start, |last| last.seq.get()) + 1;
    assert_eq!(body["seq"], next, "and the order goes on where it was");
}

/// A backup with one bit turned is refused before anything is made of it.
fn refuses_a_broken_backup(file: &Path, place: &Place) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x20;
    let broken = place.scratch().join("broken");
    fs::write(&broken, bytes).unwrap();
    let output = place.run(&["restore", broken.to_str().unwrap()]);
    assert!(!output.status.success(), "a broken backup is refused");
    let made = fs::read_dir(&place.data).map_or(0, |entries| {
        entries.filter(|entry| entry.as_ref().unwrap().file_name() == "rookery.db").count()
    });
    assert_eq!(made, 0, "nothing was made of it");
}

/// Sends until it is told to stop; gives how many were acknowledged.
async fn write(
    person: Person,
    told: watch::Sender<usize>,
    stopped: watch::Receiver<bool>,
) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        if *stopped.borrow() {
            break;
        }
        let client_id = format!("send-{number}");
        let (status, body) = person.send(person.direct, &client_id, "hot").await.unwrap();
        assert_eq!(status, 201, "{body}");
        acknowledged.push(client_id);
        told.send_replace(acknowledged.len());
    }
    acknowledged
}
