//! Nothing is acknowledged before it is durable (G1), and many sends share what that costs: seen from outside, in the
//! order of the server's system calls.
//!
//! Counted here are statements and syncs, which do not depend on how fast the machine is.

use database::{Engine, testing::POSTGRES_VARIABLE};
use protocol::{ClientFrame, ConversationId, NewMessage, SendFrame, ServerFrame};

use crate::support::{Call, DEADLINE, Place, Seeds, Server, Socket, Trace, tell};

/// Sends of one socket that are unanswered at a time; see the protocol.
const AT_ONCE: usize = 32;
/// Statements of a unit of sends, however many they are: the head's lock, what was sent before, what is held, who stands
/// how, the conversations' heads, the rows, their new heads, the senders' marks; and where the unit is alone in its
/// commit, the log's rows and its head. Those for uploads and mentions are left out where there are none.
const STATEMENTS: usize = 10;

/// What a story leaves behind.
struct Told {
    calls: Vec<Call>,
    port: u16,
}

#[test]
fn sqlite_has_synced_before_anybody_is_told() {
    tell(async {
        let Some(Told { calls, port }) = talk(Engine::Sqlite).await else { return };
        for text in texts() {
            let carries = |call: &&Call| call.text.contains(&text);
            let written = calls.iter().filter(|call| call.writes("-wal")).filter(carries);
            let written = written.map(|call| call.ended).min().expect("the log has it");
            let mut syncs = calls.iter().filter(|call| call.syncs("-wal") && call.began > written);
            let synced = syncs.next().expect("the log was synced").ended;
            let told = calls.iter().filter(|call| call.says_from(port)).filter(carries);
            let told = told.map(|call| call.began).min().expect("somebody was told");
            assert!(
                synced < told,
                "{text}: written at {written}, synced at {synced}, told at {told}"
            );
        }
        let is_of_many =
            |call: &&Call| call.text.contains(&many(0)) || call.text.contains(&many(AT_ONCE - 1));
        let ends: Vec<usize> = calls.iter().filter(is_of_many).map(|call| call.began).collect();
        let (from, until) = (ends.iter().min().unwrap(), ends.iter().max().unwrap());
        let between = calls.iter().filter(|call| (from..until).contains(&&call.began));
        let syncs = between.filter(|call| call.syncs("-wal")).count();
        println!("{syncs} syncs for {AT_ONCE} sends at once");
        assert!(syncs <= AT_ONCE / 2, "{syncs} syncs for {AT_ONCE} sends at once");
    });
}

#[test]
fn postgres_has_committed_before_anybody_is_told_and_a_set_is_a_fixed_number_of_statements() {
    tell(async {
        let Some(Told { calls, port }) = talk(Engine::Postgres).await else { return };
        let server = std::env::var(POSTGRES_VARIABLE).unwrap();
        let rest = server.rsplit_once('@').unwrap().1;
        let database: u16 =
            rest.split(['/', '?']).next().unwrap().rsplit_once(':').unwrap().1.parse().unwrap();
        let asked: Vec<&Call> = calls.iter().filter(|call| call.says_to(database)).collect();
        for text in texts() {
            let carries = |call: &&&Call| call.text.contains(&text);
            let stored =
                asked.iter().filter(carries).map(|call| call.ended).min().expect("it was stored");
            let mut commits = asked.iter().filter(|call| is(call, "COMMIT") && call.began > stored);
            let committed = commits.next().expect("it was committed").ended;
            let told =
                calls.iter().filter(|call| call.says_from(port) && call.text.contains(&text));
            let told = told.map(|call| call.began).min().expect("somebody was told");
            assert!(committed < told, "{text}: committed at {committed}, told at {told}");
        }
        // Readers have connections of their own, and ask at the same time.
        let connection = |call: &Call| call.text.split_once(", ").map(|(head, _)| head.to_owned());
        let writing = asked.iter().find(|call| is_of_rows(call)).and_then(|call| connection(call));
        let sets = sets(asked.into_iter().filter(|call| connection(call) == writing));
        println!("sends and statements of each set: {sets:?}");
        assert_eq!(sets.iter().map(|(sends, _)| sends).sum::<usize>(), AT_ONCE + 2);
        assert!(sets.len() < AT_ONCE, "sends gather while the writer is busy: {sets:?}");
        let small = sets.iter().all(|(_, statements)| *statements <= STATEMENTS);
        assert!(small, "at most {STATEMENTS} statements for any number of sends: {sets:?}");
    });
}

/// Of each unit that stored messages of the story: how many, and in how many statements.
fn sets<'a>(asked: impl Iterator<Item = &'a Call>) -> Vec<(usize, usize)> {
    let mut sets = Vec::new();
    let (mut sends, mut statements) = (0, 0);
    for call in asked {
        if is(call, "BEGIN") || is(call, "SAVEPOINT unit") {
            // The first unit of a commit has no savepoint.
            sets.extend((sends > 0).then_some((sends, statements)));
            (sends, statements) = (0, 0);
        } else if is(call, "RELEASE SAVEPOINT unit") || is(call, "COMMIT") {
            if sends > 0 {
                sets.push((sends, statements));
            }
            (sends, statements) = (0, 0);
        } else if call.text.contains(", \"B") {
            // A statement that is bound to its parameters; preparing it was another message.
            statements += 1;
            sends += if is_of_rows(call) { call.text.matches("kept-").count() } else { 0 };
        }
    }
    sets
}

/// Whether it stores messages: the rows of the log that go with them have no digest.
fn is_of_rows(call: &Call) -> bool {
    call.text.contains("digest") && call.text.contains("kept-")
}

/// A plain command: its text ends the message.
fn is(call: &Call, command: &str) -> bool {
    call.text.contains(", \"Q")
        && call.text.contains(&format!("{command}\\0\","))
        && (command.starts_with("RELEASE") || !call.text.contains("RELEASE"))
}

fn one() -> String {
    "kept-alone.".to_owned()
}

fn many(number: usize) -> String {
    format!("kept-{number}.")
}

fn texts() -> Vec<String> {
    std::iter::once(one()).chain((0..AT_ONCE).map(many)).collect()
}

/// One send alone, then many at once over a socket, while the other one listens.
async fn talk(engine: Engine) -> Option<Told> {
    let mut place = Place::new(engine);
    let trace = Trace::new(place.scratch())?;
    place.before = trace.before();
    let port = place.origin().rsplit_once(':').unwrap().1.parse().unwrap();
    let mut server = Server::start(place).await;
    let seeds = Seeds::sow(&server, 2, 0).await;
    let (ann, ben) = (&seeds.people[0], &seeds.people[1]);
    let mut listening = Socket::open(ben, &ben.head().await).await.unwrap();
    // Statements are prepared at the first.
    ann.send(ann.direct, "first", "kept-first.").await.unwrap();
    let (status, body) = ann.send(ann.direct, "one", &one()).await.unwrap();
    assert_eq!(status, 201, "{body}");
    let mut speaking = Socket::open(ann, &ann.head().await).await.unwrap();
    let mut frames = Vec::new();
    for number in 0..AT_ONCE {
        let (client_id, text) = (format!("many{number}"), many(number));
        let message = NewMessage { client_id, text, ..NewMessage::default() };
        let frame = SendFrame { conversation_id: ConversationId(ann.direct), message };
        frames.push(ClientFrame::Send(Box::new(frame)));
    }
    speaking.send_together(&frames).await.unwrap();
    let answered = async {
        let mut left = AT_ONCE;
        while left > 0 {
            match speaking.next().await.unwrap() {
                ServerFrame::Sent { .. } => left -= 1,
                ServerFrame::Error { problem, .. } => panic!("{problem:?}"),
                _ => {}
            }
        }
        while listening.next().await.is_ok_and(|frame| !ends_with(&frame, &many(AT_ONCE - 1))) {}
    };
    tokio::time::timeout(DEADLINE, answered).await.unwrap();
    server.terminate();
    assert!(server.ended(DEADLINE).await.success());
    Some(Told { calls: trace.calls(), port })
}

fn ends_with(frame: &ServerFrame, text: &str) -> bool {
    serde_json::to_string(frame).unwrap().contains(text)
}
