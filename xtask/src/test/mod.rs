//! `cargo xtask test`: every check that a change must pass, in an order that fails early.
//!
//! The steps are a table. All run in one go; the first that fails ends the run and says how to
//! repeat it alone. Compiled things are shared: Rust tests, document tests and the binary that
//! the browser tests start come from one build in the development profile.

mod steps;
mod tally;
mod web;

use std::time::Duration;

use crate::tools::{self, Need, Tool};
use crate::{generated, process};
use tally::Tally;

/// One line of the table.
struct Step {
    name: &'static str,
    what: &'static str,
    needs: &'static [Need],
    run: fn(&mut Tally) -> anyhow::Result<()>,
}

const STEPS: &[Step] = &[
    Step { name: "fmt", what: "Rust is formatted", needs: &[], run: steps::fmt },
    Step { name: "tidy", what: "the rules of the house", needs: &[], run: steps::tidy },
    Step {
        name: "deny",
        what: "licences, bans and sources of dependencies",
        needs: &[Need::Cargo(Tool::Deny)],
        run: steps::deny,
    },
    Step {
        name: "web",
        what: "the client: types, unit tests, build",
        needs: &[Need::Node],
        run: web::client,
    },
    Step { name: "lint", what: "clippy", needs: &[Need::C, Need::Node], run: steps::lint },
    Step {
        name: "rust",
        what: "Rust tests on SQLite and PostgreSQL",
        needs: &[Need::C, Need::Node, Need::Postgres, Need::Strace, Need::Cargo(Tool::Nextest)],
        run: steps::rust,
    },
    Step {
        name: "generated",
        what: "files made from the code are fresh",
        needs: &[Need::C, Need::Node],
        run: |_| generated::check(),
    },
    Step { name: "doc", what: "documents", needs: &[Need::C, Need::Node], run: steps::doc },
    Step {
        name: "e2e",
        what: "people in real browsers",
        needs: &[Need::C, Need::Node, Need::Browser],
        run: web::browsers,
    },
];

/// Runs the steps named, or all of them.
pub(crate) fn run(names: &[String]) -> anyhow::Result<()> {
    let chosen = choose(names)?;
    let started = process::now();
    announce(0, chosen.len(), "what the tests need", Duration::ZERO);
    let mut needs: Vec<Need> = chosen.iter().flat_map(|step| step.needs).copied().collect();
    needs.sort();
    needs.dedup();
    tools::prepare(&needs)?;

    let mut tally = Tally::default();
    let mut seconds = vec![("prepare", started.elapsed())];
    for (index, step) in chosen.iter().enumerate() {
        announce(index + 1, chosen.len(), step.what, started.elapsed());
        let begun = process::now();
        if let Err(error) = (step.run)(&mut tally) {
            summary(&seconds, started.elapsed());
            tally.print(1);
            return Err(error.context(format!(
                "step `{}` failed; to run it alone: cargo xtask test {}",
                step.name, step.name
            )));
        }
        seconds.push((step.name, begun.elapsed()));
    }
    summary(&seconds, started.elapsed());
    tally.print(0);
    Ok(())
}

fn choose(names: &[String]) -> anyhow::Result<Vec<&'static Step>> {
    let known = || STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(" ");
    for name in names {
        let found = STEPS.iter().any(|step| step.name == name);
        anyhow::ensure!(found, "there is no step `{name}`; the steps are: {}", known());
    }
    let all = names.is_empty();
    Ok(STEPS.iter().filter(|step| all || names.iter().any(|name| name == step.name)).collect())
}

fn announce(number: usize, of: usize, what: &str, elapsed: Duration) {
    println!("\n== [{number}/{of}] {what} ({} s)", elapsed.as_secs());
}

fn summary(seconds: &[(&str, Duration)], total: Duration) {
    println!("\n{:<10}{:>8}", "step", "seconds");
    for (name, duration) in seconds {
        println!("{name:<10}{:>8.1}", duration.as_secs_f64());
    }
    println!("{:<10}{:>8.1}\n", "total", total.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(chosen: &[&Step]) -> Vec<&'static str> {
        chosen.iter().map(|step| step.name).collect()
    }

    #[test]
    fn steps_run_in_the_order_of_the_table_whatever_the_order_asked_for() {
        let asked = ["rust".to_owned(), "fmt".to_owned()];
        assert_eq!(names(&choose(&asked).unwrap()), ["fmt", "rust"]);
        assert_eq!(choose(&[]).unwrap().len(), STEPS.len());
    }

    #[test]
    fn a_misspelt_step_is_refused_and_nothing_is_run() {
        let error = choose(&["rsut".to_owned()]).err().unwrap().to_string();
        assert!(error.contains("`rsut`") && error.contains("fmt tidy deny"), "{error}");
    }
}
