use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{bail, ensure};
use chrono::Utc;
use clap::Args;

use super::{document::Document, language_server::LanguageServer, server::Server, ts_server::TsServer};
use crate::types::{Calls, Compiler, Fixture, Form, Programs, replace_marked};

/// What to ask, and how often.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Number of procedures.
    #[arg(long, default_value_t = 1_000)]
    procedures: usize,
    /// Whence the types come.
    #[arg(long, value_delimiter = ',', default_values = ["inferred", "emitted", "app-router", "api"])]
    forms: Vec<Form>,
    /// Keystrokes per question; medians are shown.
    #[arg(long, default_value_t = 9)]
    keystrokes: usize,
    /// Writes the table into this file too, between its marks.
    #[arg(long)]
    write: Option<PathBuf>,
}

/// How long a completion of `api.` may take with the generated `Api`, in milliseconds.
const COMPLETION_BAR_MS: f64 = 50.0;

/// What is asked after each keystroke.
#[derive(Debug, Clone, Copy)]
enum Question {
    /// What stands after `api.`
    Namespaces,
    /// What stands after `api.area0.`
    Procedures,
    /// What is wrong in the file.
    Errors,
}

const QUESTIONS: [Question; 3] = [Question::Namespaces, Question::Procedures, Question::Errors];

struct Row {
    compiler: Compiler,
    form: Form,
    waits: [Wait; QUESTIONS.len()],
}

/// Milliseconds until an answer.
#[derive(Debug, Clone, Copy, Default)]
struct Wait {
    /// On the wall, the median.
    wall: f64,
    /// Of processors, the mean, because Linux counts them in hundredths of a second.
    cpu: f64,
}

pub(crate) fn measure(options: &Options) -> anyhow::Result<()> {
    ensure!(options.procedures >= 40, "two namespaces are asked for: give at least 40 procedures");
    // The URIs of the files are those of the real folder.
    let folder = tempfile::tempdir()?;
    let programs = Programs::in_folder(folder.path())?;
    let fixture = Fixture { procedures: options.procedures };
    let mut rows = Vec::new();
    for &form in &options.forms {
        let program = programs.write(fixture, form, Calls::First(20))?.canonicalize()?;
        for compiler in Compiler::ALL {
            eprintln!("{}, {compiler:?}", form.title());
            let mut server: Box<dyn Server> = match compiler {
                Compiler::TypeScript5 => Box::new(TsServer::start()?),
                Compiler::TypeScript7 => Box::new(LanguageServer::start()?),
            };
            rows.push(Row { compiler, form, waits: waits(server.as_mut(), &program, options)? });
        }
    }

    let table = table(&rows, options)?;
    println!("{table}");
    if let Some(path) = &options.write {
        replace_marked(path, "editor", &table)?;
    }
    // What keeps the processors busy besides is no fault of the types.
    let slow = rows.iter().filter(|row| row.form == Form::Api);
    let slow = slow.filter(|row| row.waits[0].wall.min(row.waits[0].cpu) > COMPLETION_BAR_MS);
    let slow: Vec<String> = slow.map(|row| format!("{:?}: {:?}", row.compiler, row.waits[0])).collect();
    if !slow.is_empty() {
        bail!("completing `api.` takes more than {COMPLETION_BAR_MS} ms: {}", slow.join(", "));
    }
    Ok(())
}

fn waits(server: &mut dyn Server, program: &Path, options: &Options) -> anyhow::Result<[Wait; QUESTIONS.len()]> {
    let mut document = Document::read(&program.join("calls.ts"))?;
    server.open(&document)?;
    // What follows is a program that is loaded already.
    ask(server, &mut document, Question::Errors, 0, options)?;
    let mut waits = [Wait::default(); QUESTIONS.len()];
    let keystrokes = options.keystrokes.max(1);
    for (question, wait) in QUESTIONS.into_iter().zip(&mut waits) {
        let mut all = Vec::new();
        let before = server.cpu_seconds()?;
        for keystroke in 1..=keystrokes {
            all.push(ask(server, &mut document, question, keystroke, options)?);
        }
        all.sort_by(f64::total_cmp);
        #[allow(clippy::cast_precision_loss)] // Keystrokes are few.
        let cpu = (server.cpu_seconds()? - before) * 1_000.0 / keystrokes as f64;
        *wait = Wait { wall: all[all.len() / 2], cpu };
    }
    Ok(waits)
}

/// Changes the last line, asks, checks the answer, and returns the milliseconds until it was there.
fn ask(
    server: &mut dyn Server,
    document: &mut Document,
    question: Question,
    keystroke: usize,
    options: &Options,
) -> anyhow::Result<f64> {
    let name = format!("typed{keystroke}");
    let line = match question {
        Question::Namespaces => format!("export const {name} = api."),
        Question::Procedures => format!("export const {name} = api.area{}.", keystroke % 2),
        Question::Errors => format!("export const {name}: number = api.area0.nothing{keystroke};"),
    };
    let started = Instant::now();
    server.change(document, &line)?;
    let answer = match question {
        Question::Namespaces | Question::Procedures => server.completions(document)?,
        Question::Errors => server.errors(document)?,
    };
    let wait = started.elapsed().as_secs_f64() * 1_000.0;
    let expected = match question {
        Question::Namespaces => format!("area{}", (options.procedures - 1) / 20),
        Question::Procedures => format!("find{}", keystroke % 2 * 20),
        Question::Errors => format!("'nothing{keystroke}' does not exist"),
    };
    ensure!(
        answer.iter().any(|text| text.contains(&expected)),
        "after {line:?} the answer should have {expected:?} and is {answer:?}"
    );
    Ok(wait)
}

fn table(rows: &[Row], options: &Options) -> anyhow::Result<String> {
    let mut text = format!(
        "`cargo run --release -p bench -- editor` on {}: {} procedures, milliseconds of wall time (of CPU \
         time) per keystroke, medians (means) of {}, on a machine of {} cores{}.\n\n| editor | types come from | complete `api.` | complete `api.area0.` | \
         errors of the file |\n| --- | --- | ---: | ---: | ---: |\n",
        Utc::now().format("%Y-%m-%d"),
        options.procedures,
        options.keystrokes,
        std::thread::available_parallelism()?,
        crate::load::in_words(),
    );
    for compiler in Compiler::ALL {
        let server = match compiler {
            Compiler::TypeScript5 => "tsserver",
            Compiler::TypeScript7 => "language server",
        };
        for row in rows.iter().filter(|row| row.compiler == compiler) {
            let [namespaces, procedures, errors] = row.waits.map(|wait| format!("{:.0} ({:.0})", wait.wall, wait.cpu));
            text.push_str(&format!(
                "| {server} {} | {} | {namespaces} | {procedures} | {errors} |\n",
                compiler.version()?,
                row.form.title()
            ));
        }
    }
    Ok(text)
}
