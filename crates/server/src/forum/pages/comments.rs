//! Comments below an article, and the form for writing one.

use std::collections::HashMap;

use maud::{Markup, PreEscaped, html};
use protocol::{
    Article, ArticleStatus, Comment, CommentId, CommentPage, CommentSort, CommentStatus,
    MAX_COMMENT_CHARS,
};

use super::article::{Turn, word};
use super::parts::Around;
use super::reader::Reader;
use super::{address, parts, shell};

/// The form that the buttons of a page belong to, wherever they stand: a page of a thousand comments has one.
const ACTS: &str = "acts";
/// Deeper answers stand below each other: a line needs room.
const SHOWN_DEPTH: i64 = 6;

/// What a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Article,
    Answer(CommentId),
    Edit(CommentId),
}

/// A form for a text.
pub(super) struct Box {
    pub(super) at: At,
    pub(super) text: String,
    pub(super) complaint: Option<&'static str>,
    pub(super) client_id: String,
}

/// A page of comments as it is shown.
pub(super) struct Shown<'a> {
    pub(super) page: &'a CommentPage,
    pub(super) around: &'a Around,
    pub(super) turn: &'a Turn,
    pub(super) form: Option<&'a Box>,
}

/// The form behind the buttons for liking.
pub(super) fn acts_form(reader: &Reader, article: &Article, turn: &Turn) -> Markup {
    html! {
        form id=(ACTS) method="post" action=(address::article(article.summary.id)) {
            (shell::token(reader))
            (place(turn))
        }
    }
}

/// Where in the list a form was sent from.
fn place(turn: &Turn) -> Markup {
    html! {
        @if let Some(sort) = turn.sort.and_then(word) {
            input type="hidden" name="sort" value=(sort);
        }
        @if let Some(before) = &turn.before {
            input type="hidden" name="before" value=(before);
        }
    }
}

/// Likes something, or no longer.
pub(super) fn like(reader: &Reader, liked: bool, what: &str, id: &str) -> Markup {
    let words = reader.words;
    let (name, word) = match liked {
        true => ("unlike", words.unlike),
        false => ("like", words.like),
    };
    html! {
        button.doc-plain form=(ACTS) type="submit" name={ (name) "_" (what) } value=(id)
            aria-pressed=(liked) { (word) }
    }
}

pub(super) fn section(reader: &Reader, article: &Article, shown: &Shown<'_>) -> Markup {
    let Shown { page, around, turn, form } = *shown;
    let words = reader.words;
    let id = article.summary.id;
    let sort = turn.sort.unwrap_or_default();
    let order = |name, other| {
        let path = address::with(&address::article(id), &[("sort", word(other))]);
        (name, format!("{path}#comments"), sort == other)
    };
    let orders = [
        order(words.oldest, CommentSort::Oldest),
        order(words.newest, CommentSort::Newest),
        order(words.liked, CommentSort::Liked),
    ];
    let authors: HashMap<CommentId, &str> = page
        .comments
        .iter()
        .filter_map(|comment| Some((comment.id, comment.author.as_ref()?.name.as_str())))
        .collect();
    let is_below_all = form.is_some_and(|form| is_on_page(form, page).is_none());
    html! {
        section.doc-comments aria-labelledby="comments" {
            h2 id="comments" { (words.comments_title) }
            @if page.comments.is_empty() {
                p.doc-empty { (words.no_comments) }
            } @else {
                (parts::orders(reader, &orders))
                ol.doc-thread {
                    @for comment in &page.comments {
                        li.{ "doc-depth-" (comment.depth.min(SHOWN_DEPTH)) }
                            id={ "comment-" (comment.id) } {
                            (one(reader, article, comment, &authors, turn, form))
                        }
                    }
                }
                (parts::pager(reader, around, "#comments"))
            }
            @if let Some(form) = form && is_below_all {
                (text_form(reader, article, form, turn))
            }
            @if reader.caller.is_none() && article.summary.status == ArticleStatus::Published {
                p { a.doc-button href=(reader.login()) { (words.log_in_to_comment) } }
            }
        }
    }
}

/// The comment that a form belongs to, if the page has it.
fn is_on_page<'a>(form: &Box, page: &'a CommentPage) -> Option<&'a Comment> {
    let (At::Answer(id) | At::Edit(id)) = form.at else { return None };
    page.comments.iter().find(|comment| comment.id == id)
}

fn one(
    reader: &Reader,
    article: &Article,
    comment: &Comment,
    authors: &HashMap<CommentId, &str>,
    turn: &Turn,
    form: Option<&Box>,
) -> Markup {
    let words = reader.words;
    let (id, number) = (article.summary.id, comment.id.to_string());
    let here = |what| turn.here(id, &[(what, Some(&*number))]) + "#writing";
    let at = |at: At| form.filter(|form| form.at == at);
    html! {
        article.doc-comment {
            p.doc-byline {
                @if let Some(author) = &comment.author { (parts::person(author)) " · " }
                a.doc-quiet href={ "#comment-" (number) } { (parts::time(reader, comment.created_at)) }
                @if let Some(edited) = comment.modified_at && comment.author.is_some() {
                    " · " (words.edited) " " (parts::time(reader, edited))
                }
                @if let Some(parent) = comment.parent_id && let Some(name) = authors.get(&parent) {
                    " · " (words.in_answer_to) " " a href={ "#comment-" (parent) } { (name) }
                }
            }
            @match comment.status {
                CommentStatus::Visible => {}
                CommentStatus::Deleted => { p.doc-quiet { (words.comment_deleted) } }
                CommentStatus::Hidden => { p.doc-quiet { (words.comment_hidden) } }
            }
            @if let Some(form) = at(At::Edit(comment.id)) {
                (text_form(reader, article, form, turn))
                (delete_form(reader, article, &number, turn))
            } @else {
                // Sanitised when it was written.
                div.doc-text { (PreEscaped(&comment.html)) }
            }
            @if comment.status == CommentStatus::Visible {
                p.doc-acts {
                    @if reader.caller.is_some() {
                        (like(reader, comment.liked, "comment", &number))
                    }
                    @if comment.likes > 0 { span.doc-quiet { (words.likes.of(comment.likes)) } }
                    @if article.may.comment {
                        a.doc-plain href=(here("answer")) { (words.answer) }
                    }
                    @if comment.may.edit { a.doc-plain href=(here("edit")) { (words.edit) } }
                }
            }
            @if let Some(form) = at(At::Answer(comment.id)) {
                (text_form(reader, article, form, turn))
            }
        }
    }
}

fn text_form(reader: &Reader, article: &Article, form: &Box, turn: &Turn) -> Markup {
    let words = reader.words;
    let (act, comment, label) = match form.at {
        At::Article => ("comment", None, words.your_comment),
        At::Answer(id) => ("comment", Some(id), words.your_answer),
        At::Edit(id) => ("edit", Some(id), words.edit_comment),
    };
    let back = turn.here(article.summary.id, &[]);
    html! {
        form.doc-form id="writing" method="post" action=(address::article(article.summary.id)) {
            (shell::token(reader))
            (place(turn))
            input type="hidden" name="client_id" value=(form.client_id);
            @if let Some(comment) = comment {
                input type="hidden" name="comment" value=(comment);
            }
            @if let Some(complaint) = form.complaint {
                p.doc-complaint role="alert" { (complaint) }
                @if reader.caller.is_none() {
                    p { a href="/login" target="_blank" { (words.log_in) } }
                }
            }
            label for="text" { (label) }
            // A browser leaves out the first line break.
            textarea id="text" name="text" rows="6" required maxlength=(MAX_COMMENT_CHARS)
                aria-describedby="markdown" { "\n" (form.text) }
            p.doc-quiet id="markdown" { (words.markdown) }
            p.doc-acts {
                button.doc-button type="submit" name="act" value=(act) { (words.send) }
                @if form.at != At::Article { a.doc-plain href=(back) { (words.cancel) } }
            }
        }
    }
}

fn delete_form(reader: &Reader, article: &Article, comment: &str, turn: &Turn) -> Markup {
    let words = reader.words;
    html! {
        form.doc-form method="post" action=(address::article(article.summary.id)) {
            (shell::token(reader))
            (place(turn))
            input type="hidden" name="comment" value=(comment);
            label.doc-check {
                input type="checkbox" name="sure" value="yes" required;
                span { (words.sure) }
            }
            p { button.doc-danger type="submit" name="act" value="delete" { (words.delete_comment) } }
        }
    }
}
