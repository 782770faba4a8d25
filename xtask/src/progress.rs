//! What a person sees while steps run: a headed line for each, and a table at the end.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

/// The progress of a known number of steps.
#[derive(Debug)]
pub(crate) struct Progress {
    total: usize,
    began: Instant,
    steps: Vec<Finished>,
}

#[derive(Debug)]
struct Finished {
    title: String,
    took: Duration,
    succeeded: bool,
}

impl Progress {
    pub(crate) fn new(total: usize) -> Self {
        Self { total, began: Instant::now(), steps: Vec::with_capacity(total) }
    }

    /// Announces a step, runs it, and says how long it took.
    pub(crate) fn step<T>(&mut self, title: &str, run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let heading = format!("[{}/{}] {title}", self.steps.len() + 1, self.total);
        println!("\n{}", bold(&heading));
        let began = Instant::now();
        let result = run();
        let took = began.elapsed();
        let succeeded = result.is_ok();
        println!("{heading}: {} after {}", if succeeded { "done" } else { "failed" }, seconds(took));
        self.steps.push(Finished { title: title.to_owned(), took, succeeded });
        result
    }

    /// Prints the table of the steps that ran.
    pub(crate) fn print_table(&self) {
        println!("\n{}", self.table());
    }

    fn table(&self) -> String {
        let width = self.steps.iter().map(|step| step.title.chars().count()).max().unwrap_or(0).max("total".len());
        let mut table = String::new();
        for Finished { title, took, succeeded } in &self.steps {
            let result = if *succeeded { "ok" } else { "failed" };
            table.push_str(&format!("{title:<width$}  {:>9}  {result}\n", seconds(*took)));
        }
        let result = match self.total - self.steps.len() {
            0 => String::new(),
            left => format!("{left} of {} steps did not run", self.total),
        };
        table.push_str(format!("{:<width$}  {:>9}  {result}", "total", seconds(self.began.elapsed())).trim_end());
        table
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

fn bold(text: &str) -> String {
    if std::io::stdout().is_terminal() { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_what_failed_and_how_many_steps_did_not_run() {
        let mut progress = Progress::new(4);
        progress.step("Rust format", || Ok(())).unwrap();
        progress.step("Rust tests", || -> anyhow::Result<()> { anyhow::bail!("no") }).unwrap_err();

        let table = progress.table();
        let lines: Vec<&str> = table.lines().collect();

        assert!(lines[0].starts_with("Rust format") && lines[0].ends_with("ok"), "{table}");
        assert!(lines[1].starts_with("Rust tests ") && lines[1].ends_with("failed"), "{table}");
        assert!(lines[2].starts_with("total") && lines[2].ends_with("2 of 4 steps did not run"), "{table}");
    }
}
