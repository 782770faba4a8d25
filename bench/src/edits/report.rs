use std::path::PathBuf;

use anyhow::bail;
use chrono::Utc;
use clap::Args;

use super::contract_crate::{ContractCrate, Took};
use crate::types::replace_marked;

/// What to edit, and how often.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Numbers of procedures.
    #[arg(long, value_delimiter = ',', default_values_t = [20, 200, 1_000])]
    sizes: Vec<usize>,
    /// Edits per size; medians are shown.
    #[arg(long, default_value_t = 5)]
    edits: usize,
    /// Where to build, instead of in a temporary folder: what is built there is not built again.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Writes the table into this file too, between its marks.
    #[arg(long)]
    write: Option<PathBuf>,
}

/// How long an edit may take on two idle cores, and of how many procedures.
const BAR: (usize, f64) = (200, 3.0);

struct Row {
    procedures: usize,
    edit: Took,
    check: Took,
}

pub(crate) fn measure(options: &Options) -> anyhow::Result<()> {
    let temporary = tempfile::tempdir()?;
    let folder = options.folder.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder)?;
    let mut contract = ContractCrate::in_folder(&folder.canonicalize()?)?;
    let mut rows = Vec::new();
    for &procedures in &options.sizes {
        eprintln!("{procedures} procedures");
        contract.resize(procedures)?;
        // The first edit fills caches; the first check builds what the contract depends on.
        contract.edit()?;
        let edit = median(options.edits, || contract.edit())?;
        contract.check()?;
        let check = median(options.edits.min(3), || contract.check())?;
        rows.push(Row { procedures, edit, check });
    }

    let table = table(&rows, options)?;
    println!("{table}");
    if let Some(path) = &options.write {
        replace_marked(path, "edits", &table)?;
    }
    // What keeps the processors busy besides is no fault of the generator.
    let slow =
        rows.iter().find(|row| row.procedures == BAR.0 && row.edit.wall_seconds.min(row.edit.cpu_seconds) > BAR.1);
    if let Some(row) = slow {
        bail!("an edit of {} procedures takes {:.1} s, more than {} s", row.procedures, row.edit.wall_seconds, BAR.1);
    }
    Ok(())
}

fn median(times: usize, mut measure: impl FnMut() -> anyhow::Result<Took>) -> anyhow::Result<Took> {
    let all = (0..times.max(1)).map(|_| measure()).collect::<anyhow::Result<Vec<Took>>>()?;
    let middle = |value: fn(&Took) -> f64| {
        let mut values: Vec<f64> = all.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Ok(Took { wall_seconds: middle(|took| took.wall_seconds), cpu_seconds: middle(|took| took.cpu_seconds) })
}

fn table(rows: &[Row], options: &Options) -> anyhow::Result<String> {
    let mut text = format!(
        "`cargo run --release -p bench -- edits` on {}: medians of {} edits on a machine of {} cores{}.\n\n\
         | procedures | edit to declaration, s | its CPU s | check of the contract from nothing, s | its CPU s |\n\
         | ---: | ---: | ---: | ---: | ---: |\n",
        Utc::now().format("%Y-%m-%d"),
        options.edits,
        std::thread::available_parallelism()?,
        crate::load::in_words(),
    );
    for row in rows {
        text.push_str(&format!(
            "| {} | {:.1} | {:.1} | {:.1} | {:.1} |\n",
            row.procedures, row.edit.wall_seconds, row.edit.cpu_seconds, row.check.wall_seconds, row.check.cpu_seconds,
        ));
    }
    if let [first, .., last] = rows {
        #[allow(clippy::cast_precision_loss)] // Procedures are few.
        let more = (last.procedures as f64 - first.procedures as f64).max(1.0);
        let slope = |value: fn(&Row) -> f64| 1_000.0 * (value(last) - value(first)) / more;
        text.push_str(&format!(
            "\nA procedure more costs {:.1} ms of CPU time in a check of the contract from nothing, and {:.1} ms in an \
             edit.\n",
            slope(|row| row.check.cpu_seconds),
            slope(|row| row.edit.cpu_seconds),
        ));
    }
    Ok(text)
}
