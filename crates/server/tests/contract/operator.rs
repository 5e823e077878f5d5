//! What an operator does with the real binary: start, stop, accounts, backup, restore, figures.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use database::Engine;
use serde_json::json;

use crate::support::{Client, Operator};

/// Each story on both engines; it is not async, since it waits for processes.
macro_rules! on_both_engines {
    ($(fn $name:ident($operator:ident: &Operator) $body:block)*) => {$(
        mod $name {
            use super::*;

            fn story($operator: &Operator) $body

            #[test]
            fn sqlite() {
                story(&Operator::new(Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                story(&Operator::new(Engine::Postgres));
            }
        }
    )*};
}

fn wait_for<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

async fn log_in(mut client: Client, username: &str, password: &str) -> Client {
    let answer = client.post("/session", json!({"username": username, "password": password}));
    let answer = answer.await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    client.logged_in(&answer.body);
    client
}

/// A place to listen at that nobody else has just now.
fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

on_both_engines! {
    fn the_first_admin_comes_by_the_link_and_a_stop_leaves_nobody_waiting(operator: &Operator) {
        let admin_address = free_address();
        let server = operator.serve(&["--log-level", "debug", "--admin-listen", &admin_address]);
        let token = server.setup_token().to_owned();
        wait_for(async {
            let ann = server.visitor();
            let body = json!({"username": "ann", "password": "a long password", "setup_token": token});
            let answer = ann.post("/accounts", body).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
            assert_eq!(answer.body["user"]["is_admin"], true);
            let cursor = ann.get("/events").await.body["cursor"].as_str().unwrap().to_owned();
            let path = format!("/events?wait=60&cursor={cursor}");
            let poll = tokio::spawn(async move { ann.get(&path).await });
            let admin = Client::new(format!("http://{admin_address}"));
            let parked = r#"rookery_connections{transport="poll"} 1"#;
            while !admin.get("//metrics").await.body.as_str().unwrap().contains(parked) {}
            let log = server.log();
            assert!(!log.contains(&token), "the token must not be logged");
            assert!(!log.contains("a long password"));
            let (status, took) = server.stop();
            assert!(status.success());
            assert!(took < Duration::from_secs(5), "{took:?}");
            let answer = poll.await.unwrap();
            assert!(answer.body["retry_in"].is_u64(), "{}", answer.body);
        });
        let again = operator.serve(&[]);
        assert!(!again.greeting.contains("/setup#token="), "there is an admin now");
    }

    fn a_demo_fills_an_empty_server_and_no_other(operator: &Operator) {
        let told = operator.prints(&["demo"], "");
        let password = told.split("the password ").nth(1).unwrap().split_whitespace().next().unwrap();
        assert!(operator.complains(&["demo"]).contains("there are accounts already"));
        let server = operator.serve(&[]);
        assert!(!server.greeting.contains("/setup#token="), "the first of them is an admin");
        wait_for(async {
            let lin = log_in(server.visitor(), "linxia", password).await;
            let chats = lin.get("/conversations").await.body;
            let titles = chats["conversations"].as_array().unwrap().iter().map(|one| &one["title"]);
            assert!(titles.clone().any(|title| title == "周末羽毛球"), "{chats}");
            assert!(titles.count() >= 6, "{chats}");
            let articles = lin.get("/forum/articles").await.body;
            assert_eq!(articles["articles"].as_array().unwrap().len(), 9);
            assert_eq!(articles["articles"][0]["pinned"], true);
            let found = lin.get("/search?q=歌词").await.body;
            assert!(found["articles"].as_array().is_some_and(|all| !all.is_empty()), "{found}");
            let tokens = lin.get("/tokens").await.body;
            assert!(tokens["tokens"].as_array().unwrap().is_empty(), "nobody keeps a token");
        });
    }

    fn accounts_are_made_with_and_without_a_running_server(operator: &Operator) {
        let id = operator.prints(&["user", "create", "ann", "--admin", "--password-stdin"], "ann's secret\n");
        assert_eq!(id, "10001");
        let server = operator.serve(&[]);
        assert_eq!(operator.prints(&["user", "create", "bot"], ""), "10002");
        assert!(operator.complains(&["user", "create", "ANN"]).contains("taken"));
        let token = operator.prints(&["token", "create", "bot"], "");
        assert!(operator.complains(&["token", "create", "nobody"]).contains("no such account"));
        wait_for(async {
            let ann = log_in(server.visitor(), "ann", "ann's secret").await;
            assert_eq!(ann.get("/me").await.body["is_admin"], true);
            let bot = server.visitor();
            let request = bot.raw(reqwest::Method::GET, "/me").bearer_auth(token);
            assert_eq!(bot.send(request).await.body["username"], "bot");
        });
        assert!(operator.prints(&["doctor"], "").contains("2 users"));
        assert!(operator.complains(&["serve"]).contains("another rookery"));
    }

    fn a_backup_of_a_running_server_comes_back_in_a_new_epoch(operator: &Operator) {
        operator.prints(&["user", "create", "ann", "--password-stdin"], "ann's secret\n");
        let server = operator.serve(&[]);
        let said = operator.prints(&["backup", "kept.backup"], "");
        assert!(said.ends_with("1 users, 0 conversations, 0 messages, 0 files of uploads (0 bytes), verified"), "{said}");
        let file = operator.path("kept.backup");
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).unwrap());
        assert_eq!(mode & 0o777, 0o600);
        assert!(operator.complains(&["backup", "kept.backup"]).contains("exists already"));
        let cursor = wait_for(async {
            let ann = log_in(server.visitor(), "ann", "ann's secret").await;
            ann.post("/accounts", json!({"username": "ben", "password": "ben's secret"})).await;
            ann.get("/events").await.body["cursor"].as_str().unwrap().to_owned()
        });
        assert!(operator.complains(&["restore", "kept.backup", "--force"]).contains("another rookery"));
        assert!(server.stop().0.success());
        let said = operator.prints(&["restore", "kept.backup"], "");
        assert!(said.starts_with("restored 1 users"), "{said}");
        let (_, replaced) = said.trim_end().split_once("what was there is kept in ").unwrap();
        assert!(std::fs::metadata(replaced).unwrap().len() > 0);
        let said = operator.prints(&["restore", "kept.backup", "--force"], "");
        assert!(!said.contains("kept in"), "{said}");

        let server = operator.serve(&[]);
        wait_for(async {
            let ann = log_in(server.visitor(), "ann", "ann's secret").await;
            let answer = ann.get(&format!("/events?cursor={cursor}")).await;
            assert_eq!(answer.body["reset"], true, "{}", answer.body);
        });
    }
}

on_both_engines! {
    fn seeded_people_talk(operator: &Operator) {
        let words = ["--users", "21", "--groups", "3", "--group-size", "5", "--messages", "300"];
        let words = [&["bench", "seed", "--out", "seeded"], &words[..]].concat();
        assert!(operator.prints(&words, "").contains("300 messages"));
        let seeded = std::fs::read_to_string(operator.path("seeded")).unwrap();
        let mode = std::fs::metadata(operator.path("seeded")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "there are tokens in it");
        let lines: Vec<Vec<&str>> = seeded.lines().map(|line| line.split('\t').collect()).collect();
        assert_eq!(lines.len(), 24);
        assert_eq!(lines[0][0], "10001");
        assert_eq!((lines[0][2], lines[20][2]), (lines[1][2], ""), "pairs, and one left over");
        let again = operator.complains(&["bench", "seed", "--users", "2", "--out", "again"]);
        assert!(again.contains("accounts already"), "{again}");

        let server = operator.serve(&[]);
        let browser = server.visitor();
        let send = async |token: &str, conversation: &str| {
            let path = format!("/conversations/{conversation}/messages");
            let request = browser.raw(reqwest::Method::POST, &path).bearer_auth(token);
            browser.send(request.json(&json!({"client_id": "c1", "text": "hello"}))).await
        };
        wait_for(async {
            let cursor = async |token: &str, path: &str| {
                let request = browser.raw(reqwest::Method::GET, path).bearer_auth(token);
                browser.send(request).await.body
            };
            // What they said is in the log, in the lists and in the search, as if they had sent it.
            let path = format!("/conversations/{}/messages?limit=200", lines[0][2]);
            let history = cursor(lines[0][1], &path).await;
            let history = history["messages"].as_array().unwrap().clone();
            assert!(history.len() > 5, "{history:?}");
            let last = history.last().unwrap();
            let list = cursor(lines[0][1], &format!("/conversations/{}", lines[0][2])).await;
            assert_eq!(list["last_message"], *last, "{list}");
            assert_eq!(list["last_seq"].as_u64(), Some(history.len() as u64), "{list}");
            let said = last["text"].as_str().unwrap();
            let query: String = said.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let found = cursor(lines[0][1], &format!("/search?kind=messages&q={query}")).await;
            let hits = found["messages"]["hits"].as_array().unwrap();
            assert!(hits.iter().any(|hit| hit["message"] == *last), "{found}");

            let start = cursor(lines[1][1], "/events").await;
            let head: protocol::Cursor = start["cursor"].as_str().unwrap().parse().unwrap();
            assert_eq!(head.position.get(), 300);
            let before = format!("/events?cursor={}.0", head.epoch);
            let events = cursor(lines[0][1], &before).await;
            let seen = events["events"].as_array().unwrap();
            let pair: i64 = lines[0][2].parse().unwrap();
            let of_pair = |event: &&serde_json::Value| event["conversation_id"] == pair;
            let seen: Vec<_> = seen.iter().filter(of_pair).map(|event| event["message"].clone()).collect();
            assert_eq!(seen, history);

            assert_eq!(send(lines[0][1], lines[0][2]).await.status, 201);
            let path = format!("/events?cursor={}", start["cursor"].as_str().unwrap());
            let events = cursor(lines[1][1], &path).await;
            assert_eq!(events["events"][0]["message"]["text"], "hello", "{events}");

            let (group, members) = (lines[21][1], lines[21][2].split(',').collect::<Vec<_>>());
            assert_eq!(members.len(), 5);
            let member = lines.iter().find(|line| line[0] == members[3]).unwrap();
            let outsider = lines[..21].iter().find(|line| !members.contains(&line[0])).unwrap();
            assert_eq!(send(member[1], group).await.status, 201);
            assert_eq!(send(outsider[1], group).await.status, 404);
            let members = cursor(member[1], &format!("/groups/{group}/members")).await;
            assert_eq!(members["members"].as_array().unwrap().len(), 5, "{members}");
        });
    }
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let operator = Operator::new(Engine::Sqlite);
    std::fs::write(operator.path("other"), "rookery backup 1\n{}\n").unwrap();
    assert!(operator.complains(&["restore", "other"]).contains("damaged"));
    std::fs::write(operator.path("other"), [0xff; 64]).unwrap();
    assert!(operator.complains(&["restore", "other"]).contains("no backup"));
    assert!(operator.complains(&["restore", "missing"]).contains("missing"));
}

#[test]
fn figures_are_for_the_admin_listener_only() {
    let operator = Operator::new(Engine::Sqlite);
    let address = free_address();
    let server = operator.serve(&["--admin-listen", &address]);
    wait_for(async {
        let visitor = server.visitor();
        assert_eq!(visitor.get("/site").await.status, 200);
        assert_eq!(visitor.get("//metrics").await.status, 404);
        let admin = Client::new(format!("http://{address}"));
        let figures = admin.get("//metrics").await;
        let text = figures.body.as_str().unwrap();
        let counted = r#"rookery_requests_total{method="GET",route="/api/v1/site",status="200"} 1"#;
        assert!(text.contains(counted), "{text}");
        assert!(text.contains(r#"rookery_connections{transport="websocket"} 0"#), "{text}");
        assert!(text.contains("rookery_log_head"), "{text}");
    });
}

#[test]
fn a_wrong_setting_is_named() {
    let operator = Operator::new(Engine::Sqlite);
    std::fs::write(operator.path("rookery.toml"), "lisen = '127.0.0.1:1'\n").unwrap();
    let complaint = operator.complains(&["serve"]);
    assert!(complaint.contains("rookery.toml: unknown key `lisen`"), "{complaint}");
    std::fs::write(operator.path("mine.toml"), "registration = 'maybe'\n").unwrap();
    let complaint = operator.complains(&["--config", "mine.toml"]);
    assert!(complaint.contains("`registration` in mine.toml: expected `open`"), "{complaint}");
    std::fs::remove_file(operator.path("rookery.toml")).unwrap();
    let complaint = operator.complains(&["--rate-limit", "maybe"]);
    assert!(complaint.contains("--rate-limit: expected `on` or `off`"), "{complaint}");
    assert!(operator.complains(&["--config", "none.toml"]).contains("none.toml"));
}

#[test]
fn the_example_in_the_documents_is_the_one_that_is_printed() {
    let printed = Operator::new(Engine::Sqlite).prints(&["config", "example"], "");
    let kept = std::fs::read_to_string("../../docs/rookery.example.toml").unwrap_or_default();
    assert_eq!(kept.trim(), printed, "stale: run `cargo xtask generate`");
}
