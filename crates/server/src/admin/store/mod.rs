//! SQL of the admin area: reading across tables, and the site's logo.

mod logos;
mod overview;
mod posts;
mod users;

pub(super) use logos::{delete_logos, insert_logo, logo};
pub(super) use overview::{counts, database_bytes};
pub(super) use posts::{
    ArticleRow, CommentRow, OwnPost, Posts, articles, comments, own_articles, own_comments,
};
pub(super) use users::{Asked, Filter, Sort, UserRow, user, users};
