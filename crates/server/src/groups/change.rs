//! Changing what a group is called and how it works.

use delivery::{Stream, Unit};
use protocol::{Code, ConversationId, EventBody, Group, JoinPolicy, NoticeCode, UserId};

use super::{
    announcements,
    create::{DESCRIPTION, parse_max_members},
    name::GroupName,
    notice::{Happened, notice},
    rights, store,
};
use crate::{
    app::{App, AppState},
    caller::Caller,
    problem::{Answer, Refusal},
    text,
};

/// Characters of an announcement.
const ANNOUNCEMENT: usize = 2_000;

/// What is to change; the rest stays.
pub(super) struct Changes {
    pub(super) name: Option<GroupName>,
    pub(super) description: Option<String>,
    pub(super) announcement: Option<String>,
    pub(super) all_muted: Option<bool>,
    pub(super) join_policy: Option<JoinPolicy>,
    /// For the owner.
    pub(super) max_members: Option<i64>,
    /// For the owner: it opens what was said before.
    pub(super) history_for_new_members: Option<bool>,
}

impl Changes {
    /// Texts and bounds of a request, checked.
    ///
    /// # Errors
    /// 422 `invalid`.
    pub(super) fn parse(
        name: Option<&str>,
        description: Option<&str>,
        announcement: Option<&str>,
        max_members: Option<i64>,
    ) -> Answer<Self> {
        Ok(Self {
            name: name.map(GroupName::parse).transpose()?,
            description: description
                .map(|text| text::block("description", text, 0, DESCRIPTION))
                .transpose()?,
            announcement: announcement
                .map(|text| text::block("announcement", text, 0, ANNOUNCEMENT))
                .transpose()?,
            max_members: max_members.map(parse_max_members).transpose()?,
            all_muted: None,
            join_policy: None,
            history_for_new_members: None,
        })
    }
}

/// Changes a group; owner and admins may, the owner alone its size and the openness of its past.
pub(super) async fn change(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
    changes: Changes,
) -> Answer<Group> {
    if let Some(name) = &changes.name {
        app.words.check_name(&name.text)?;
    }
    let state = AppState::clone(app);
    app.delivery.write(move |unit| change_in(&state, unit, caller.user_id, id, changes)).await
}

fn change_in(
    app: &App,
    unit: &mut Unit<'_>,
    user: UserId,
    id: ConversationId,
    changes: Changes,
) -> Answer<Group> {
    unit.lock()?;
    let before = check(unit, user, id, &changes)?;
    let after = applied(before.clone(), changes);
    if after == before {
        return Ok(after);
    }
    store::update(unit.db(), &after, &text::key(&after.name))?;
    if after.join_policy == JoinPolicy::Open && before.join_policy != JoinPolicy::Open {
        store::opened(unit.db(), id)?;
    }
    if after.announcement != before.announcement {
        let (written, now) = ((user, after.announcement.as_str()), unit.now());
        store::add_announcement(unit.db(), id, written, now, announcements::KEPT)?;
    }
    let group = after.clone();
    unit.append(Stream::Conversation(id), EventBody::GroupUpdated { conversation_id: id, group })?;
    for happened in notices(&before, &after, user) {
        notice(app, unit, id, happened)?;
    }
    Ok(after)
}

fn check(
    unit: &mut Unit<'_>,
    user: UserId,
    id: ConversationId,
    changes: &Changes,
) -> Answer<Group> {
    let is_for_owner = changes.max_members.is_some() || changes.history_for_new_members.is_some();
    let (group, _) = match is_for_owner {
        true => rights::owner(unit.db(), id, user)?,
        false => rights::leader(unit.db(), id, user)?,
    };
    if changes.max_members.is_some_and(|most| most < group.member_count) {
        let why = format!("there are {} members already", group.member_count);
        return Err(Refusal::invalid("max_members", why));
    }
    if let Some(name) = &changes.name
        && store::named(unit.db(), &name.key)?.is_some_and(|other| other != id)
    {
        return Err(Code::GroupNameTaken.into());
    }
    Ok(group)
}

fn applied(group: Group, changes: Changes) -> Group {
    Group {
        name: changes.name.map_or(group.name, |name| name.text),
        description: changes.description.unwrap_or(group.description),
        announcement: changes.announcement.unwrap_or(group.announcement),
        all_muted: changes.all_muted.unwrap_or(group.all_muted),
        join_policy: changes.join_policy.unwrap_or(group.join_policy),
        max_members: changes.max_members.unwrap_or(group.max_members),
        history_for_new_members: changes
            .history_for_new_members
            .unwrap_or(group.history_for_new_members),
        ..group
    }
}

/// What members are told of in the conversation itself.
fn notices(before: &Group, after: &Group, actor: UserId) -> Vec<Happened> {
    let mut notices = Vec::new();
    if after.name != before.name {
        let name = Some(after.name.clone());
        notices.push(Happened { name, ..Happened::by(NoticeCode::Renamed, actor) });
    }
    if after.announcement != before.announcement && !after.announcement.is_empty() {
        notices.push(Happened::by(NoticeCode::Announced, actor));
    }
    if after.all_muted != before.all_muted {
        let code = if after.all_muted { NoticeCode::AllMuted } else { NoticeCode::AllUnmuted };
        notices.push(Happened::by(code, actor));
    }
    notices
}
