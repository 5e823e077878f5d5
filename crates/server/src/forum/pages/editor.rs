//! The form in which an article is written, as HTML.

use maud::{Markup, html};
use protocol::{
    ArticleStatus, Category, MAX_ARTICLE_CHARS, MAX_SUMMARY_CHARS, MAX_TITLE_CHARS, Timestamp,
};

use super::reader::Reader;
use super::{parts, shell};

/// What the form shows.
#[derive(Default)]
pub(super) struct Form {
    /// Where it is sent to.
    pub(super) action: String,
    /// Of the article as it is; `None` for a new one.
    pub(super) status: Option<ArticleStatus>,
    pub(super) categories: Vec<Category>,
    pub(super) category_id: Option<i64>,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) tags: String,
    pub(super) text: String,
    /// So that a form that is sent twice makes one article; of a new one.
    pub(super) client_id: Option<String>,
    /// What the article was when the form was shown.
    pub(super) revision: Option<i64>,
    /// When the working copy was saved that is shown in place of the article.
    pub(super) saved_at: Option<Timestamp>,
    pub(super) complaint: Option<&'static str>,
}

pub(super) fn page(reader: &Reader, form: &Form) -> Markup {
    let words = reader.words;
    let title = if form.status.is_some() { words.edit_article } else { words.new_article };
    html! {
        h1 { (title) }
        @if form.categories.is_empty() {
            p.doc-empty { (words.no_categories) }
        } @else {
            (fields(reader, form))
            @if form.status.is_some() { (deleting(reader, form)) }
        }
    }
}

fn fields(reader: &Reader, form: &Form) -> Markup {
    let words = reader.words;
    html! {
        form.doc-form method="post" action=(form.action) {
            (shell::token(reader))
            @if let Some(client_id) = &form.client_id {
                input type="hidden" name="client_id" value=(client_id);
            }
            @if let Some(revision) = form.revision {
                input type="hidden" name="revision" value=(revision);
            }
            @if let Some(complaint) = form.complaint {
                p.doc-complaint role="alert" { (complaint) }
                @if reader.caller.is_none() {
                    p { a href="/login" target="_blank" { (words.log_in) } }
                }
            } @else if let Some(at) = form.saved_at {
                p.doc-note { (words.saved_copy) " " (parts::time(reader, at)) }
            }
            label for="category" { (words.category) }
            select id="category" name="category_id" required {
                @for category in &form.categories {
                    option value=(category.id) selected[form.category_id == Some(category.id.get())] {
                        (category.name)
                    }
                }
            }
            label for="title" { (words.title) }
            input id="title" name="title" type="text" required maxlength=(MAX_TITLE_CHARS)
                value=(form.title);
            label for="summary" { (words.summary) }
            textarea id="summary" name="summary" rows="2" maxlength=(MAX_SUMMARY_CHARS) {
                "\n" (form.summary)
            }
            label for="text" { (words.text) }
            textarea id="text" name="text" rows="18" maxlength=(MAX_ARTICLE_CHARS)
                aria-describedby="markdown" { "\n" (form.text) }
            p.doc-quiet id="markdown" { (words.markdown) }
            label for="tags" { (words.tags_hint) }
            input id="tags" name="tags" type="text" value=(form.tags);
            p.doc-acts {
                @match form.status {
                    None | Some(ArticleStatus::Draft) => {
                        button.doc-button type="submit" name="act" value="publish" { (words.publish) }
                        button.doc-plain type="submit" name="act" value="save" { (words.save_draft) }
                    }
                    Some(ArticleStatus::Published | ArticleStatus::Hidden) => {
                        button.doc-button type="submit" name="act" value="save" { (words.save) }
                    }
                }
            }
        }
    }
}

fn deleting(reader: &Reader, form: &Form) -> Markup {
    let words = reader.words;
    html! {
        form.doc-form.doc-apart method="post" action=(form.action) {
            (shell::token(reader))
            label.doc-check {
                input type="checkbox" name="sure" value="yes" required;
                span { (words.sure) }
            }
            p { button.doc-danger type="submit" name="act" value="delete" { (words.delete_article) } }
        }
    }
}
