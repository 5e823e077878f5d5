//! Blocking: who is blocked cannot ask, and is a friend no longer. They are not told.

use std::sync::Arc;

use database::Connection;
use delivery::Stream;
use protocol::{Block, Code, EventBody, UserId};

use super::{
    answer::drop_between,
    friendship::part,
    store::{self, MAX_BLOCKS},
    view,
};
use crate::{
    accounts,
    app::App,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// Blocks somebody. Once more changes nothing.
///
/// # Errors
/// `not_found`, `invalid` for oneself, `conflict` when 2,000 are blocked.
pub(super) async fn block(app: &Arc<App>, caller: &Caller, other: UserId) -> Answer<()> {
    let (user, state) = (caller.user_id, Arc::clone(app));
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            if !check(unit.db(), user, other)? {
                return Ok(());
            }
            let now = unit.now();
            store::insert_block(unit.db(), user, other, now)?;
            part(unit, &state, user, other)?;
            drop_between(unit, &state, user, other)?;
            let user_shown = accounts::public_user(unit.db(), &state.delivery, other)?;
            let block = Block { user: user_shown, created_at: now };
            unit.append(Stream::User(user), EventBody::BlockAdded { block })?;
            Ok(())
        })
        .await
}

/// Whether there is something to do.
fn check(db: &mut Connection, user: UserId, other: UserId) -> Answer<bool> {
    if user == other {
        return Err(Refusal::invalid("user_id", "is your own"));
    }
    if !accounts::exists(db, other)? {
        return Err(Code::NotFound.into());
    }
    if store::find_block(db, user, other)?.is_some() {
        return Ok(false);
    }
    if store::count_blocks(db, user)? >= MAX_BLOCKS {
        return Err(
            Refusal::new(Code::Conflict).detail("You block as many people as one may block.")
        );
    }
    Ok(true)
}

/// Lifts a block.
///
/// # Errors
/// `not_found`.
pub(super) async fn unblock(app: &Arc<App>, caller: &Caller, other: UserId) -> Answer<()> {
    let (user, state) = (caller.user_id, Arc::clone(app));
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let created_at = store::find_block(unit.db(), user, other)?.ok_or(Code::NotFound)?;
            store::delete_block(unit.db(), user, other)?;
            let user_shown = accounts::public_user(unit.db(), &state.delivery, other)?;
            let block = Block { user: user_shown, created_at };
            unit.append(Stream::User(user), EventBody::BlockRemoved { block })?;
            Ok(())
        })
        .await
}

/// Whom the caller blocks, the latest first.
pub(super) async fn list(app: &Arc<App>, caller: &Caller) -> Answer<Vec<Block>> {
    let (user, delivery) = (caller.user_id, app.delivery.clone());
    let read = move |db: &mut Connection| {
        let rows = store::blocks(db, user)?;
        view::blocks(db, &delivery, rows)
    };
    Ok(app.delivery.read(read).await?)
}
