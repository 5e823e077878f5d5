//! Telling friends that somebody came or went. Ephemeral: best effort, never logged.

use database::{Connection, Error};
use delivery::Delivery;
use protocol::EventBody;

use super::store;

/// Tells friends of every change of presence, one after the other, for as long as the server runs. There is
/// one such task; `delivery` bounds what waits for it, and drops presence first under load.
pub async fn announce_presence(delivery: Delivery) {
    while let Some((user_id, presence)) = delivery.presence_change().await {
        let read = move |db: &mut Connection| store::friend_ids(db, user_id);
        let friends: Result<_, Error> = delivery.read(read).await;
        match friends {
            Ok(friends) => {
                delivery.signal_users(&friends, EventBody::Presence { user_id, presence });
            }
            Err(error) => tracing::warn!(%error, "friends were not told of a presence"),
        }
    }
}
