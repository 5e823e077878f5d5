//! A set of sends costs the same number of statements, whatever the number of sends.

use database::{Engine, Target, testing::Scratch};
use delivery::{Clock, Random, Since};
use protocol::{
    ConversationId, ConversationKind, Mention, NewAttachment, NewMessage, Role, Seq, Sticker,
    UserId,
};

use super::{post::post_all, send::Send};
use crate::{
    accounts,
    app::{App, AppState},
    config::{Config, FileValues, Setting, Values},
    conversations,
    problem::Answer,
    uploads,
};

async fn app(scratch: &Scratch, data: &tempfile::TempDir) -> AppState {
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
    let values = Values::resolve(flag, |_| None, &FileValues::default());
    let config = Config::from_values(&values).unwrap();
    App::start(config, Clock::movable(), Random::seeded(1)).await.unwrap()
}

/// A conversation of these people, in which they may speak.
async fn conversation(app: &AppState, people: [UserId; 2]) -> ConversationId {
    let made: Answer<ConversationId> = app
        .delivery
        .write(move |unit| {
            let now = unit.now();
            let id = conversations::add_conversation(unit.db(), ConversationKind::Saved, now)?;
            for user in people {
                conversations::enter(unit.db(), id, user, Role::Owner, now)?;
                unit.admit(id, user, Since::Beginning)?;
            }
            Ok(id)
        })
        .await;
    made.unwrap()
}

/// Sends a set, all of which is taken; how many statements that were.
async fn statements(app: &AppState, messages: Vec<(UserId, ConversationId, NewMessage)>) -> u64 {
    let parsed = messages.into_iter().map(|(sender, id, message)| Send::parse(sender, id, message));
    let mut sends: Vec<Send> = parsed.collect::<Answer<_>>().unwrap();
    for send in &mut sends {
        // As it was found before.
        send.worked.sticker = send.message.sticker_id.clone().map(|id| Sticker {
            url: format!("/api/v1/emoji/{id}"),
            id,
            name: "wave".to_owned(),
            width: 1,
            height: 1,
        });
    }
    let counted: Answer<u64> = app
        .delivery
        .write(move |unit| {
            unit.lock()?;
            let before = unit.db().statements();
            for outcome in post_all(unit, &|_, _| Ok(()), &sends)? {
                assert!(outcome?.fresh);
            }
            Ok(unit.db().statements() - before)
        })
        .await;
    counted.unwrap()
}

async fn story(engine: Engine) {
    let (scratch, data) = (Scratch::new(engine), tempfile::tempdir().unwrap());
    let app = app(&scratch, &data).await;
    let ann = accounts::create_user(&app, "ann", None, false).await.unwrap();
    let ben = accounts::create_user(&app, "ben", None, false).await.unwrap();
    let talks = [conversation(&app, [ann, ben]).await, conversation(&app, [ben, ann]).await];
    let plain = |key: String| NewMessage {
        client_id: key,
        text: "@ben @all hello".to_owned(),
        ..NewMessage::default()
    };
    let rich = |key: String| NewMessage {
        reply_to: Some(Seq(1)),
        mentions: vec![Mention { user_id: ben, name: "ben".to_owned() }],
        mentions_all: true,
        ..plain(key)
    };
    let set = |count: usize, make: &dyn Fn(String) -> NewMessage, name: &str| {
        let one = |n: usize| {
            let sender = if n.is_multiple_of(3) { ann } else { ben };
            (sender, talks[n % 2], make(format!("{name} {count} {n}")))
        };
        (0..count).map(one).collect::<Vec<_>>()
    };
    let first = statements(&app, set(2, &plain, "plain")).await;
    assert_eq!(statements(&app, set(50, &plain, "plain")).await, first);
    let one = statements(&app, set(1, &rich, "rich")).await;
    assert_eq!(statements(&app, set(50, &rich, "rich")).await, one);
    assert_eq!(one, first + 3, "what is answered, who is named, and that they are");

    let sticker = |key: String| NewMessage {
        client_id: key,
        sticker_id: Some(format!("{:026}", 1)),
        ..NewMessage::default()
    };
    let first = statements(&app, set(2, &sticker, "sticker")).await;
    assert_eq!(statements(&app, set(50, &sticker, "sticker")).await, first);

    let taken = std::cell::Cell::new(0);
    let file = |key: String| {
        taken.set(taken.get() + 2);
        let one = |n| NewAttachment { upload_id: format!("{n:026}"), voice: None };
        NewMessage {
            client_id: key,
            attachments: vec![one(taken.get()), one(taken.get() + 1)],
            ..NewMessage::default()
        }
    };
    let few = set(2, &file, "file");
    let many = set(50, &file, "file");
    let wanted = few.iter().chain(&many).flat_map(|(user, _, message)| {
        message.attachments.iter().map(|one| (*user, one.upload_id.clone()))
    });
    let wanted: Vec<(UserId, String)> = wanted.collect();
    let complete: Answer<()> = app
        .delivery
        .write(move |unit| {
            for (user, id) in &wanted {
                uploads::complete(unit, *user, id)?;
            }
            Ok(())
        })
        .await;
    complete.unwrap();
    let first = statements(&app, few).await;
    assert_eq!(statements(&app, many).await, first);
    app.delivery.shut_down().await;
}

fn run(engine: Engine) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.unwrap().block_on(story(engine));
}

#[test]
fn a_set_is_a_fixed_number_of_statements_on_sqlite() {
    run(Engine::Sqlite);
}

#[test]
fn a_set_is_a_fixed_number_of_statements_on_postgres() {
    run(Engine::Postgres);
}
