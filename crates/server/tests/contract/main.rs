//! What clients may count on, over real HTTP, on both engines: one module a slice, told as stories.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

mod accounts;
mod friends;
mod site;
mod uploads;
