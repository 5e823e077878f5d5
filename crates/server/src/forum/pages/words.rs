//! What the pages say, in English; Chinese is in `words_zh.rs`.

use protocol::Code;

use super::words_zh::CHINESE;
use crate::language::Language;
use crate::problem::Refusal;

/// A number of things.
pub(super) struct Count {
    /// With `#` for the number.
    pub(super) one: &'static str,
    pub(super) many: &'static str,
}

impl Count {
    pub(super) fn of(&self, count: i64) -> String {
        let form = if count == 1 { self.one } else { self.many };
        form.replace('#', &count.to_string())
    }
}

/// A title, and a sentence below it.
type Said = (&'static str, &'static str);

/// One language.
pub(super) struct Words {
    pub(super) language: Language,
    pub(super) og_locale: &'static str,
    /// As `jiff` writes times.
    pub(super) time_form: &'static str,
    pub(super) skip: &'static str,
    pub(super) menu: &'static str,
    pub(super) you_are_here: &'static str,
    pub(super) pages: &'static str,
    pub(super) order: &'static str,
    pub(super) forum: &'static str,
    pub(super) forum_about: &'static str,
    pub(super) chat: &'static str,
    pub(super) log_in: &'static str,
    pub(super) log_out: &'static str,
    pub(super) register: &'static str,
    pub(super) own_articles: &'static str,
    pub(super) drafts: &'static str,
    pub(super) hidden_articles: &'static str,
    pub(super) categories: &'static str,
    pub(super) articles: &'static str,
    pub(super) tags: &'static str,
    pub(super) no_articles: &'static str,
    pub(super) article_count: Count,
    pub(super) newest: &'static str,
    pub(super) oldest: &'static str,
    pub(super) active: &'static str,
    pub(super) liked: &'static str,
    pub(super) first_page: &'static str,
    pub(super) next_page: &'static str,
    pub(super) pinned: &'static str,
    pub(super) draft: &'static str,
    pub(super) hidden: &'static str,
    pub(super) edited: &'static str,
    pub(super) views: Count,
    pub(super) comments: Count,
    pub(super) likes: Count,
    pub(super) comments_title: &'static str,
    pub(super) comments_feed: &'static str,
    pub(super) no_comments: &'static str,
    pub(super) comment_deleted: &'static str,
    pub(super) comment_hidden: &'static str,
    pub(super) in_answer_to: &'static str,
    pub(super) answer: &'static str,
    pub(super) your_answer: &'static str,
    pub(super) your_comment: &'static str,
    pub(super) send: &'static str,
    pub(super) cancel: &'static str,
    pub(super) log_in_to_comment: &'static str,
    pub(super) like: &'static str,
    pub(super) unlike: &'static str,
    pub(super) edit: &'static str,
    pub(super) edit_comment: &'static str,
    pub(super) edit_article: &'static str,
    pub(super) delete_article: &'static str,
    pub(super) delete_comment: &'static str,
    pub(super) sure: &'static str,
    pub(super) new_article: &'static str,
    pub(super) category: &'static str,
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
    pub(super) text: &'static str,
    pub(super) tags_hint: &'static str,
    pub(super) markdown: &'static str,
    pub(super) save: &'static str,
    pub(super) save_draft: &'static str,
    pub(super) publish: &'static str,
    pub(super) saved_copy: &'static str,
    pub(super) no_categories: &'static str,
    pub(super) perhaps_log_in: &'static str,
    pub(super) to_the_forum: &'static str,
    pub(super) not_found: Said,
    pub(super) gone: Said,
    pub(super) too_often: Said,
    pub(super) bad_address: Said,
    pub(super) forbidden: Said,
    pub(super) failed: Said,
    pub(super) complaints: Complaints,
}

/// What can be wrong with what was sent.
pub(super) struct Complaints {
    pub(super) stale: &'static str,
    pub(super) logged_out: &'static str,
    pub(super) too_often: &'static str,
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
    pub(super) article: &'static str,
    pub(super) comment: &'static str,
    pub(super) tags: &'static str,
    pub(super) category: &'static str,
    pub(super) changed_meanwhile: &'static str,
    pub(super) sent_before: &'static str,
    pub(super) consent: &'static str,
    pub(super) forbidden: &'static str,
    pub(super) not_sure: &'static str,
    pub(super) too_large: &'static str,
    pub(super) failed: &'static str,
}

/// The words of a language.
pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    }
}

impl Words {
    /// What is wrong with what was sent, for a person.
    pub(super) fn complaint(&self, refusal: &Refusal, is_comment: bool) -> &'static str {
        let all = &self.complaints;
        let errors = refusal.problem().errors;
        let is = |field: &str| errors.keys().any(|key| key.split('.').next() == Some(field));
        match refusal.code() {
            Code::CsrfFailed => all.stale,
            Code::Unauthenticated => all.logged_out,
            Code::RateLimited => all.too_often,
            Code::TooLarge => all.too_large,
            Code::ClientIdReused => all.sent_before,
            Code::Conflict => all.changed_meanwhile,
            Code::ConsentMissing => all.consent,
            Code::Forbidden => all.forbidden,
            Code::Invalid if is("sure") => all.not_sure,
            Code::Invalid if is("title") => all.title,
            Code::Invalid if is("summary") => all.summary,
            Code::Invalid if is("tags") => all.tags,
            Code::Invalid if is("category_id") => all.category,
            Code::Invalid if is("text") && is_comment => all.comment,
            Code::Invalid if is("text") => all.article,
            _ => all.failed,
        }
    }
}

const ENGLISH: Words = Words {
    language: Language::English,
    og_locale: "en_GB",
    time_form: "%-d %b %Y, %H:%M UTC",
    skip: "Skip to content",
    menu: "Menu",
    you_are_here: "You are here",
    pages: "Pages",
    order: "Order",
    forum: "Forum",
    forum_about: "Articles and what people say about them.",
    chat: "Chat",
    log_in: "Log in",
    log_out: "Log out",
    register: "Create an account",
    own_articles: "My drafts",
    drafts: "Drafts",
    hidden_articles: "Hidden articles",
    categories: "Categories",
    articles: "Articles",
    tags: "Tags",
    no_articles: "No articles yet.",
    article_count: Count { one: "# article", many: "# articles" },
    newest: "Newest",
    oldest: "Oldest",
    active: "Active",
    liked: "Most liked",
    first_page: "First page",
    next_page: "Next page",
    pinned: "Pinned",
    draft: "Draft",
    hidden: "Hidden",
    edited: "edited",
    views: Count { one: "# view", many: "# views" },
    comments: Count { one: "# comment", many: "# comments" },
    likes: Count { one: "# like", many: "# likes" },
    comments_title: "Comments",
    comments_feed: "Comments on",
    no_comments: "No comments yet.",
    comment_deleted: "This comment was deleted.",
    comment_hidden: "This comment was hidden by a moderator.",
    in_answer_to: "in answer to",
    answer: "Answer",
    your_answer: "Your answer",
    your_comment: "Your comment",
    send: "Send",
    cancel: "Cancel",
    log_in_to_comment: "Log in to comment",
    like: "Like",
    unlike: "Liked",
    edit: "Edit",
    edit_comment: "Edit the comment",
    edit_article: "Edit the article",
    delete_article: "Delete the article",
    delete_comment: "Delete the comment",
    sure: "Yes, delete it for good",
    new_article: "New article",
    category: "Category",
    title: "Title",
    summary: "Summary (optional)",
    text: "Text",
    tags_hint: "Tags, with commas between them (optional)",
    markdown: "Markdown works here.",
    save: "Save",
    save_draft: "Save as a draft",
    publish: "Publish",
    saved_copy: "These are changes that you have not published yet, saved at",
    no_categories: "There is no category to write in yet.",
    perhaps_log_in: "Perhaps you can see it when you are logged in.",
    to_the_forum: "To the forum",
    not_found: ("Not found", "There is nothing here, or nothing that you can see."),
    gone: ("Gone", "This was here, and has been removed."),
    too_often: ("Too many requests", "Please wait a little and try again."),
    bad_address: ("This address does not work", "Perhaps only a part of it was copied."),
    forbidden: ("Not allowed", "You may not do that here."),
    failed: ("That did not work", "Please try again in a moment."),
    complaints: Complaints {
        stale: "This page was too old. Please send it again.",
        logged_out: "You are logged out. Log in in another tab, then send this again.",
        too_often: "That was too often. Please wait a little and send it again.",
        title: "A title has 1 to 200 characters, in one line.",
        summary: "A summary has at most 500 characters.",
        article: "The text has 1 to 100,000 characters and at most 99 pictures.",
        comment: "A comment has 1 to 10,000 characters.",
        tags: "At most 10 tags, each with at most 32 characters.",
        category: "Please choose a category.",
        changed_meanwhile: "The article was changed meanwhile. Send it again to replace what it says now.",
        sent_before: "Something else was sent from this form before. Send it again to add this as well.",
        consent: "Somebody who is quoted has not agreed yet.",
        forbidden: "You may not do that here.",
        not_sure: "Please confirm that it is to be deleted.",
        too_large: "That is too long.",
        failed: "That did not work. Please try again.",
    },
};
