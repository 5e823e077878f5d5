//! SIGTERM on the real binary, with everything in flight: who waits is told when to come back, the process ends
//! in time and with success, and nothing acknowledged is lost.

use std::time::Duration;

use database::Engine;
use reqwest::Method;

use crate::support::{
    Broken, DEADLINE, Link, Person, Place, Seeds, Seen, Server, Socket, Transport,
};
use crate::support::{tell, until};

/// From the signal to the end of the process.
const STOPS_WITHIN: Duration = Duration::from_secs(5);
/// Acknowledged before the signal comes.
const SENDS_BEFORE: usize = 20;

#[test]
fn a_server_that_is_told_to_stop_answers_everybody_and_loses_nothing() {
    tell(story());
}

async fn story() {
    let place = Place::new(Engine::Sqlite);
    let mut server = Server::start(place).await;
    let seeds = Seeds::sow(&server, 8, 0).await;
    let people = &seeds.people;
    // The friends of those who wait, of whom they learn that they wait.
    let (polls, watchers) = ([&people[0], &people[2]], [&people[1], &people[3]]);
    let (streamer, writer, friend) = (&people[4], &people[6], &people[7]);
    let start = writer.last_seq(writer.direct).await;
    let head = friend.head().await;

    // With the cursor of somebody else, so that only the poll itself makes them online.
    let polls = polls.map(|person| tokio::spawn(poll(person.clone(), head.clone())));
    for (person, watcher) in [people[0].id, people[2].id].iter().zip(watchers) {
        until("the poll is parked", DEADLINE, async || {
            let (_, user) = watcher.get(&format!("/users/{person}")).await.unwrap();
            (user["presence"] == "online").then_some(())
        })
        .await;
    }
    let cursor = streamer.head().await;
    let mut stream = Link::open(streamer, Transport::Sse, &cursor).await.unwrap();
    stream.next().await.unwrap();
    let mut socket = Socket::open(streamer, &cursor).await.unwrap();
    socket.next().await.unwrap();
    let (told, mut telling) = tokio::sync::watch::channel(0);
    let writing = tokio::spawn(write(writer.clone(), told));
    telling.wait_for(|count| *count >= SENDS_BEFORE).await.unwrap();

    server.terminate();
    let status = server.ended(STOPS_WITHIN).await;
    assert!(status.success(), "the server ended with {status}");
    for poll in polls {
        poll.await.unwrap();
    }
    while stream.next().await.is_ok() {}
    let Broken::Closed(1012, reason) = closed(socket).await else {
        panic!("the socket was told to come back");
    };
    assert!(reason.parse::<u64>().is_ok(), "the reason holds milliseconds: {reason:?}");
    let acknowledged = writing.await.unwrap();

    server.spawn();
    server.ready().await;
    let history = friend.history(friend.direct, start).await;
    let there = |client_id: &String| {
        history.iter().filter(|m| m.client_id.as_ref() == Some(client_id)).count()
    };
    for client_id in &acknowledged {
        assert_eq!(there(client_id), 1, "{client_id} was acknowledged");
    }
    let mut seen = Seen::from("friend", &head);
    let mut link = Link::open(friend, Transport::ShortPoll, &head).await.unwrap();
    while seen.count(friend.direct) < history.len() {
        seen.take(link.next().await.unwrap());
    }
    assert!(seen.messages[&friend.direct] == history, "the cursor from before goes on");
}

/// A poll that is parked for much longer than the server has.
async fn poll(person: Person, cursor: String) {
    let path = format!("/events?cursor={cursor}&wait=60");
    let (status, body) = person.get(&path).await.expect("a parked poll is answered");
    assert_eq!(status, 200, "{body}");
    assert!(body["retry_in"].is_u64(), "it says when to come back: {body}");
    assert_eq!(body["events"], serde_json::json!([]));
}

/// Sends until the server is gone; gives what was acknowledged.
async fn write(person: Person, told: tokio::sync::watch::Sender<usize>) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let client_id = format!("send-{number}");
        match person.send(person.direct, &client_id, "on the way").await {
            Ok((201, _)) => acknowledged.push(client_id),
            Ok((503, body)) => assert_eq!(body["code"], "shutting_down", "{body}"),
            Ok((status, body)) => panic!("{status}: {body}"),
            Err(_) if server_is_gone(&person).await => break,
            Err(_) => {}
        }
        told.send_replace(acknowledged.len());
    }
    acknowledged
}

/// Whether nobody listens any more: a connection that was closed between two requests is no end.
async fn server_is_gone(person: &Person) -> bool {
    person.request(Method::GET, "/session").send().await.is_err()
}

/// Why the socket ended.
async fn closed(mut socket: Socket) -> Broken {
    loop {
        if let Err(broken) = socket.next().await {
            return broken;
        }
    }
}
