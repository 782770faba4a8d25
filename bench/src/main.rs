//! Measurements against peers, as ratios within one run, because machines are noisy.
//!
//! `cargo run --release -p bench -- http`, `fanout`, `answers`, `frames`, `search`, `search-speed`, `types`, `editor` or
//! `edits`.

mod answers;
mod editor;
mod edits;
mod fanout;
mod find;
mod frames;
mod http;
mod load;
mod processor_time;
mod types;

use bench::{search::SpeedOptions, serving};
use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What to measure.
#[derive(Debug, Parser)]
enum Command {
    /// Calls per second of one core's time: procedures beside hand-written axum handlers that do the same.
    Http(http::Options),
    /// The process that `http` measures.
    #[command(hide = true)]
    HttpServer,
    /// What it costs to bring one event to many, beside `@trpc/server` and Nchan.
    Fanout(fanout::Options),
    /// The process that `fanout` measures.
    #[command(hide = true)]
    FanoutServer(serving::Options),
    /// Many answers at the same time, each read by several viewers as it is written.
    Answers(answers::Options),
    /// The process that `answers` measures.
    #[command(hide = true)]
    AnswersServer,
    /// Frames that need not be looked at, and changes that are missed for it.
    Frames(frames::Options),
    /// How well documents are found that answer a question: recall@5 and MRR.
    Search(find::Options),
    /// How long a search takes as documents become more.
    SearchSpeed(SpeedOptions),
    /// What the generated types cost the type checker, beside tRPC's inference.
    Types(types::Options),
    /// How long an editor waits for completions and errors.
    Editor(editor::Options),
    /// How long from saving a Rust field to the changed declaration.
    Edits(edits::Options),
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Http(options) => http::measure(&options),
        Command::HttpServer => http::serve(),
        Command::Fanout(options) => fanout::measure(&options),
        Command::FanoutServer(options) => serving::serve(&options),
        Command::Answers(options) => answers::measure(&options),
        Command::AnswersServer => answers::serve(),
        Command::Frames(options) => frames::measure(&options),
        Command::Search(options) => find::measure(&options),
        Command::SearchSpeed(options) => find::speed(&options),
        Command::Types(options) => types::measure(&options),
        Command::Editor(options) => editor::measure(&options),
        Command::Edits(options) => edits::measure(&options),
    }
}
