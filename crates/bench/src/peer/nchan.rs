//! nginx with the module nchan: published over a WebSocket, heard over WebSocket, server-sent events or long polls.
//! Kept in memory for a minute, lost with the process.

use std::path::Path;

use anyhow::{Context as _, ensure};
use tokio::process::Command;

use super::cut::Cut;
use super::host::{Host, program};
use super::ws::{Listener, Talker, drain, room};
use super::{Ground, Peer, Receiver, Seat};
use crate::http::Http;
use crate::server::free_address;
use crate::websocket;

const NGINX: [&str; 2] = ["/usr/sbin/nginx", "/usr/bin/nginx"];
const MODULE: [&str; 2] =
    ["/usr/lib/nginx/modules/ngx_nchan_module.so", "/usr/lib64/nginx/modules/ngx_nchan_module.so"];

/// The server, whatever its listeners do.
struct Nchan {
    host: Host,
}

impl Nchan {
    async fn start(ground: &Ground<'_>) -> anyhow::Result<Self> {
        let (nginx, module) = (program(&NGINX)?, program(&MODULE)?);
        let (address, folder) = (free_address()?, ground.folder);
        let file = folder.join("nginx.conf");
        std::fs::write(&file, config(&module, folder, &address.to_string()))?;
        let mut command = Command::new(nginx);
        command.arg("-p").arg(folder).arg("-c").arg(file).arg("-e").arg(folder.join("error.log"));
        Ok(Self { host: Host::start(command, folder, address).await? })
    }

    async fn sender(&self, seat: Seat) -> anyhow::Result<Talker> {
        let path = format!("/pub/{}", room(seat));
        let (reader, writer) = websocket::upgrade(self.host.address, "", &path, "").await?;
        // It answers each message with how many wait.
        drain(reader);
        Ok(Talker { writer })
    }
}

/// One worker: with two, every message goes through shared memory, and costs more.
fn config(module: &Path, folder: &Path, address: &str) -> String {
    let (module, folder) = (module.display(), folder.display());
    // Without a `user`, a server that root starts hands its work to somebody who may not enter the folder.
    let user = if folder_is_roots() { "user root;" } else { "" };
    format!(
        "load_module {module};
daemon off;
{user}
worker_processes 1;
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
events {{ worker_connections 20000; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    nchan_shared_memory_size 256M;
    nchan_message_buffer_length 1000;
    nchan_message_timeout 1m;
    server {{
        listen {address};
        location ~ ^/pub/(.+)$ {{
            nchan_publisher http websocket;
            nchan_channel_id $1;
        }}
        location ~ ^/sub/(.+)$ {{
            nchan_subscriber websocket eventsource longpoll;
            nchan_subscriber_first_message newest;
            nchan_channel_id $1;
        }}
    }}
}}
"
    )
}

fn folder_is_roots() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// The same server, for each kind of listener.
macro_rules! peer {
    ($name:ident, $listener:ty, |$host:ident, $path:ident| $connect:expr) => {
        pub(super) struct $name(Nchan);

        impl Peer for $name {
            type Sender = Talker;
            type Receiver = $listener;

            async fn start(ground: &Ground<'_>) -> anyhow::Result<Self> {
                Nchan::start(ground).await.map(Self)
            }

            fn roots(&self) -> Vec<u32> {
                vec![self.0.host.pid]
            }

            async fn sender(&self, seat: Seat) -> anyhow::Result<Talker> {
                self.0.sender(seat).await
            }

            async fn receiver(&self, seat: Seat) -> anyhow::Result<$listener> {
                let ($host, $path) = (&self.0.host, format!("/sub/{}", room(seat)));
                $connect
            }

            async fn stop(self) -> anyhow::Result<()> {
                self.0.host.stop().await
            }
        }
    };
}

peer!(ByWebSocket, Listener, |host, path| {
    let (reader, writer) = websocket::upgrade(host.address, "", &path, "").await?;
    Ok(Listener { reader, writer })
});

peer!(BySse, Stream, |host, path| {
    let mut http = Http::connect(host.address, "").await?;
    http.ask(&format!("GET {path}"), "Accept: text/event-stream\r\n", b"").await?;
    let head = http.head().await?;
    ensure!(head.status == 200, "the stream got {}", head.status);
    let (stream, buffer) = http.into_stream();
    let (reader, writer) = stream.into_split();
    Ok(Stream { events: Cut::new(reader, buffer, b"\n\n"), _writer: writer })
});

peer!(ByLongPoll, Poll, |host, path| {
    let http = Http::connect(host.address, "").await?;
    Ok(Poll { http, line: format!("GET {path}"), place: String::new(), body: Vec::new() })
});

pub(super) struct Stream {
    events: Cut,
    _writer: tokio::net::tcp::OwnedWriteHalf,
}

impl Receiver for Stream {
    async fn next(&mut self) -> anyhow::Result<&[u8]> {
        self.events.next().await
    }
}

/// One message a poll, and with it the place from which the next one asks.
pub(super) struct Poll {
    http: Http,
    line: String,
    /// As headers.
    place: String,
    body: Vec<u8>,
}

impl Receiver for Poll {
    async fn next(&mut self) -> anyhow::Result<&[u8]> {
        let Self { http, line, place, body } = self;
        let (head, answer) = http.exchange_with(line, place, b"").await?;
        ensure!(head.status == 200, "a poll got {}", head.status);
        let header = |name: &str| http.header(name).with_context(|| format!("no {name}"));
        *place = format!(
            "If-Modified-Since: {}\r\nIf-None-Match: {}\r\n",
            header("last-modified")?,
            header("etag")?
        );
        *body = answer;
        Ok(body)
    }

    async fn park(&mut self) -> anyhow::Result<()> {
        self.http.ask(&self.line, &self.place, b"").await
    }
}
