//! Units that end devices: what was remembered of them is gone before anybody is told.

use std::sync::Arc;

use delivery::{Device, DeviceId, Unit};
use protocol::{Code, UserId};
use tokio::sync::oneshot;

use crate::{
    app::App,
    problem::{Answer, Refusal},
};

/// What a unit has ended, apart from its result.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// These are logged out; their live connections end with the commit.
    pub(crate) devices: Vec<Device>,
    /// The secrets or rights of these users' other devices changed: they are looked up anew, and stay connected.
    pub(crate) changed: Vec<UserId>,
}

impl Ended {
    /// Both.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.devices.extend(other.devices);
        self.changed.extend(other.changed);
        self
    }
}

/// Runs `f` as a unit that ends devices.
///
/// The clean-up runs on the writer thread and not in the caller's future, which may be dropped.
pub(crate) async fn revoking<T: Send + 'static>(
    app: &Arc<App>,
    f: impl FnOnce(&mut Unit<'_>) -> Answer<(T, Ended)> + Send + 'static,
) -> Answer<T> {
    let (reply, answer) = oneshot::channel();
    let state = Arc::clone(app);
    app.delivery.submit(
        move |unit| {
            let (result, ended) = f(unit)?;
            for device in &ended.devices {
                unit.end_device(*device);
            }
            Ok((result, ended))
        },
        move |outcome: Answer<(T, Ended)>| {
            let outcome = outcome.map(|(result, ended)| {
                let ids: Vec<DeviceId> = ended.devices.iter().map(|device| device.id).collect();
                state.accounts.devices.forget_devices(&ids);
                // Who connected between the commit and this is out as well.
                for device in ended.devices {
                    state.delivery.end_device(device);
                }
                state.accounts.devices.forget_users(&ended.changed);
                result
            });
            // A caller who has gone away does not want the answer; the unit stands all the same.
            drop(reply.send(outcome));
        },
    );
    answer.await.map_err(|_| Refusal::new(Code::Unavailable))?
}
