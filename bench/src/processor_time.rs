//! Time of processors, which other work on the machine disturbs less than a clock on the wall.

use std::{fs, path::Path};

use anyhow::Context;

/// Seconds that child processes, and theirs, have used in all; only those that have ended and were waited for.
pub(crate) fn of_ended_children() -> anyhow::Result<f64> {
    seconds(Path::new("/proc/self/stat"), |times| times.of_children)
}

/// Seconds that a process and its children have used, all of which run.
pub(crate) fn of_running(process: u32) -> anyhow::Result<f64> {
    let own = seconds(Path::new(&format!("/proc/{process}/stat")), |times| times.own)?;
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    let children = children.split_ascii_whitespace().map(|child| {
        let path = format!("/proc/{child}/stat");
        // It may end meanwhile.
        seconds(Path::new(&path), |times| times.own).unwrap_or_default()
    });
    Ok(own + children.sum::<f64>())
}

struct Times {
    own: f64,
    of_children: f64,
}

/// Linux keeps account there, as proc(5) has it.
fn seconds(stat: &Path, value: fn(&Times) -> f64) -> anyhow::Result<f64> {
    let text = fs::read_to_string(stat).context("processor time is read from Linux's /proc")?;
    let times = parse(&text).with_context(|| format!("{} is {text:?}", stat.display()))?;
    Ok(value(&times))
}

fn parse(stat: &str) -> Option<Times> {
    // The name of the program, in parentheses, may have any character; field 14 is the time in user mode.
    let fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let ticks = fields.take(4).map(|field| field.parse::<u32>().ok().map(f64::from)).collect::<Option<Vec<f64>>>()?;
    let [user, system, children_user, children_system] = ticks[..] else { return None };
    #[allow(clippy::cast_precision_loss)] // There are 100 in a second.
    let per_second = rustix::param::clock_ticks_per_second() as f64;
    Some(Times { own: (user + system) / per_second, of_children: (children_user + children_system) / per_second })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_past_any_program_name() {
        let times = parse("42 (a) b) S 1 2 3 4 5 6 7 8 9 10 700 800 250 150 20 0 1 0 99").unwrap();

        assert!((times.own / times.of_children - 1_500.0 / 400.0).abs() < 0.001);
    }

    #[test]
    fn a_process_that_works_uses_time() {
        let before = of_ended_children().unwrap();

        let ended =
            std::process::Command::new("sh").args(["-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"]).status();

        assert!(ended.unwrap().success());
        assert!(of_ended_children().unwrap() > before);
    }
}
