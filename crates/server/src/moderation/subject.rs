//! What a case is about, asked of the slice whose it is: who may report it, who decides it, and what it says now.

use database::Connection;
use protocol::{ArticleId, Code, CommentId, Message, Subject, SubjectKind, UserId};

use crate::{
    accounts,
    caller::Caller,
    forum::{self, Post, Viewer},
    groups, messages,
    problem::{Answer, Refusal},
    review::CaseRow,
};

/// Messages of the context: the one that was reported, and those around it.
const CONTEXT: usize = 7;
/// Characters that are shown of a text.
const EXCERPT: usize = 1_000;

/// What is known of a subject when it is reported.
pub(super) struct Known {
    pub(super) subject: Subject,
    pub(super) author: Option<UserId>,
    pub(super) category: i64,
}

/// What the caller wants to report, if they can see it.
///
/// # Errors
/// 422 for what is no subject, 404 for what they cannot see.
pub(super) fn seen_by(db: &mut Connection, caller: &Caller, subject: Subject) -> Answer<Known> {
    let needs = |field: &str| Refusal::invalid(format!("subject.{field}"), "is missing");
    match subject.kind {
        SubjectKind::Message => {
            let conversation = subject.conversation_id.ok_or_else(|| needs("conversation_id"))?;
            let seq = subject.seq.ok_or_else(|| needs("seq"))?;
            let message = messages::find(db, caller.user_id, conversation, seq)?;
            let subject = Subject { id: None, ..subject };
            Ok(Known { subject, author: Some(message.sender_id), category: 0 })
        }
        SubjectKind::User => {
            let id = subject.id.and_then(UserId::new).ok_or_else(|| needs("id"))?;
            if accounts::users_by_ids(db, &[id])?.iter().all(|row| row.deleted) {
                return Err(Code::NotFound.into());
            }
            let subject = bare(SubjectKind::User, id.get());
            Ok(Known { subject, author: Some(id), category: 0 })
        }
        SubjectKind::Group => {
            let id = subject.id.or(subject.conversation_id.map(|id| id.get()));
            let id = id.ok_or_else(|| needs("id"))?;
            let group = groups::open_group(db, id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
            let subject = bare(SubjectKind::Group, id);
            Ok(Known { subject, author: Some(group.owner_id), category: 0 })
        }
        SubjectKind::Article | SubjectKind::Comment => {
            let id = subject.id.ok_or_else(|| needs("id"))?;
            let post = post(subject.kind, id).ok_or_else(|| Refusal::new(Code::NotFound))?;
            forum::check_readable(db, Viewer::from(*caller), post)?;
            let found = forum::subject(db, post)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
            let subject = bare(subject.kind, id);
            let category = found.category_id.get();
            Ok(Known { subject, author: Some(found.author_id), category })
        }
    }
}

/// What of the forum a subject is.
pub(super) fn post(kind: SubjectKind, id: i64) -> Option<Post> {
    match kind {
        SubjectKind::Article => ArticleId::new(id).map(Post::Article),
        SubjectKind::Comment => CommentId::new(id).map(Post::Comment),
        _ => None,
    }
}

pub(super) fn bare(kind: SubjectKind, id: i64) -> Subject {
    Subject { kind, conversation_id: None, seq: None, id: Some(id) }
}

/// What a subject says now, to moderators.
#[derive(Default)]
pub(super) struct Now {
    /// `None` when it is gone, or a draft again.
    pub(super) excerpt: Option<String>,
    pub(super) context: Vec<Message>,
    pub(super) link: Option<String>,
}

/// What the subject of a case says now.
pub(super) fn now(db: &mut Connection, case: &CaseRow) -> Answer<Now> {
    let Subject { kind, conversation_id, seq, id } = case.subject;
    let id = id.unwrap_or_default();
    match (kind, conversation_id, seq) {
        (SubjectKind::Message, Some(conversation), Some(seq)) => {
            let context = messages::around_it(db, conversation, seq, CONTEXT)?;
            let own = context.iter().find(|message| message.seq == seq);
            let excerpt = own
                .filter(|message| message.details.recalled.is_none())
                .map(|message| excerpt(&message.text));
            Ok(Now { excerpt, context, link: None })
        }
        (SubjectKind::Message, ..) => {
            let excerpt = messages::waiting(db, id)?.map(|text| excerpt(&text));
            Ok(Now { excerpt, ..Now::default() })
        }
        (SubjectKind::User, ..) => {
            let row = accounts::users_by_ids(db, &[UserId(id)])?.pop().filter(|row| !row.deleted);
            let excerpt = row.map(|row| excerpt(&format!("{}\n{}", row.name, row.signature)));
            Ok(Now { excerpt, link: Some(format!("/people/{id}")), ..Now::default() })
        }
        (SubjectKind::Group, ..) => {
            let group = groups::open_group(db, id)?;
            let excerpt =
                group.map(|group| excerpt(&format!("{}\n{}", group.name, group.description)));
            Ok(Now { excerpt, ..Now::default() })
        }
        (SubjectKind::Article | SubjectKind::Comment, ..) => {
            let post = post(kind, id).ok_or_else(|| Refusal::new(Code::NotFound))?;
            let Some(found) = forum::subject(db, post)? else { return Ok(Now::default()) };
            let link = match post {
                Post::Article(article) => format!("/forum/articles/{article}"),
                Post::Comment(comment) => {
                    format!("/forum/articles/{}#comment-{comment}", found.article_id)
                }
            };
            // Nor does it lead moderators to a draft.
            let link = found.excerpt.as_ref().map(|_| link);
            Ok(Now { excerpt: found.excerpt, link, ..Now::default() })
        }
    }
}

/// Whether what waits to be looked at is there no longer.
pub(super) fn is_gone(db: &mut Connection, waits: &Subject) -> Answer<bool> {
    let id = waits.id.unwrap_or_default();
    match (waits.kind, post(waits.kind, id)) {
        (SubjectKind::Message, _) => Ok(messages::waiting(db, id)?.is_none()),
        (_, Some(post)) => Ok(forum::subject(db, post)?.is_none()),
        (_, None) => Ok(false),
    }
}

fn excerpt(text: &str) -> String {
    text.trim().chars().take(EXCERPT).collect()
}

/// What stands in the audit log.
pub(super) fn name(subject: &Subject) -> String {
    let kind = subject.kind.as_str();
    match (subject.kind, subject.conversation_id, subject.seq) {
        (SubjectKind::Message, Some(conversation), Some(seq)) => {
            format!("{kind}:{conversation}/{seq}")
        }
        (SubjectKind::Message, ..) => format!("held_message:{}", subject.id.unwrap_or_default()),
        _ => format!("{kind}:{}", subject.id.unwrap_or_default()),
    }
}
