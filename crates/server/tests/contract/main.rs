//! What clients may count on, over real HTTP, on both engines: one module a slice, told as stories.

#![expect(clippy::unwrap_used, reason = "tests")]

mod admin;
mod converge;
mod conversations;
mod emoji;
mod files;
mod forum;
mod groups;
mod matrix;
mod messages;
mod moderation;
mod search;
mod support;

mod accounts;
mod care;
mod csrf;
mod edits;
mod forwards;
mod friends;
mod large;
mod operator;
mod pages;
mod polls;
mod reactions;
mod recall;
mod receipts;
mod refusals;
mod rich;
mod site;
mod sockets;
mod uploads;
mod waiting;
