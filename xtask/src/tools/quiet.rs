//! Debian starts a service as soon as its package is installed, unless `policy-rc.d` says no. Nothing that the tests
//! or the benchmark need is to run on its own.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

const POLICY: &str = "/usr/sbin/policy-rc.d";
/// What Debian's policy layer takes for "not allowed".
const NO: &[u8] = b"#!/bin/sh\nexit 101\n";

/// As long as this lives, packages are installed without starting anything.
pub(super) struct NoServices {
    /// Whether the file is ours, to be removed.
    made: bool,
}

impl NoServices {
    /// Puts the policy in place, unless there is one: containers have it, and what an operator decided stays.
    pub(super) fn begin() -> Self {
        let mut options = std::fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o755).open(POLICY);
        Self { made: file.and_then(|mut file| file.write_all(NO)).is_ok() }
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.made
            && let Err(error) = std::fs::remove_file(POLICY)
        {
            eprintln!("removing {POLICY}: {error}");
        }
    }
}
