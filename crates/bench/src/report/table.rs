//! The table of all figures with target and stretch beside, in Markdown that is also read well as it stands.

use super::{Report, Spread, Target, Verdict, number, spread};

const HEAD: [&str; 7] = ["scenario", "figure", "median", "least … most", "target", "stretch", ""];

/// The table, and below it what was not measured.
pub(super) fn render(report: &Report) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    for one in report.figures.iter().filter(|one| !super::peers::is_peer(&one.scenario)) {
        let Spread { median, least, most } = spread(&one.values);
        let unit = |value: f64| format!("{} {}", number(value), one.unit).trim_end().to_owned();
        let bounds = match one.target {
            Target::AtLeast(target, stretch) => [target, stretch].map(|x| format!("≥ {}", unit(x))),
            Target::AtMost(target, stretch) => [target, stretch].map(|x| format!("≤ {}", unit(x))),
            Target::None => [String::new(), String::new()],
        };
        let verdict = match one.verdict() {
            Some(Verdict::Missed) => "**missed**",
            Some(Verdict::Met) => "met",
            Some(Verdict::Stretch) => "stretch met",
            None => "",
        };
        let between = if one.values.len() > 1 {
            format!("{} … {}", number(least), number(most))
        } else {
            String::new()
        };
        let [target, stretch] = bounds;
        let (scenario, figure) = (one.scenario.clone(), one.figure.clone());
        rows.push([scenario, figure, unit(median), between, target, stretch, verdict.to_owned()]);
    }
    let mut text = format!("{}\n\n", report.about);
    if rows.len() > 1 {
        text.push_str(&markdown(&rows));
        text.push('\n');
    }
    for one in &report.missing {
        text.push_str(&format!("- {}: not measured: {}\n", one.scenario, one.why));
    }
    text
}

/// Rows of equal width; the first is the head.
pub(super) fn markdown<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; N] = std::array::from_fn(|column| width(column).unwrap_or(0));
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            text.push_str(&format!("| {cell:<width$} "));
        }
        text.push_str("|\n");
        if index == 0 {
            for width in widths {
                text.push_str(&format!("|{:-<1$}", "", width + 2));
            }
            text.push_str("|\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "μs"], ["longer", "1"]].map(|row| row.map(str::to_owned));
        let expected = "| a      | μs |\n|--------|----|\n| longer | 1  |\n";
        assert_eq!(markdown(&rows), expected);
    }
}
