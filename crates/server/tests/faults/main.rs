//! What delivery promises when things break: the real binary is killed, its disk fills up, its readers stall.
//!
//! Every story starts processes of its own in a directory of its own and ends them by their ids.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::print_stdout, reason = "seeds and counts are shown when a test fails")]

mod backup;
mod bucket;
mod durable;
mod full_disk;
mod kill;
mod recalls;
mod removals;
mod shutdown;
mod slow_reader;
mod support;
mod uploads;
