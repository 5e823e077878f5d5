//! Which network address a request comes from, behind proxies or not. Limits and the list of devices use it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, request::Parts};

use crate::config::Network;
use crate::problem::Refusal;

/// The other end of the TCP connection; `listener.rs` puts it on every request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The address of the client, as far as trusted proxies tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Finds the address of a request that came through `peer`.
    pub(crate) fn find(peer: Option<Peer>, headers: &HeaderMap, trusted: &[Network]) -> Self {
        // Only a request that came through no listener (a unit test) has no peer.
        let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        Self(client(peer.map_or(unknown, |peer| peer.0.ip()), headers, trusted))
    }
}

/// Walks `X-Forwarded-For` from right to left, for as long as the address before is a trusted proxy's: what
/// stands left of the first untrusted one was written by the client and means nothing.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer.to_canonical();
    let values = headers.get_all("x-forwarded-for").iter().rev();
    for hop in values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.rsplit(',')) {
        if !is_trusted(address) {
            break;
        }
        match parse_hop(hop.trim()) {
            Some(hop) => address = hop.to_canonical(),
            None => break,
        }
    }
    address
}

/// An address, with or without a port.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    hop.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let found = parts.extensions.get::<Self>().copied();
        found.ok_or_else(|| Refusal::internal("a request that did not come over the edge"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let from = |peer: &str, forwarded: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            client(peer.parse().unwrap(), &headers, &trusted).to_string()
        };
        assert_eq!(from("203.0.113.1", &["1.2.3.4"]), "203.0.113.1");
        assert_eq!(from("10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(from("10.0.0.1", &["6.6.6.6, 1.2.3.4, 10.0.0.2"]), "1.2.3.4");
        assert_eq!(from("10.0.0.1", &["6.6.6.6", "1.2.3.4:555"]), "1.2.3.4");
        assert_eq!(from("10.0.0.1", &["6.6.6.6, nonsense"]), "10.0.0.1");
        assert_eq!(from("::ffff:10.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::1");
    }
}
