//! Figures with their targets beside: a table for people, JSON for programs.

use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

/// What a figure should be. From the project's targets.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// Measured without a target of its own.
    None,
}

#[derive(Debug, Serialize)]
struct Figure {
    scenario: String,
    figure: &'static str,
    value: f64,
    unit: &'static str,
    target: Target,
    /// Absent where there is no target.
    met: Option<bool>,
}

/// All figures of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// A tiny slice, whose figures mean nothing and are compared with nothing.
    quick: bool,
    figures: Vec<Figure>,
}

impl Report {
    /// Without figures yet.
    pub(crate) fn new(quick: bool) -> Self {
        Self { quick, figures: Vec::new() }
    }

    /// Adds a figure.
    pub(crate) fn add(
        &mut self,
        scenario: &str,
        figure: &'static str,
        value: f64,
        unit: &'static str,
        target: Target,
    ) {
        let target = if self.quick { Target::None } else { target };
        let met = match target {
            Target::AtLeast(least) => Some(value >= least),
            Target::AtMost(most) => Some(value <= most),
            Target::None => None,
        };
        let scenario = scenario.to_owned();
        self.figures.push(Figure { scenario, figure, value, unit, target, met });
    }

    /// Prints the table.
    #[expect(clippy::print_stdout, reason = "the table is what this program is for")]
    pub(crate) fn print(&self) {
        println!("{:<34}{:<26}{:>16}  {:<12}target", "scenario", "figure", "value", "unit");
        for one in &self.figures {
            let target = match one.target {
                Target::AtLeast(least) => format!("≥ {}", number(least)),
                Target::AtMost(most) => format!("≤ {}", number(most)),
                Target::None => String::new(),
            };
            let met = match one.met {
                Some(true) => "  met",
                Some(false) => "  MISSED",
                None => "",
            };
            let value = number(one.value);
            println!(
                "{:<34}{:<26}{value:>16}  {:<12}{target}{met}",
                one.scenario, one.figure, one.unit
            );
        }
    }

    /// Writes all of it as JSON.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let json = serde_json::to_vec_pretty(self)?;
        std::fs::write(path, json).with_context(|| format!("writing {}", path.display()))
    }
}

/// With as many digits as mean something.
fn number(value: f64) -> String {
    let decimals = if value.abs() >= 100.0 { 0 } else { 2 };
    format!("{value:.decimals$}")
}

/// Says what is going on: a full run takes minutes.
#[expect(clippy::print_stderr, reason = "progress of a command-line program")]
pub(crate) fn progress(what: &str) {
    eprintln!("… {what}");
}

/// Says why the run failed.
#[expect(clippy::print_stderr, reason = "the one place that says why")]
pub(crate) fn complain(error: &anyhow::Error) {
    eprintln!("rookery-bench: {error:#}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_meets_its_target_or_not() {
        let mut report = Report::new(false);
        report.add("a", "rate", 10.0, "/s", Target::AtLeast(10.0));
        report.add("a", "cost", 10.5, "µs", Target::AtMost(10.0));
        report.add("a", "count", 1.0, "", Target::None);
        let met: Vec<_> = report.figures.iter().map(|figure| figure.met).collect();
        assert_eq!(met, [Some(true), Some(false), None]);
        let mut quick = Report::new(true);
        quick.add("a", "rate", 1.0, "/s", Target::AtLeast(10.0));
        assert_eq!(quick.figures[0].met, None);
        assert_eq!((number(123.456), number(1.234)), ("123".to_owned(), "1.23".to_owned()));
    }
}
