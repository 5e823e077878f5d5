//! The `rookery` binary.

use std::process::ExitCode;

/// Gives memory back better than glibc when thousands of connections come and go; SQLite allocates with it too.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    rookery::cli::main()
}
