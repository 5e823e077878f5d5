//! A person with a program's token: requests that may fail because the server was killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use protocol::{Message, MessagePage};
use reqwest::Method;
use serde_json::{Value, json};

use super::DEADLINE;

/// What one request came to; the error says that no whole answer arrived.
pub(crate) type Answered = Result<(u16, Value), reqwest::Error>;

/// Somebody, and their one direct conversation.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: i64,
    /// With their friend.
    pub(crate) direct: i64,
    pub(crate) token: String,
    pub(crate) origin: String,
    http: reqwest::Client,
    /// The last request that has ended got no answer in time.
    unanswered: Arc<AtomicBool>,
}

impl Person {
    pub(crate) fn new(origin: String, token: &str, id: i64, direct: i64) -> Self {
        let http = reqwest::Client::builder().read_timeout(DEADLINE).build().unwrap();
        Self { id, direct, token: token.to_owned(), origin, http, unanswered: Arc::default() }
    }

    /// A request to a path under `/api/v1`.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/api/v1{path}", self.origin);
        self.http.request(method, url).bearer_auth(&self.token)
    }

    /// GET; the whole answer.
    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.answered(self.request(Method::GET, path)).await
    }

    /// POST that must succeed, to a server that lives.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let request = self.request(Method::POST, path).json(&body);
        let (status, body) = self.answered(request).await.unwrap();
        assert!((200..300).contains(&status), "{path} got {status}: {body}");
        body
    }

    /// Any call with a body, to a server that may be dead.
    pub(crate) async fn try_to(&self, method: Method, path: &str, body: &Value) -> Answered {
        self.answered(self.request(method, path).json(body)).await
    }

    /// Sends a message by POST.
    pub(crate) async fn send(&self, conversation: i64, client_id: &str, text: &str) -> Answered {
        let path = format!("/conversations/{conversation}/messages");
        let body = json!({"client_id": client_id, "text": text});
        self.answered(self.request(Method::POST, &path).json(&body)).await
    }

    /// The head's cursor, from a server that lives.
    pub(crate) async fn head(&self) -> String {
        let (status, body) = self.get("/events").await.unwrap();
        assert_eq!(status, 200, "{body}");
        body["cursor"].as_str().unwrap().to_owned()
    }

    /// All messages of a conversation after `seq`, page by page, from a server that lives.
    pub(crate) async fn history(&self, conversation: i64, seq: i64) -> Vec<Message> {
        let mut messages: Vec<Message> = Vec::new();
        loop {
            let after = messages.last().map_or(seq, |last| last.seq.get());
            let path =
                format!("/conversations/{conversation}/messages?after_seq={after}&limit=200");
            let (status, body) = self.get(&path).await.unwrap();
            assert_eq!(status, 200, "{body}");
            let page: MessagePage = serde_json::from_value(body).unwrap();
            let more = page.has_more;
            assert!(!more || !page.messages.is_empty(), "a page that promises more is not empty");
            messages.extend(page.messages);
            if !more {
                return messages;
            }
        }
    }

    /// The newest seq of a conversation; 0 when nothing was said.
    pub(crate) async fn last_seq(&self, conversation: i64) -> i64 {
        let (status, body) = self.get(&format!("/conversations/{conversation}")).await.unwrap();
        assert_eq!(status, 200, "{body}");
        body["last_seq"].as_i64().unwrap()
    }

    async fn answered(&self, request: reqwest::RequestBuilder) -> Answered {
        let response = self.open(request).await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok((status, body))
    }

    /// The head of an answer. A server that was killed gives none; one that lives and is silent for [`DEADLINE`], twice in
    /// a row, hangs. Once may be the client's fault: a request that it hands to a connection in the very moment in which
    /// that ends is neither answered nor given back.
    pub(super) async fn open(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let outcome = request.send().await;
        let silent = outcome.as_ref().err().filter(|error| error.is_timeout());
        if let Some(error) = silent {
            println!("not within {DEADLINE:?}: {error}");
        }
        let again = self.unanswered.swap(silent.is_some(), Ordering::Relaxed);
        assert!(!(again && silent.is_some()), "the server hangs: {silent:?}");
        outcome
    }
}
