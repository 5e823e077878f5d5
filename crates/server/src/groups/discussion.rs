//! The group in which an article of the forum is talked about: made when the first one wants to, with the article's
//! author as its owner, or that first one when the author is gone. What an article is, and who may talk about it, is
//! decided above.

use database::{Connection, Error};
use delivery::Unit;
use protocol::{ArticleId, Code, ConversationId, Discussion, JoinPolicy, Seq, UserId};

use super::{
    create::{self, MEMBERS_BOUNDS, NewGroup},
    join,
    name::GroupName,
    store,
};
use crate::{
    accounts,
    app::App,
    conversations,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// Characters of a title that become the group's name; a number may follow.
const NAME: usize = 56;
/// Groups of the same name that are tried.
const NUMBERS: u32 = 1_000;

/// An article that is talked about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Talked<'a> {
    pub(crate) id: ArticleId,
    pub(crate) title: &'a str,
    pub(crate) author_id: UserId,
}

/// Puts `user` into the article's group, which is made if need be.
///
/// # Errors
/// 409 `group_full`; 429.
pub(crate) fn discuss(
    app: &App,
    unit: &mut Unit<'_>,
    article: Talked<'_>,
    user: UserId,
) -> Answer<ConversationId> {
    unit.lock()?;
    let group = match store::about(unit.db(), article.id)? {
        Some(group) => group,
        None => {
            app.limits.account(Limit::FriendRequests, user)?;
            let new = NewGroup {
                name: free_name(unit, article)?,
                description: None,
                max_members: *MEMBERS_BOUNDS.end(),
                join_policy: JoinPolicy::Open,
            };
            let authors = accounts::users_by_ids(unit.db(), &[article.author_id])?;
            let is_there = authors.iter().any(|author| !author.deleted);
            let owner = if is_there { article.author_id } else { user };
            create::make(app, unit, owner, new, Some(article.id))?
        }
    };
    let id = group.id;
    if conversations::member(unit.db(), id, user)?.is_none() {
        app.limits.account(Limit::FriendRequests, user)?;
        join::bring_in(app, unit, group, user, None)?;
    }
    Ok(id)
}

/// A name after the title, with a number if it is taken.
fn free_name(unit: &mut Unit<'_>, article: Talked<'_>) -> Answer<GroupName> {
    let title: String = article.title.chars().filter(|c| *c != '\u{200d}').take(NAME).collect();
    let title = match GroupName::parse(&title) {
        Ok(name) => name.text,
        Err(_) => format!("{}", article.id),
    };
    for number in 1..=NUMBERS {
        let name = match number {
            1 => GroupName::parse(&title)?,
            _ => GroupName::parse(&format!("{title} {number}"))?,
        };
        if store::named(unit.db(), &name.key)?.is_none() {
            return Ok(name);
        }
    }
    Err(Refusal::new(Code::GroupNameTaken))
}

/// The article's group, if there is one, and whether `user` is in it.
///
/// # Errors
/// Those of the database.
pub(crate) fn discussion(
    db: &mut Connection,
    article: ArticleId,
    user: Option<UserId>,
) -> Result<Option<Discussion>, Error> {
    let Some(group) = store::about(db, article)? else { return Ok(None) };
    let joined = match user {
        Some(user) => conversations::member(db, group.id, user)?.is_some(),
        None => false,
    };
    Ok(Some(Discussion { conversation_id: group.id, members: group.member_count, joined }))
}

/// What was said in public there: in the group of an article, after the place that is answered, ever since which
/// everybody could come in. `None` where nothing was: any other group may have been closed when it was said.
///
/// # Errors
/// Those of the database.
pub(crate) fn public_since(db: &mut Connection, id: ConversationId) -> Result<Option<Seq>, Error> {
    let group = store::group(db, id)?.filter(|group| group.article_id.is_some());
    match group.is_some_and(|group| group.join_policy == JoinPolicy::Open) {
        true => store::open_since(db, id),
        false => Ok(None),
    }
}
