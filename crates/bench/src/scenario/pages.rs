//! Pages of history, the conversation list and searches: many people, one request of each kind, one after another.

use anyhow::{Context as _, ensure};
use serde_json::Value;
use tokio::time::Instant;

use super::{Stage, millis, percentile};
use crate::http::Http;
use crate::report::{LOG_PAGES, Report, Target};

/// Targets are stated for a log of this size.
const STATED: usize = 10_000_000;
/// What is searched for: often said, seldom said, hardly ever said. See the server's `seed/texts.rs`.
const SEARCHES: [(&str, &[&str]); 3] = [
    ("a common word", &["%E4%BC%9A%E8%AE%AE", "meeting", "ok", "%E6%94%B6%E5%88%B0"]),
    (
        "two words",
        &["meeting%20Monday", "%E5%8C%97%E4%BA%AC%20%E9%9B%A8%E4%BC%9E", "report%20canteen"],
    ),
    ("a rare number", &["Ticket%204711", "Order%2031", "%E7%AC%AC1234%E5%8F%B7"]),
];

pub(super) async fn run(
    stage: &mut Stage<'_>,
    name: &str,
    size: usize,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut lists = Vec::new();
    let (mut newest, mut middle) = (Vec::new(), Vec::new());
    let mut searches = [const { Vec::new() }; SEARCHES.len()];
    let mut found = 0;
    for (index, person) in stage.seeds.spread(stage.plan.log.requests).enumerate() {
        let mut http = Http::connect(stage.site.address, &person.token).await?;
        let list = ask(&mut http, "conversations?limit=50", &mut lists).await?;
        let first = list["conversations"].as_array().and_then(|all| all.first());
        let first = first.context("everybody is in a conversation")?;
        let (id, last) = (first["id"].as_i64(), first["last_seq"].as_i64());
        let (id, last) = (id.context("it has an id")?, last.context("it has a last seq")?);
        let path = format!("conversations/{id}/messages?limit=50");
        let page = ask(&mut http, &path, &mut newest).await?;
        let count = page["messages"].as_array().map_or(0, Vec::len);
        ensure!(count == usize::try_from(last.min(50))?, "{count} messages of {last} in {id}");
        ask(&mut http, &format!("{path}&before_seq={}", last / 2 + 1), &mut middle).await?;
        for ((_, words), took) in SEARCHES.iter().zip(&mut searches) {
            let path = format!("search?limit=20&kind=messages&q={}", words[index % words.len()]);
            let results = ask(&mut http, &path, took).await?;
            found += results["messages"]["hits"].as_array().map_or(0, Vec::len);
        }
    }
    ensure!(found > 0, "nothing was found");
    let kinds =
        [("conversation list", lists), ("newest page", newest), ("page in the middle", middle)];
    let kinds = kinds.map(|(kind, took)| (kind.to_owned(), took)).into_iter();
    let searches = SEARCHES.iter().zip(searches);
    let searches = searches.map(|((what, _), took)| (format!("search, {what}"), took));
    for (kind, mut took) in kinds.chain(searches) {
        took.sort_unstable();
        let (p50, p99) = (millis(percentile(&took, 50)?), millis(percentile(&took, 99)?));
        let target = if size == STATED { Target::AtMost(20.0, 5.0) } else { Target::None };
        report.add(name, &format!("{kind}: p50"), p50, "ms", Target::None);
        report.add(name, &format!("{kind}: p99"), p99, "ms", target);
        report.point(LOG_PAGES, &kind, size as f64, p99);
    }
    Ok(())
}

/// One request; what it took goes into `took`, in nanoseconds.
async fn ask(http: &mut Http, path: &str, took: &mut Vec<u64>) -> anyhow::Result<Value> {
    let started = Instant::now();
    let body = http.succeed(&format!("GET /api/v1/{path}"), b"").await?;
    took.push(u64::try_from(started.elapsed().as_nanos())?);
    Ok(serde_json::from_slice(&body)?)
}
