//! Sending, as a set: what may be said is checked and stored in a fixed number of statements, however many
//! sends there are. Everybody gets an outcome of their own.

use std::collections::{HashMap, HashSet};

use database::Error;
use delivery::Unit;
use protocol::{Code, Details, Role, Timestamp, UserId};

use super::{
    compose::{self, Composed, References, compose},
    held,
    send::{Posted, Send},
    store::{self, Footing, Key, Speaker, Standing},
    words::Unwelcome,
};
use crate::{
    accounts,
    conversations::{self, Content, Draft},
    problem::{Answer, Refusal},
    uploads,
};

/// What is known before a set is gone through.
struct Facts {
    now: Timestamp,
    /// By place in the set: a message that was sent under the same key before.
    known: HashMap<usize, store::Known>,
    /// By place in the set: what waits for a moderator under the same key, or was rejected.
    held: HashMap<usize, store::Held>,
    /// Members only.
    footings: HashMap<Speaker, Footing>,
    references: References,
}

/// A send that stays in the set.
enum Decision {
    /// Sent before.
    Known(Box<Posted>),
    /// Refused.
    Refused(Refusal),
    /// The draft at this place makes the message.
    Fresh(usize),
    /// The same as an earlier send of this set.
    SameAs(usize),
}

/// Checks and stores a set of sends, in order. `limit` counts one more of an account, made at
/// that time, and may refuse it.
///
/// # Errors
/// Those of the database; then nothing was stored. What a sender did wrong is in that sender's outcome.
pub(super) fn post_all(
    unit: &mut Unit<'_>,
    limit: &dyn Fn(UserId, Timestamp) -> Answer<()>,
    sends: &[Send],
) -> Result<Vec<Answer<Posted>>, Error> {
    unit.lock()?;
    let mut facts = gather(unit, sends)?;
    let mut drafts: Vec<Draft> = Vec::new();
    // Of the draft at the same place.
    let mut uploads: Vec<Vec<String>> = Vec::new();
    let mut decisions = Vec::with_capacity(sends.len());
    // Keys that this set has used so far → place of the draft.
    let mut used: HashMap<(UserId, &str), usize> = HashMap::new();
    for (n, send) in sends.iter().enumerate() {
        decisions.push(if let Some(known) = facts.known.remove(&n) {
            again(send, known)
        } else if let Some(held) = facts.held.get(&n) {
            Decision::Refused(held::again(send, held))
        } else if let Some(&place) = used.get(&(send.sender_id, send.client_id())) {
            match &drafts[place].content {
                Content::Text { digest, .. } if *digest == send.digest => Decision::SameAs(place),
                _ => Decision::Refused(Code::ClientIdReused.into()),
            }
        } else {
            let checked = check(&facts, send)
                .and_then(|created_at| limit(send.sender_id, created_at))
                .and_then(|()| welcome(unit, send));
            match checked
                .and_then(|()| compose(unit, send, &mut facts.references, &Details::default()))
            {
                Err(refusal) => Decision::Refused(refusal),
                Ok(Composed { details, uploads: behind }) => {
                    used.insert((send.sender_id, send.client_id()), drafts.len());
                    drafts.push(draft(send, details));
                    uploads.push(behind);
                    Decision::Fresh(drafts.len() - 1)
                }
            }
        });
    }
    let messages = conversations::record_messages(unit, drafts)?;
    uploads::link(unit, messages.iter().zip(uploads.iter().map(Vec::as_slice)))?;
    Ok(decisions
        .into_iter()
        .map(|decision| match decision {
            Decision::Known(posted) => Ok(*posted),
            Decision::Refused(refusal) => Err(refusal),
            Decision::Fresh(n) => Ok(Posted { message: messages[n].clone(), fresh: true }),
            Decision::SameAs(n) => Ok(Posted { message: messages[n].clone(), fresh: false }),
        })
        .collect())
}

fn gather(unit: &mut Unit<'_>, sends: &[Send]) -> Result<Facts, Error> {
    let keys: Vec<Key<'_>> = sends
        .iter()
        .enumerate()
        .map(|(n, send)| Key { n, sender_id: send.sender_id, client_id: send.client_id() })
        .collect();
    let known = store::known(unit.db(), &keys)?.into_iter().map(|known| (known.n, known)).collect();
    let held = store::all_held_under(unit.db(), &keys)?.into_iter().collect();
    let speakers: HashSet<Speaker> = sends.iter().map(speaker).collect();
    let speakers: Vec<Speaker> = speakers.into_iter().collect();
    let footings = store::standings(unit.db(), &speakers)?.into_iter().collect();
    let references = compose::look_up(unit.db(), sends)?;
    Ok(Facts { now: unit.now(), known, held, footings, references })
}

fn speaker(send: &Send) -> Speaker {
    Speaker { sender_id: send.sender_id, conversation_id: send.conversation_id }
}

/// A key that was used before: the same send gets the message, another one a refusal.
fn again(send: &Send, known: store::Known) -> Decision {
    if known.digest == send.digest {
        Decision::Known(Box::new(Posted { message: known.message, fresh: false }))
    } else {
        Decision::Refused(Code::ClientIdReused.into())
    }
}

fn draft(send: &Send, details: Details) -> Draft {
    Draft {
        conversation_id: send.conversation_id,
        sender_id: send.sender_id,
        content: Content::Text {
            client_id: send.client_id().to_owned(),
            digest: send.digest,
            text: send.message.text.clone(),
            details: Box::new(details),
        },
    }
}

/// Whether the sender may speak there, now; when their account was made.
fn check(facts: &Facts, send: &Send) -> Answer<Timestamp> {
    match facts.footings.get(&speaker(send)) {
        None => Err(Code::NotFound.into()),
        Some(footing) => may_speak(footing, facts.now).map(|()| footing.created_at),
    }
}

/// What the list of words says of it; what a moderator has to look at is kept.
fn welcome(unit: &mut Unit<'_>, send: &Send) -> Answer<()> {
    match send.worked.unwelcome {
        None => Ok(()),
        Some(Unwelcome::Refuse) => Err(Code::WordsRefused.into()),
        Some(Unwelcome::Hold) => held::keep(unit, send),
    }
}

/// Whether whoever stands like this may speak.
pub(super) fn may_speak(footing: &Footing, now: Timestamp) -> Answer<()> {
    accounts::may_speak(footing.site_muted_until, now)?;
    may_speak_there(&footing.standing, now)
}

fn may_speak_there(standing: &Standing, now: Timestamp) -> Answer<()> {
    match *standing {
        Standing::Direct { blocked: true, .. } => Err(Code::Blocked.into()),
        Standing::Direct { friends: false, share_group: false, .. } => Err(Code::NotFriends.into()),
        Standing::Direct { .. } | Standing::Saved => Ok(()),
        Standing::Group { role: Role::Owner, .. } => Ok(()),
        Standing::Group { muted_until: Some(until), .. } if until > now => {
            Err(muted_for(until, now))
        }
        Standing::Group { role: Role::Member, all_muted: true, .. } => {
            Err(Refusal::new(Code::Muted).detail("Everybody is muted in this group"))
        }
        Standing::Group { .. } => Ok(()),
    }
}

fn muted_for(until: Timestamp, now: Timestamp) -> Refusal {
    let seconds = (until.millis().saturating_sub(now.millis()) + 999) / 1_000;
    Refusal::new(Code::Muted).detail(format!("You are muted for another {seconds} s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_speak() {
        let now = Timestamp(1_000);
        let code = |standing| may_speak_there(&standing, now).map_err(|refusal| refusal.code());
        let direct =
            |friends, blocked, share_group| Standing::Direct { friends, blocked, share_group };
        assert_eq!(code(direct(true, false, false)), Ok(()));
        assert_eq!(code(direct(false, false, true)), Ok(()));
        assert_eq!(code(direct(false, false, false)), Err(Code::NotFriends));
        assert_eq!(code(direct(false, true, true)), Err(Code::Blocked));
        let group = |role, muted_until: Option<i64>, all_muted| Standing::Group {
            role,
            muted_until: muted_until.map(Timestamp),
            all_muted,
        };
        assert_eq!(code(group(Role::Member, None, false)), Ok(()));
        assert_eq!(code(group(Role::Member, Some(1_000), false)), Ok(()));
        assert_eq!(code(group(Role::Member, Some(1_001), false)), Err(Code::Muted));
        assert_eq!(code(group(Role::Member, None, true)), Err(Code::Muted));
        assert_eq!(code(group(Role::Admin, None, true)), Ok(()));
        assert_eq!(code(group(Role::Admin, Some(1_001), false)), Err(Code::Muted));
        assert_eq!(code(group(Role::Owner, Some(1_001), true)), Ok(()));
    }
}
