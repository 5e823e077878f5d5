//! Placeholder header, written by its first commit.
