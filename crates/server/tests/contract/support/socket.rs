//! A person's WebSocket: frames in and out as JSON.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::Client;

/// Nothing on a socket takes longer.
const DEADLINE: Duration = Duration::from_secs(10);

/// An open WebSocket.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens one with the cookies of `client`, at `path` under `/api/v1`; the status of the refusal otherwise.
    pub(crate) async fn open(client: &Client, path: &str) -> Result<Self, u16> {
        Self::open_with(client, path, &[]).await
    }

    /// The same with more headers.
    pub(crate) async fn open_with(
        client: &Client,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, u16> {
        let url = client.url(path).replacen("http", "ws", 1);
        let mut request = url.into_client_request().unwrap();
        let cookie = client.cookie();
        let usual = [("cookie", &*cookie), ("sec-websocket-protocol", "rookery.v1")];
        for (name, value) in usual.iter().chain(headers) {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, response)) => {
                assert_eq!(response.headers()["sec-websocket-protocol"], "rookery.v1");
                Ok(Self(socket))
            }
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Says something.
    pub(crate) async fn say(&mut self, frame: Value) {
        self.say_text(frame.to_string()).await;
    }

    /// Says something that need not be JSON. That the server hangs up meanwhile shows in what is heard next.
    pub(crate) async fn say_text(&mut self, text: String) {
        drop(timeout(DEADLINE, self.0.send(Message::Text(text.into()))).await.unwrap());
    }

    /// Says bytes as they are, which need not be a whole frame.
    pub(crate) async fn say_bytes(&mut self, bytes: &[u8]) {
        timeout(DEADLINE, self.0.get_mut().write_all(bytes)).await.unwrap().unwrap();
    }

    /// What the answer to a ping says.
    pub(crate) async fn hear_pong(&mut self) -> Vec<u8> {
        match self.next().await {
            Some(Ok(Message::Pong(said))) => said.to_vec(),
            other => panic!("expected a pong, got {other:?}"),
        }
    }

    /// The next frame.
    pub(crate) async fn hear(&mut self) -> Value {
        match self.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("expected a frame, got {other:?}"),
        }
    }

    /// The next frame of this type; others are passed over.
    pub(crate) async fn hear_type(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.hear().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// The close frame: code and reason. Other frames are passed over.
    pub(crate) async fn hear_close(&mut self) -> (u16, String) {
        loop {
            match self.next().await {
                Some(Ok(Message::Close(Some(close)))) => {
                    return (close.code.into(), close.reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("expected a close frame, got {other:?}"),
            }
        }
    }

    async fn next(&mut self) -> Option<Result<Message, Error>> {
        timeout(DEADLINE, self.0.next()).await.unwrap()
    }
}
