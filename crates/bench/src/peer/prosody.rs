//! Prosody, an XMPP server in Lua, with its archive switched on for people and rooms: it keeps every message in files,
//! as Debian's default configuration would.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use tokio::process::Command;

use super::host::{Host, program};
use super::xmpp::{self, DOMAIN, Listener, PASSWORD, ROOMS, Talker};
use super::{Ground, Peer, Seat};
use crate::server::free_address;

pub(super) struct Prosody {
    host: Host,
}

impl Peer for Prosody {
    type Sender = Talker;
    type Receiver = Listener;

    async fn start(ground: &Ground<'_>) -> anyhow::Result<Self> {
        let program = program(&["/usr/bin/prosody"])?;
        let (address, folder) = (free_address()?, ground.folder);
        let people = folder.join("data").join(DOMAIN).join("accounts");
        std::fs::create_dir_all(&people)?;
        for number in 0..ground.work.people() {
            let account = format!("return {{ [\"password\"] = \"{PASSWORD}\" }};\n");
            std::fs::write(people.join(format!("{}.dat", xmpp::user(number))), account)?;
        }
        let file = folder.join("prosody.cfg.lua");
        std::fs::write(&file, config(folder, address.port()))?;
        let mut command = Command::new(program);
        command.arg("--config").arg(&file).arg("-F");
        Ok(Self { host: Host::start(command, folder, address).await? })
    }

    fn roots(&self) -> Vec<u32> {
        vec![self.host.pid]
    }

    async fn sender(&self, seat: Seat) -> anyhow::Result<Talker> {
        xmpp::sender(self.host.address, seat).await
    }

    async fn receiver(&self, seat: Seat) -> anyhow::Result<Listener> {
        xmpp::receiver(self.host.address, seat).await
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.host.stop().await
    }
}

fn config(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    format!(
        "run_as_root = {is_root}
pidfile = \"{folder}/prosody.pid\"
data_path = \"{folder}/data\"
log = {{ warn = \"{folder}/prosody.log\" }}
network_backend = \"epoll\"
interfaces = {{ \"127.0.0.1\" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{}}
s2s_ports = {{}}
s2s_direct_tls_ports = {{}}
http_ports = {{}}
https_ports = {{}}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = \"internal_plain\"
storage = \"internal\"
modules_enabled = {{ \"saslauth\", \"mam\", \"disco\" }}
modules_disabled = {{ \"s2s\", \"tls\", \"offline\" }}
default_archive_policy = true
archive_expires_after = \"never\"
VirtualHost \"{DOMAIN}\"
Component \"{ROOMS}\" \"muc\"
    modules_enabled = {{ \"muc_mam\" }}
    muc_log_by_default = true
    muc_log_expires_after = \"never\"
    muc_room_locking = false
    restrict_room_creation = false
"
    )
}
