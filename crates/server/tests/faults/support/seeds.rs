//! People, friendships and groups that are there from the start, made over HTTP as people do.

use serde_json::{Value, json};

use super::{Person, Server};

/// Who was made. People 2k and 2k + 1, from 0, are friends with a direct conversation.
pub(crate) struct Seeds {
    pub(crate) people: Vec<Person>,
    /// The group of the first people; its id is 0 when there was to be none.
    pub(crate) group: i64,
    pub(crate) members: Vec<Person>,
}

impl Seeds {
    /// Makes `users` people, and a group of the first `members` of them.
    pub(crate) async fn sow(server: &Server, users: usize, members: usize) -> Self {
        let mut people = Vec::new();
        for number in 0..users {
            people.push(register(server, &format!("person{number}")).await);
        }
        for pair in people.chunks_exact_mut(2) {
            let [one, two] = pair else { unreachable!("chunks of two") };
            befriend(one, two).await;
        }
        let members = people[..members].to_vec();
        let group = if members.is_empty() { 0 } else { gather(&members).await };
        Self { people, group, members }
    }
}

/// Registers somebody as a browser does, and makes a token for the program that they are from then on.
async fn register(server: &Server, username: &str) -> Person {
    let browser = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let origin = server.place.origin();
    let body = json!({"username": username, "password": format!("{username}'s long password")});
    let request = browser.post(format!("{origin}/api/v1/accounts")).json(&body);
    let account = created(request).await;
    let request = browser
        .post(format!("{origin}/api/v1/tokens"))
        .header("x-csrftoken", account["csrf_token"].as_str().unwrap())
        .json(&json!({"name": "story"}));
    let token = created(request).await;
    let id = account["user"]["id"].as_i64().unwrap();
    Person::new(origin, token["token"].as_str().unwrap(), id, 0)
}

async fn created(request: reqwest::RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    let status = response.status();
    let body = response.text().await.unwrap();
    assert_eq!(status, 201, "{body}");
    serde_json::from_str(&body).unwrap()
}

/// Each asks the other, which makes them friends; then they open their conversation.
async fn befriend(one: &mut Person, two: &mut Person) {
    for (from, to) in [(&*one, two.id), (&*two, one.id)] {
        from.post("/friend_requests", json!({"user_id": to})).await;
    }
    let conversation = one.post("/conversations", json!({"user_id": two.id})).await;
    one.direct = conversation["id"].as_i64().unwrap();
    two.direct = one.direct;
}

/// A group that everybody may join, and everybody in it.
async fn gather(members: &[Person]) -> i64 {
    let group = json!({"name": "everybody", "join_policy": "open"});
    let group = members[0].post("/groups", group).await["id"].as_i64().unwrap();
    for member in &members[1..] {
        member.post(&format!("/groups/{group}/join"), json!({})).await;
    }
    group
}
