//! A client that stops reading is cut within the server's write deadline, costs little memory meanwhile, and
//! resumes from its cursor without a loss (G9).

use std::net::SocketAddr;
use std::time::Duration;

use database::Engine;
use futures_util::StreamExt as _;
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use crate::support::{Link, Person, Place, Seeds, Seen, Server, Transport, tell, until};

/// 2,000 long messages: far more than two sockets' buffers hold.
const MESSAGES: usize = 2_000;
const TEXT_CHARS: usize = 9_000;
/// Sends in flight.
const WRITERS: usize = 8;
/// The write deadline of the server's sockets is 15 s.
const CUT_WITHIN: Duration = Duration::from_secs(30);
/// What the server may grow by: its tail of 16 MiB, caches and what the allocator keeps.
const GROWTH_KIB: u64 = 96 * 1024;
/// The client's receive buffer: as small as the kernel gives it.
const RECEIVE_BYTES: u32 = 4_096;

#[test]
fn who_does_not_read_is_cut_and_resumes() {
    tell(story());
}

async fn story() {
    let place = Place::new(Engine::Sqlite);
    let server = Server::start(place).await;
    let seeds = Seeds::sow(&server, 2, 0).await;
    let (ann, ben) = (&seeds.people[0], &seeds.people[1]);
    let start = ben.last_seq(ben.direct).await;
    let head = ben.head().await;

    let (mut socket, ours) = connect(ben, &head).await;
    let before = server.resident_kib();
    let writers: Vec<_> =
        (0..WRITERS).map(|writer| tokio::spawn(write(ann.clone(), writer))).collect();
    for writer in writers {
        writer.await.unwrap();
    }
    until("the reader is cut", CUT_WITHIN, async || (!is_open(ours)).then_some(())).await;
    let grown = server.resident_kib().saturating_sub(before);
    println!("the server grew by {grown} KiB");
    assert!(grown < GROWTH_KIB, "the server grew by {grown} KiB");

    let mut seen = Seen::from("the slow one", &head);
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        if let protocol::ServerFrame::Events(batch) = serde_json::from_str(&text).unwrap() {
            seen.take(batch);
        }
    }
    let had = seen.count(ben.direct);
    assert!(had < MESSAGES, "it was cut before it had everything");

    let cursor = seen.cursor.to_string();
    let mut link = Link::open(ben, Transport::WebSocket, &cursor).await.unwrap();
    while seen.count(ben.direct) < MESSAGES {
        seen.take(link.next().await.unwrap());
    }
    let history = ben.history(ben.direct, start).await;
    assert!(seen.messages[&ben.direct] == history, "{had} before the cut and the rest after");
}

/// A socket with a small receive buffer, and its own address.
async fn connect(
    person: &Person,
    cursor: &str,
) -> (tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>, SocketAddr) {
    let authority = person.origin.trim_start_matches("http://");
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(RECEIVE_BYTES).unwrap();
    let stream = socket.connect(authority.parse().unwrap()).await.unwrap();
    let ours = stream.local_addr().unwrap();
    let url = format!("ws://{authority}/api/v1/events/socket?cursor={cursor}");
    let mut request = url.into_client_request().unwrap();
    let bearer = format!("Bearer {}", person.token).parse().unwrap();
    request.headers_mut().insert("authorization", bearer);
    let (socket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
    (socket, ours)
}

/// A share of the messages, one after another.
async fn write(person: Person, writer: usize) {
    let text = "x".repeat(TEXT_CHARS);
    for number in 0..MESSAGES / WRITERS {
        let client_id = format!("{writer}-{number}");
        let sent = person.send(person.direct, &client_id, &text).await;
        let (status, body) = sent.expect("a slow reader delays nobody");
        assert_eq!(status, 201, "{body}");
    }
}

/// Whether the server's end of the connection to `client` is still open, as the kernel says (proc(5)).
fn is_open(client: SocketAddr) -> bool {
    const ESTABLISHED: &str = "01";
    let port = format!("{:04X}", client.port());
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    table.lines().skip(1).any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, _, remote, state, ..] = fields[..] else { return false };
        remote.rsplit(':').next() == Some(&port) && state == ESTABLISHED
    })
}
