//! Spoilers: what stands between two pairs of bars in the same place, so that tags stay nested.

use std::collections::HashMap;

/// Two bars in the text: one end of a spoiler, if there is another in the same place.
pub(super) struct Bars {
    /// Where in the HTML they stand.
    pub(super) at: usize,
    /// Inside of which element.
    pub(super) frame: usize,
    pub(super) can_open: bool,
    pub(super) can_close: bool,
}

/// The HTML with pairs of bars made spoilers, and whether there are any.
pub(super) fn paired(written: &str, bars: &[Bars]) -> (String, bool) {
    let mut ends: Vec<(usize, &str)> = Vec::new();
    let mut open: HashMap<usize, usize> = HashMap::new();
    for bars in bars {
        match open.remove(&bars.frame) {
            Some(start) if bars.can_close && start + 2 < bars.at => {
                ends.push((start, "<span class=\"spoiler\">"));
                ends.push((bars.at, "</span>"));
            }
            _ if bars.can_open => {
                open.insert(bars.frame, bars.at);
            }
            _ => {}
        }
    }
    ends.sort_by_key(|(at, _)| *at);
    let has_spoilers = !ends.is_empty();
    let mut html = String::with_capacity(written.len() + ends.len() * 12);
    let mut at = 0;
    for (place, tag) in ends {
        html.push_str(&written[at..place]);
        html.push_str(tag);
        at = place + 2;
    }
    html.push_str(&written[at..]);
    (html, has_spoilers)
}
