//! The forum: categories, articles, comments. Everybody can read what is published, without logging in.
//!
//! Events, on the site's stream: `article.published`, `article.updated` and `article.removed`, appended where an
//! article is stored (`publish.rs`); `categories.updated`.
//!
//! *Invariants*
//! * A draft is seen by its author alone; a hidden article by its author and the moderators of its category. In no
//!   list, count, event, search, notification or address is there anything of either for anybody else: for them it
//!   does not exist. What was removed answers 410, once everybody could read it.
//! * Who may do what is decided in `rights.rs`, inside the unit that does it.
//! * Counts (articles of a category and a tag, comments, likes) change in the unit that changes what they count.
//!   Views are counted in memory and stored now and then (`views.rs`).
//! * Lists and comments are read by an index from where the page before ended, on and back; what lists show is apart from
//!   texts.
//! * What may be any number of rows (likes, comments and notifications of what is removed) goes in steps, which the
//!   database remembers (`clear.rs`); nothing of it is to be seen from the unit on that removed it.
//! * HTML is made before the unit, by the rules of `markup`; the text is kept as it was typed.
//! * Whatever somebody does as a moderator is in the audit log.
//! * What the list of words holds back is hidden until a moderator has looked at it (`welcome.rs`).

mod allowed;
mod categories;
mod change;
mod clear;
mod comments;
mod consents;
mod content;
mod create;
mod cursor;
mod discuss;
mod drafts;
mod edits;
mod found;
mod images;
mod likes;
mod list;
pub(crate) mod pages;
mod publish;
mod quotes;
mod read;
mod remove;
mod render;
mod rights;
pub(crate) mod routes;
mod store;
mod subject;
mod tags;
mod view;
mod views;
mod welcome;

pub(crate) use categories::list as categories;
pub(crate) use clear::follow;
pub use clear::tidy_up;
pub(crate) use comments::list::{CommentLeaf, CommentsQuery, comment_leaf};
pub(crate) use found::{found_articles, found_comments};
pub(crate) use list::{Leaf, ListQuery, articles, leaf};
pub(crate) use rights::Viewer;
pub(crate) use subject::{
    Post, approve_article, approve_comment, check_readable, hide_article, hide_comment,
    remove_article, remove_comment, show_article, show_comment, subject,
};
pub(crate) use tags::list as tags;
pub use views::Views;
