//! A tiny slice of the whole benchmark, so that it never rots. It fails when a message is lost, repeated or out
//! of order, and never on a time.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Every scenario leaves at least one figure.
const SCENARIOS: [&str; 14] = [
    "empty",
    "group of 4, WebSocket",
    "group of 4, SSE",
    "group of 4, long poll",
    "group of 6, WebSocket",
    "group of 6, SSE",
    "group of 6, long poll",
    "1:1, WebSocket",
    "1:1, POST and long poll",
    "steady, WebSocket",
    "idle, WebSocket",
    "idle, SSE",
    "idle, long poll",
    "storm, WebSocket",
];

#[test]
fn every_scenario_runs_and_every_message_arrives() {
    let bench = Path::new(env!("CARGO_BIN_EXE_rookery-bench"));
    // The server is of another package: cargo puts it beside, and builds it whenever all tests are built.
    let server = bench.with_file_name("rookery");
    assert!(server.exists(), "build it first: cargo build --package rookery");
    let directory = tempfile::tempdir().unwrap();
    let json = directory.path().join("figures.json");
    let mut command = Command::new(bench);
    command.arg("--quick").arg("--server-bin").arg(server).arg("--json").arg(&json);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");

    let report: Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    let figures = report["figures"].as_array().unwrap();
    for scenario in SCENARIOS {
        let found = figures.iter().find(|figure| figure["scenario"] == scenario);
        let value = found.and_then(|figure| figure["value"].as_f64());
        assert!(value.is_some_and(|value| value > 0.0), "{scenario}: {found:?}");
    }
}
