//! The admin area, and what everybody may do with what is theirs.

mod command_line;
mod own;
mod people;
mod server;
mod settings;
mod store;
