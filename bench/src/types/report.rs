use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use chrono::Utc;
use clap::Args;

use super::{
    bars::{self, COMPARED_AT},
    calls::Calls,
    compiler::{Compiler, Cost, version_of_package},
    fixture::Fixture,
    program::{DeclarationTooLong, Form, Programs},
};

/// What to compile.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Numbers of procedures.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 500, 1_000, 2_000])]
    sizes: Vec<usize>,
    /// How often each program of 1,000 procedures is compiled, for the medians of times; the others are compiled once.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Whence the types come.
    #[arg(long, value_delimiter = ',', default_values = ["inferred", "emitted", "app-router", "api"])]
    forms: Vec<Form>,
    /// Leaves the programs in this folder, for a look at them.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Writes the tables into this file too, between its marks.
    #[arg(long)]
    write: Option<PathBuf>,
}

/// Call sites of the program that stands for a file being edited.
pub(super) const FEW: usize = 20;

/// How large the API is, and how much of it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Setup {
    pub(super) procedures: usize,
    /// Every query and mutation, or 20 of them.
    pub(super) all: bool,
}

/// What a program cost, as often as it was compiled.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) compiler: Compiler,
    pub(super) form: Form,
    pub(super) setup: Setup,
    pub(super) costs: Vec<Cost>,
}

impl Measured {
    /// The medians.
    pub(super) fn cost(&self) -> Cost {
        let median = |value: fn(&Cost) -> f64| {
            let mut values: Vec<f64> = self.costs.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let count = |value: fn(&Cost) -> u64| {
            let mut values: Vec<u64> = self.costs.iter().map(value).collect();
            values.sort_unstable();
            values[values.len() / 2]
        };
        Cost {
            types: count(|cost| cost.types),
            instantiations: count(|cost| cost.instantiations),
            memory_bytes: count(|cost| cost.memory_bytes),
            check_seconds: median(|cost| cost.check_seconds),
            cpu_seconds: median(|cost| cost.cpu_seconds),
        }
    }
}

pub(crate) fn measure(options: &Options) -> anyhow::Result<()> {
    let temporary = tempfile::tempdir()?;
    let programs = Programs::in_folder(options.keep.as_deref().unwrap_or(temporary.path()))?;
    let mut measured = Vec::new();
    for &procedures in &options.sizes {
        for all in [false, true] {
            for &form in &options.forms {
                measured.extend(measure_program(&programs, Setup { procedures, all }, form, options.rounds)?);
            }
        }
        // Large programs take long: what is known already is written down.
        if let Some(path) = &options.write {
            replace_marked(path, "types", &tables(&measured, options)?)?;
        }
    }
    println!("{}", tables(&measured, options)?);

    let missed = bars::missed(&measured);
    if !missed.is_empty() {
        bail!("the types cost more than they may:\n{}", missed.join("\n"));
    }
    Ok(())
}

fn measure_program(programs: &Programs, setup: Setup, form: Form, rounds: usize) -> anyhow::Result<Vec<Measured>> {
    let calls = if setup.all { Calls::All } else { Calls::First(FEW) };
    let folder = match programs.write(Fixture { procedures: setup.procedures }, form, calls) {
        Err(error) if error.is::<DeclarationTooLong>() => {
            eprintln!("{} procedures, {}: {error}", setup.procedures, form.title());
            return Ok(Vec::new());
        }
        folder => folder?,
    };
    let rounds = if setup.procedures == COMPARED_AT { rounds.max(1) } else { 1 };
    let measure = |compiler: Compiler| {
        eprintln!("{} procedures, {calls:?} called, {}, {compiler:?}", setup.procedures, form.title());
        let costs = (0..rounds).map(|_| compiler.measure(&folder)).collect::<anyhow::Result<Vec<Cost>>>()?;
        Ok(Measured { compiler, form, setup, costs })
    };
    Compiler::ALL.into_iter().map(measure).collect()
}

fn tables(measured: &[Measured], options: &Options) -> anyhow::Result<String> {
    let mut text = format!(
        "`cargo run --release -p bench -- types` on {}, with TypeScript {} and {}, `@trpc/server` and `@trpc/client` \
         {}, zod {}, `@tintype/client` {}; times are medians of {} compilations{}.\n",
        Utc::now().format("%Y-%m-%d"),
        Compiler::TypeScript5.version()?,
        Compiler::TypeScript7.version()?,
        version_of_package("@trpc/server")?,
        version_of_package("zod")?,
        version_of_package("@tintype/client")?,
        options.rounds,
        crate::load::in_words(),
    );
    let missing = |procedures| {
        let mut forms = measured.iter().filter(|one| one.setup.procedures == procedures).map(|one| one.form).peekable();
        forms.peek().is_some() && options.forms.contains(&Form::Emitted) && !forms.any(|form| form == Form::Emitted)
    };
    for &procedures in options.sizes.iter().filter(|&&procedures| missing(procedures)) {
        text.push_str(&format!(
            "Declarations of tRPC's router of {} procedures do not exist: {DeclarationTooLong}.\n",
            thousands(procedures as u64)
        ));
    }
    for all in [true, false] {
        for compiler in Compiler::ALL {
            let mut rows: Vec<&Measured> =
                measured.iter().filter(|one| one.compiler == compiler && one.setup.all == all).collect();
            rows.sort_by_key(|row| row.setup.procedures);
            let title = if all { "every query and mutation called once" } else { "20 call sites" };
            text.push_str(&format!("\n### TypeScript {}, {title}\n\n", compiler.version()?));
            text.push_str(&table(&rows));
        }
    }
    Ok(text)
}

fn table(rows: &[&Measured]) -> String {
    let mut text = "| procedures | types come from | instantiations | of the first row | types | memory MB | of the \
                    first row | check s | CPU s |\n| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    for row in rows {
        let first = rows.iter().find(|one| one.setup == row.setup).map_or_else(|| row.cost(), |first| first.cost());
        let cost = row.cost();
        // Other sizes are compiled once, which says little of time.
        let time =
            |seconds: f64| if row.setup.procedures == COMPARED_AT { format!("{seconds:.2}") } else { String::new() };
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            thousands(row.setup.procedures as u64),
            row.form.title(),
            thousands(cost.instantiations),
            share(cost.instantiations, first.instantiations),
            thousands(cost.types),
            thousands(cost.memory_bytes / 1_000_000),
            share(cost.memory_bytes, first.memory_bytes),
            time(cost.check_seconds),
            time(cost.cpu_seconds),
        ));
    }
    text
}

/// How many times less than `first`.
fn share(value: u64, first: u64) -> String {
    #[allow(clippy::cast_precision_loss)] // A ratio of two digits.
    let ratio = first as f64 / value.max(1) as f64;
    if value == first {
        "1".to_owned()
    } else if ratio >= 10.0 {
        format!("1/{ratio:.0}")
    } else {
        format!("1/{ratio:.1}")
    }
}

/// With commas between thousands.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join(",")
}

/// Puts `text` into the file at `path`, between the marks `<!-- begin name -->` and `<!-- end name -->`.
pub(crate) fn replace_marked(path: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let old = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->"));
    let parts = old.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = parts.with_context(|| {
        format!("{} has no lines {:?} and {end:?}: write them where the result belongs", path.display(), begin.trim())
    })?;
    fs::write(path, format!("{before}{begin}\n{text}\n{end}{after}"))?;
    Ok(())
}
