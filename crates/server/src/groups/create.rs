//! Making a group.

use delivery::{Since, Unit};
use protocol::{ArticleId, Code, ConversationKind, Group, JoinPolicy, Role, UserId};

use super::{name::GroupName, store};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    conversations,
    problem::{Answer, Refusal},
    rate_limit::Limit,
    text,
};

/// Members that a group takes in when its maker says nothing.
const MEMBERS: i64 = 200;
/// The least and the most that a maker may say.
pub(super) const MEMBERS_BOUNDS: std::ops::RangeInclusive<i64> = 2..=10_000;
/// Characters of a description.
pub(super) const DESCRIPTION: usize = 255;

/// A group to be made.
pub(super) struct NewGroup {
    pub(super) name: GroupName,
    pub(super) description: Option<String>,
    pub(super) max_members: i64,
    pub(super) join_policy: JoinPolicy,
}

impl NewGroup {
    /// # Errors
    /// 422 `invalid`.
    pub(super) fn parse(
        name: &str,
        description: Option<&str>,
        max_members: Option<i64>,
        join_policy: Option<JoinPolicy>,
    ) -> Answer<Self> {
        Ok(Self {
            name: GroupName::parse(name)?,
            description: description
                .map(|text| text::block("description", text, 0, DESCRIPTION))
                .transpose()?,
            max_members: max_members.map_or(Ok(MEMBERS), parse_max_members)?,
            join_policy: join_policy.unwrap_or(JoinPolicy::Open),
        })
    }
}

/// # Errors
/// 422 `invalid`.
pub(super) fn parse_max_members(value: i64) -> Answer<i64> {
    if MEMBERS_BOUNDS.contains(&value) {
        Ok(value)
    } else {
        Err(Refusal::invalid("max_members", "must be 2 to 10,000"))
    }
}

/// Makes a group, whose owner and only member is the caller.
pub(super) async fn create(app: &AppState, caller: Caller, new: NewGroup) -> Answer<Group> {
    app.limits.account(Limit::FriendRequests, caller.user_id)?;
    let state = AppState::clone(app);
    app.delivery.write(move |unit| create_in(&state, unit, caller.user_id, new)).await
}

fn create_in(app: &App, unit: &mut Unit<'_>, maker: UserId, new: NewGroup) -> Answer<Group> {
    make(app, unit, maker, new, None)
}

/// Makes a group for `maker`; one that talks about an article shows its past to those who come later.
///
/// # Errors
/// 409 `group_name_taken`.
pub(super) fn make(
    app: &App,
    unit: &mut Unit<'_>,
    maker: UserId,
    new: NewGroup,
    article_id: Option<ArticleId>,
) -> Answer<Group> {
    unit.lock()?;
    if store::named(unit.db(), &new.name.key)?.is_some() {
        return Err(Code::GroupNameTaken.into());
    }
    let description = match new.description {
        Some(text) => text,
        None => default_description(unit, maker)?.to_owned(),
    };
    let now = unit.now();
    let group = Group {
        id: conversations::add_conversation(unit.db(), ConversationKind::Group, now)?,
        name: new.name.text,
        description,
        announcement: String::new(),
        owner_id: maker,
        member_count: 1,
        max_members: new.max_members,
        join_policy: new.join_policy,
        all_muted: false,
        history_for_new_members: article_id.is_some(),
        created_at: now,
        article_id,
    };
    store::insert(unit.db(), &group, &new.name.key)?;
    conversations::enter(unit.db(), group.id, maker, Role::Owner, now)?;
    unit.admit(group.id, maker, Since::Now)?;
    conversations::announce(app, unit, maker, group.id)?;
    Ok(group)
}

/// What stands where the maker wrote nothing, in the maker's language.
fn default_description(unit: &mut Unit<'_>, maker: UserId) -> Answer<&'static str> {
    let users = accounts::users_by_ids(unit.db(), &[maker])?;
    Ok(match users.first().map(|user| user.locale.as_str()) {
        Some("zh") => "群主很懒，还没有写简介。",
        _ => "The owner has not written a description yet.",
    })
}
