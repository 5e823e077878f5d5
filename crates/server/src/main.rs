//! The `rookery` binary.

use std::process::ExitCode;

/// Frees memory back better than glibc when thousands of connections come and go.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    rookery::cli::main()
}
