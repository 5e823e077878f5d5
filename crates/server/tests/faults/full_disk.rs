//! The disk fills up and is freed again, under a server that never restarts (G10): sends are refused with 507,
//! nothing refused is there, nothing acknowledged is lost, reads go on.
//!
//! The data lives on a small tmpfs in a mount namespace of its own, which goes with the process that holds it
//! and needs no root: `unshare` and `nsenter` of util-linux and user namespaces are enough.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use database::Engine;
use protocol::{ClientFrame, Code, ConversationId, Message, NewMessage, SendFrame, ServerFrame};
use tokio::sync::watch;

use crate::support::{DEADLINE, Link, Person, Place, Seeds, Seen, Server, Socket, Transport};
use crate::support::{tell, until};

/// Of the tmpfs: the seeded database, its log and a few hundred long messages.
const DISK: &str = "size=16m";
/// What is deleted to make space again.
const BALLAST: &str = "6MiB";
/// A disk of this size is full long before so many messages of [`TEXT_CHARS`].
const MOST_SENDS: usize = 3_000;
const TEXT_CHARS: usize = 9_000;
/// Sends while the disk is full, and after.
const MORE_SENDS: usize = 20;

#[test]
fn a_full_disk_refuses_sends_and_recovers_without_a_restart() {
    tell(story());
}

async fn story() {
    let mut place = Place::new(Engine::Sqlite);
    let disk = place.scratch().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let holder = Holder::mount(&disk);
    place.before = holder.enter();
    place.data = disk.join("data");
    let ballast = disk.join("ballast").to_str().unwrap().to_owned();
    holder.run(&["fallocate", "-l", BALLAST, &ballast]);

    let mut server = Server::start(place).await;
    let seeds = Seeds::sow(&server, 2, 0).await;
    let (ann, ben) = (&seeds.people[0], &seeds.people[1]);
    let start = ann.last_seq(ann.direct).await;
    let head = ben.head().await;
    let (set_goal, goal) = watch::channel(usize::MAX);
    let reader = tokio::spawn(listen(ben.clone(), head.clone(), goal));
    let mut writer = Writer { person: ann.clone(), sends: 0, acknowledged: Vec::new() };

    let refused = writer.fill().await;
    for _ in 0..MORE_SENDS {
        writer.send(TEXT_CHARS).await;
    }
    refuses_on_a_socket(ann).await;
    reads_go_on(ben, &writer, start, &head).await;

    holder.run(&["rm", &ballast]);
    until("sends work again", DEADLINE, async || {
        let (client_id, text) = &refused;
        let (status, body) = ann.send(ann.direct, client_id, text).await.unwrap();
        assert!(matches!(status, 201 | 507), "{status}: {body}");
        (status == 201).then_some(())
    })
    .await;
    writer.acknowledged.push(refused.0);
    for _ in 0..MORE_SENDS {
        assert!(writer.send(20).await.is_none(), "there is space");
    }

    let history = ann.history(ann.direct, start).await;
    writer.check(start, &history);
    set_goal.send_replace(history.len());
    let told = reader.await.unwrap();
    assert!(told.messages[&ben.direct] == history, "who listened all along missed nothing");

    assert!(server.kill(), "the server lived through all of it");
    server.spawn();
    server.ready().await;
    assert!(ann.history(ann.direct, start).await == history, "a restart changes nothing");
}

/// Sends one message after another, and knows which were acknowledged, in order.
struct Writer {
    person: Person,
    sends: usize,
    acknowledged: Vec<String>,
}

impl Writer {
    /// Sends until one is refused; gives that one.
    async fn fill(&mut self) -> (String, String) {
        for _ in 0..MOST_SENDS {
            if let Some(refused) = self.send(TEXT_CHARS).await {
                println!("full after {} messages", self.acknowledged.len());
                assert!(!self.acknowledged.is_empty(), "there was space for some");
                return refused;
            }
        }
        panic!("{MOST_SENDS} messages of {TEXT_CHARS} characters fit on a disk of {DISK}");
    }

    /// `client_id` and text if it was refused, which only a full disk may do.
    async fn send(&mut self, chars: usize) -> Option<(String, String)> {
        self.sends += 1;
        let (client_id, text) = (format!("send-{}", self.sends), "x".repeat(chars));
        let sent = self.person.send(self.person.direct, &client_id, &text).await;
        let (status, body) = sent.expect("the server answers");
        if status == 201 {
            self.acknowledged.push(client_id);
            return None;
        }
        assert_eq!((status, &body["code"]), (507, &"out_of_space".into()), "{body}");
        Some((client_id, text))
    }

    /// Everything acknowledged is there once, in order, dense, and nothing else.
    fn check(&self, start: i64, history: &[Message]) {
        let there: Vec<&str> = history.iter().filter_map(|m| m.client_id.as_deref()).collect();
        assert!(there == self.acknowledged, "{there:?} is there, not {:?}", self.acknowledged);
        let dense = history.iter().zip(start + 1..).all(|(message, seq)| message.seq.get() == seq);
        assert!(dense, "the history is dense");
    }
}

/// A long message is refused on a socket too, by an error that names it.
async fn refuses_on_a_socket(person: &Person) {
    let mut socket = Socket::open(person, &person.head().await).await.unwrap();
    let message = NewMessage {
        client_id: "by-socket".to_owned(),
        text: "x".repeat(TEXT_CHARS),
        ..NewMessage::default()
    };
    let conversation_id = ConversationId::new(person.direct).unwrap();
    let send = ClientFrame::Send(Box::new(SendFrame { conversation_id, message }));
    socket.send(&send).await.unwrap();
    loop {
        match socket.next().await.unwrap() {
            ServerFrame::Error { client_id, problem } => {
                let named = (client_id.as_deref(), problem.code);
                assert_eq!(named, (Some("by-socket"), Code::OutOfSpace));
                return;
            }
            ServerFrame::Sent { .. } => panic!("acknowledged on a full disk"),
            ServerFrame::Events(_) | ServerFrame::Hello { .. } | ServerFrame::Beat { .. } => {}
        }
    }
}

/// Histories, lists and events, on a full disk.
async fn reads_go_on(person: &Person, writer: &Writer, start: i64, head: &str) {
    let history = person.history(person.direct, start).await;
    writer.check(start, &history);
    for path in ["/conversations", "/me", "/friends"] {
        let (status, body) = person.get(path).await.unwrap();
        assert_eq!(status, 200, "{path}: {body}");
    }
    let mut afresh = Seen::from("short poll", head);
    let mut link = Link::open(person, Transport::ShortPoll, head).await.unwrap();
    while afresh.count(person.direct) < history.len() {
        afresh.take(link.next().await.unwrap());
    }
    assert!(afresh.messages[&person.direct] == history, "the stream tells what the history tells");
}

/// Listens on one socket until `goal` messages have come. The socket never breaks.
async fn listen(person: Person, head: String, mut goal: watch::Receiver<usize>) -> Seen {
    let mut seen = Seen::from("socket", &head);
    let mut link = Link::open(&person, Transport::WebSocket, &head).await.unwrap();
    while seen.count(person.direct) < *goal.borrow_and_update() {
        tokio::select! {
            batch = link.next() => seen.take(batch.unwrap()),
            changed = goal.changed() => changed.unwrap(),
        }
    }
    seen
}

/// The process that holds the mount: when it ends, the tmpfs is gone.
struct Holder(Child);

impl Holder {
    fn mount(at: &Path) -> Self {
        let script = format!("mount -t tmpfs -o {DISK} tmpfs \"$1\" && echo mounted && exec cat");
        let child = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"])
            .arg(at)
            // `cat` ends with this process, however that ends.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`unshare` of util-linux is installed");
        let mut holder = Self(child);
        let mut said = String::new();
        let output = holder.0.stdout.as_mut().expect("it is piped");
        BufReader::new(output).read_line(&mut said).unwrap();
        let needs = "this test mounts a tmpfs and needs user namespaces \
                     (`unshare -Urm mount -t tmpfs tmpfs /mnt` must work), or root";
        assert_eq!(said, "mounted\n", "{needs}");
        holder
    }

    /// The words that run a command where the tmpfs is mounted.
    fn enter(&self) -> Vec<String> {
        let id = self.0.id().to_string();
        let words = ["nsenter", "--target", &id, "--user", "--mount", "--preserve-credentials"];
        words.map(str::to_owned).to_vec()
    }

    fn run(&self, command: &[&str]) {
        let enter = self.enter();
        let status = Command::new(&enter[0]).args(&enter[1..]).args(command).status().unwrap();
        assert!(status.success(), "{command:?}: {status}");
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // Err: it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
