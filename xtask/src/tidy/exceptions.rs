//! The exceptions from the rules, each with its reason. One that nothing needs any more is a
//! finding itself.

use super::Finding;

/// Findings of `rule` in `path` are accepted, because of `reason`.
pub(super) struct Exception {
    rule: &'static str,
    path: &'static str,
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[Exception {
    rule: "length",
    path: "web/src/api/schema.d.ts",
    reason: "generated from the description of the API; nobody reads it from top to bottom",
}];

/// Takes away what is accepted; adds what is accepted for nothing.
pub(super) fn apply(
    found: impl Iterator<Item = (&'static str, Vec<Finding>)>,
) -> Vec<(&'static str, Finding)> {
    apply_list(EXCEPTIONS, found)
}

fn apply_list(
    exceptions: &[Exception],
    found: impl Iterator<Item = (&'static str, Vec<Finding>)>,
) -> Vec<(&'static str, Finding)> {
    let mut used = vec![false; exceptions.len()];
    let mut kept = Vec::new();
    for (rule, findings) in found {
        for finding in findings {
            let accepted = exceptions
                .iter()
                .position(|exception| exception.rule == rule && exception.path == finding.path);
            match accepted {
                Some(index) => used[index] = true,
                None => kept.push((rule, finding)),
            }
        }
    }
    let unused = exceptions.iter().zip(used).filter(|(_, used)| !used);
    kept.extend(unused.map(|(exception, _)| {
        let message = format!("nothing needs this exception any more: {}", exception.reason);
        (exception.rule, Finding { path: exception.path.to_owned(), line: 0, message })
    }));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_covers_its_rule_and_file_only_and_must_be_needed() {
        let finding =
            |path: &str| Finding { path: path.to_owned(), line: 1, message: "bad".to_owned() };
        let exceptions = [
            Exception { rule: "length", path: "a", reason: "generated" },
            Exception { rule: "length", path: "gone", reason: "was generated" },
        ];
        let found = [("length", vec![finding("a"), finding("b")]), ("header", vec![finding("a")])];
        let kept = apply_list(&exceptions, found.into_iter());
        let kept: Vec<_> = kept.iter().map(|(rule, kept)| (*rule, kept.path.as_str())).collect();
        assert_eq!(kept, [("length", "b"), ("header", "a"), ("length", "gone")]);
    }
}
