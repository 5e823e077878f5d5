//! Tokens: how programs log in. They do not expire; their owner revokes them.

use std::sync::Arc;

use database::Connection;
use delivery::{Device, DeviceId, Random, Unit};
use protocol::{Code, NewToken, Token, TokenId, UserId};
use serde_json::json;

use super::{
    revoke::{Ended, revoking},
    store,
};
use crate::{
    accounts::{credential::Secret, store as accounts_store},
    app::App,
    audit::{self, Act, OPERATOR},
    caller::Caller,
    problem::{Answer, Refusal},
    text,
};

/// The most tokens a person has.
const MAX_TOKENS: i64 = 100;
/// So that a person, or a scanner of leaked secrets, knows what they have found.
const PREFIX: &str = "rookery_";

/// What a token is called that was made on the command line.
const OPERATORS_NAME: &str = "command line";

/// Makes a token called `name` (1 to 64 characters) for `user`, who exists.
///
/// # Errors
/// `conflict` when they have a hundred.
pub fn create_token(
    unit: &mut Unit<'_>,
    random: &Random,
    user: UserId,
    name: &str,
) -> Answer<NewToken> {
    if store::count_tokens(unit.db(), user)? >= MAX_TOKENS {
        return Err(Refusal::new(Code::Conflict)
            .detail("You have as many tokens as there may be. Revoke one first."));
    }
    let secret = Secret::draw(random, PREFIX);
    let now = unit.now();
    let id = store::insert_token(unit.db(), user, name, &secret.hash, now)?;
    Ok(NewToken { id, name: name.to_owned(), token: secret.text })
}

/// Makes a token for the account with this username, for the operator.
///
/// # Errors
/// `not_found` when there is no such account, `conflict` when it has a hundred.
pub async fn create_token_for(app: &App, username: &str) -> Answer<NewToken> {
    let (key, random) = (text::key(username), app.random.clone());
    app.delivery
        .write(move |unit| match accounts_store::credentials(unit.db(), &key)? {
            Some((user, _, _)) => {
                let token = create_token(unit, &random, user, OPERATORS_NAME)?;
                let (subject, details) = (format!("user:{user}"), json!({"token_id": token.id}));
                let action = "token.created";
                audit::record(unit, &Act { actor: OPERATOR, action, subject: &subject, details })?;
                Ok(token)
            }
            None => Err(Refusal::new(Code::NotFound).detail("There is no such account")),
        })
        .await
}

/// The caller's tokens, the newest first.
pub(crate) async fn list_tokens(app: &App, caller: &Caller) -> Answer<Vec<Token>> {
    let user = caller.user_id;
    Ok(app.delivery.read(move |db: &mut Connection| store::tokens_of(db, user)).await?)
}

/// Revokes one of the caller's tokens; its live connections end.
pub(crate) async fn revoke_token(app: &Arc<App>, caller: &Caller, id: TokenId) -> Answer<()> {
    let user = caller.user_id;
    revoking(app, move |unit| {
        if store::delete_token(unit.db(), user, id)? {
            let devices = vec![Device { user, id: DeviceId::Token(id) }];
            Ok(((), Ended { devices, changed: Vec::new() }))
        } else {
            Err(Code::NotFound.into())
        }
    })
    .await
}
