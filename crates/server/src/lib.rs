//! Features and transports of the `rookery` server.
//!
//! A feature is a folder (a slice): its routes, rules, SQL and tests. Slices import only those before them:
//! accounts, notifications, uploads, friends, conversations, groups, emoji, messages, forum, search, moderation,
//! admin. Around them is the shell: who is calling (`caller`), what comes in and goes out (`json`, `problem`, `text`),
//! the one table of routes (`router`). *Invariant*: only this crate serves HTTP; only `store` files in it know SQL.

pub mod accounts;
mod admin;
pub mod app;
mod audit;
mod backup;
pub mod caller;
pub mod cli;
pub mod client_address;
mod compression;
pub mod config;
pub mod conversations;
pub mod csrf;
mod data_dir;
mod edge;
pub mod emoji;
mod figures;
mod fold;
mod form;
pub mod forum;
pub mod friends;
pub mod groups;
mod health;
pub mod jobs;
pub mod json;
mod language;
pub mod listener;
mod markup;
pub mod messages;
pub mod metrics;
pub mod moderation;
mod new_accounts;
pub mod notifications;
mod origin;
pub mod problem;
pub mod rate_limit;
mod review;
pub mod router;
pub mod search;
mod security_headers;
mod settings;
mod site;
pub mod text;
pub mod transport;
pub mod uploads;
mod web_assets;
mod word_list;
