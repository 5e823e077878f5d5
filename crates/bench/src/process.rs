//! What a process costs, as Linux tells it, and how it is told to stop.

use anyhow::{Context as _, ensure};
use tokio::process::Command;

/// Ticks a second in /proc/PID/stat: fixed by Linux for user space (proc(5), `USER_HZ`).
const TICKS: f64 = 100.0;

/// Memory of a process in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    /// All that is resident (`VmRSS`).
    pub(crate) resident: f64,
    /// Of it, what is no file's (`RssAnon`).
    pub(crate) own: f64,
    /// Pages that others use too are divided by how many they are (`Pss`).
    pub(crate) proportional: f64,
}

/// Processor time that a process has used so far, user and system, in seconds.
pub(crate) fn processor(pid: u32) -> anyhow::Result<f64> {
    let times = stat(pid)?;
    let ticks = |index: usize| -> anyhow::Result<f64> {
        Ok(times.get(index).context("/proc/PID/stat")?.parse()?)
    };
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}

/// The fields of /proc/PID/stat from `state` on.
fn stat(pid: u32) -> anyhow::Result<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in brackets, may hold blanks: fields are counted from behind it. See proc(5).
    let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat")?;
    Ok(fields.split_whitespace().map(str::to_owned).collect())
}

/// Memory of a process.
pub(crate) fn memory(pid: u32) -> anyhow::Result<Memory> {
    let kib = |file: &str, name: &str| -> anyhow::Result<f64> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/{file}"))?;
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.with_context(|| name.to_owned())?.parse()?)
    };
    Ok(Memory {
        resident: kib("status", "VmRSS:")?,
        own: kib("status", "RssAnon:")?,
        proportional: kib("smaps_rollup", "Pss:")?,
    })
}

/// A process and all that it has started, directly or not.
pub(crate) fn family(root: u32) -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        // One that has just ended is nobody's child.
        if let Some(parent) = stat(pid).ok().and_then(|fields| fields.get(1)?.parse::<u32>().ok()) {
            parents.push((pid, parent));
        }
    }
    let mut family = vec![root];
    let mut next = 0;
    while let Some(&one) = family.get(next) {
        next += 1;
        family.extend(parents.iter().filter(|(_, parent)| *parent == one).map(|(pid, _)| *pid));
    }
    family
}

/// Sends a signal (`TERM`, `INT`) to one process.
pub(crate) async fn signal(pid: u32, name: &str) -> anyhow::Result<()> {
    let kill = format!("kill -{name} {pid}");
    ensure!(Command::new("sh").args(["-c", &kill]).status().await?.success(), "{kill}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_measured_and_is_its_own_family() {
        let own = std::process::id();
        let memory = memory(own).unwrap();
        assert!(memory.resident >= memory.own && memory.proportional > 0.0, "{memory:?}");
        assert!(processor(own).unwrap() >= 0.0);
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let all = family(own);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(all.contains(&own) && all.contains(&child.id()));
    }
}
