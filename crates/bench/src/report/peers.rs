//! Rookery and its peers side by side: a row each, with ratios to Rookery of the same run.

use super::table::markdown;
use super::{Report, number, spread};

/// Scenarios of peers begin with this.
pub(crate) const PEER: &str = "peer: ";
/// Rookery among its peers, on their work.
pub(crate) const ROOKERY: &str = "peer: rookery";

/// The figures of a peer, as columns; the last of each is a unit.
pub(crate) const PAIRS_RATE: &str = "1:1 rate";
pub(crate) const PAIRS_COST: &str = "1:1 CPU a message";
pub(crate) const GROUP_RATE: &str = "group rate";
pub(crate) const GROUP_COST: &str = "group CPU a delivery";
pub(crate) const MEMORY: &str = "memory a connection";

const COLUMNS: [(&str, &str); 5] = [
    (PAIRS_RATE, "/s"),
    (PAIRS_COST, "µs"),
    (GROUP_RATE, "/s"),
    (GROUP_COST, "µs"),
    (MEMORY, "KiB"),
];

/// Whether a scenario is one of these.
pub(super) fn is_peer(scenario: &str) -> bool {
    scenario.starts_with(PEER)
}

/// The table; nothing when no peer was measured.
pub(super) fn render(report: &Report) -> String {
    let mut names: Vec<&str> = Vec::new();
    for one in report.figures.iter().filter(|one| is_peer(&one.scenario)) {
        if !names.contains(&one.scenario.as_str()) {
            names.push(&one.scenario);
        }
    }
    if names.is_empty() {
        return String::new();
    }
    let value = |scenario: &str, figure: &str| {
        let one =
            report.figures.iter().find(|one| one.scenario == scenario && one.figure == figure);
        one.map(|one| spread(&one.values))
    };
    let head = COLUMNS.map(|(figure, _)| figure.to_owned());
    let mut rows = vec![with_name("", head)];
    for scenario in names {
        let cells = COLUMNS.map(|(figure, unit)| {
            let Some(own) = value(scenario, figure) else { return "–".to_owned() };
            let ratio = match value(ROOKERY, figure) {
                Some(rookery) if scenario != ROOKERY && rookery.median > 0.0 => {
                    format!(" (× {})", number(own.median / rookery.median))
                }
                _ => String::new(),
            };
            let (least, most) = (number(own.least), number(own.most));
            let spread =
                if least == most { String::new() } else { format!(" [{least} … {most}]") };
            format!("{} {unit}{spread}{ratio}", number(own.median))
        });
        rows.push(with_name(scenario.trim_start_matches(PEER), cells));
    }
    format!("\nSide by side; × is to Rookery in the same run.\n\n{}", markdown(&rows))
}

fn with_name(name: &str, cells: [String; 5]) -> [String; 6] {
    let [a, b, c, d, e] = cells;
    [name.to_owned(), a, b, c, d, e]
}

#[cfg(test)]
mod tests {
    use super::super::Target;
    use super::*;

    #[test]
    fn a_peer_is_compared_with_rookery_of_the_same_run() {
        let mut report = Report::new(false, "");
        assert_eq!(render(&report), "");
        report.add(ROOKERY, PAIRS_RATE, 200.0, "/s", Target::None);
        report.add("peer: other", PAIRS_RATE, 100.0, "/s", Target::None);
        report.add("peer: other", PAIRS_RATE, 110.0, "/s", Target::None);
        let text = render(&report);
        assert!(text.contains("| other   | 100 /s [100 … 110] (× 0.50) | –"), "{text}");
        assert!(text.contains("| rookery | 200 /s "), "{text}");
    }
}
