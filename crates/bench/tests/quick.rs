//! A tiny slice of the whole benchmark, so that it never rots. It fails when a message is lost, repeated or out
//! of order, and never on a time.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Every scenario leaves at least one figure.
const SCENARIOS: [&str; 20] = [
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
    "mixed, WebSocket",
    "idle, WebSocket, 4",
    "idle, SSE, 4",
    "idle, long poll, 4",
    "storm, WebSocket",
    "overload",
    "log of 200",
    "log of 400",
    "syncs",
    "peer: rookery",
];

#[test]
fn every_scenario_runs_and_every_message_arrives() {
    let bench = Path::new(env!("CARGO_BIN_EXE_rookery-bench"));
    // The server is of another package: cargo puts it beside, and builds it whenever all tests are built.
    let server = bench.with_file_name("rookery");
    assert!(server.exists(), "build it first: cargo build --package rookery");
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new(bench);
    command.arg("--quick").arg("--server-bin").arg(server).arg("--out").arg(directory.path());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");

    let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).unwrap();
    let report: Value = serde_json::from_str(&read("figures.json")).unwrap();
    let figures = report["figures"].as_array().unwrap();
    for scenario in SCENARIOS {
        let found = figures.iter().find(|figure| figure["scenario"] == scenario);
        let value = found.and_then(|figure| figure["median"].as_f64());
        let missing = report["missing"].as_array().unwrap();
        let is_excused = missing.iter().any(|one| one["scenario"] == scenario);
        // Only what this machine cannot count may be missing, and then it says so.
        let is_excused = is_excused && scenario == "syncs";
        assert!(is_excused || value.is_some_and(|value| value > 0.0), "{scenario}: {found:?}");
    }
    for plot in ["cost-by-log", "pages-by-log", "memory-by-log", "memory-by-connections"] {
        assert!(read(&format!("{plot}.svg")).ends_with("</svg>\n"), "{plot}");
    }
    assert!(read("table.md").contains("log of 400"));
}
