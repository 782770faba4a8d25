//! Many answers at the same time, each read by several viewers as it is written.

mod provider;
mod viewer;

use std::{
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use clap::{Args, Parser};
use futures_util::{StreamExt, TryStreamExt, stream};
use private_postgres::{Binaries, Cluster, Durability};
use serde_json::{Value, json};
use server::{App, Config, Storage};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    process::Command,
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::{
    provider::Speech,
    viewer::{Seen, Viewer},
};
use crate::{
    fanout::process::Running,
    types::{replace_marked, thousands},
};

/// How much to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Answers at the same time.
    #[arg(long, default_value_t = 500)]
    answers: usize,
    /// Pieces of an answer, as the provider sends them.
    #[arg(long, default_value_t = 400)]
    words: usize,
    /// Milliseconds between two of them.
    #[arg(long, default_value_t = 50)]
    pause_ms: u64,
    /// Viewers of each answer.
    #[arg(long, default_value_t = 3)]
    viewers: usize,
    /// Writes the table into this file too, between its marks.
    #[arg(long)]
    write: Option<PathBuf>,
}

/// Calls that prepare it, at the same time.
const PREPARING: usize = 16;

pub(crate) fn measure(options: &Options) -> anyhow::Result<()> {
    // One thread: the server has the other core.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run(options))
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let speech = Speech { words: options.words, pause: Duration::from_millis(options.pause_ms), began: Instant::now() };
    let provider = provider::start(speech).await?;
    let folder = tempfile::tempdir()?;
    // Started here, so that its processes are not among the server's.
    let cluster = Cluster::start(&Binaries::locate(&mut |step| eprintln!("{step}"))?, folder.path(), Durability::Safe)?;
    let home = cluster.home().to_owned();
    let server = start_server(options, &provider, folder.path()).await?;
    let address = server.address;

    eprintln!("{} conversations, {} viewers", options.answers, options.answers * options.viewers);
    let cookie = register(address).await?;
    let begin = |_| call(address, &cookie, "chat.sessions.create", json!({}));
    let sessions: Vec<Value> = stream::iter(0..options.answers).map(begin).buffered(PREPARING).try_collect().await?;
    let sessions: Vec<&str> = sessions.iter().filter_map(|session| session["id"].as_str()).collect();
    let viewed = sessions.iter().flat_map(|session| std::iter::repeat_n(*session, options.viewers));
    let viewers: Vec<Viewer> = stream::iter(viewed)
        .map(|session| Viewer::open(address, &cookie, session))
        .buffered(PREPARING)
        .try_collect()
        .await?;

    let (processor_before, memory_before) = (server.processor_seconds()?, server.memory_bytes()?);
    let mut reading = JoinSet::new();
    for viewer in viewers {
        reading.spawn(viewer.read(speech));
    }
    eprintln!("{} answers of {} words", options.answers, options.words);
    let asking = stream::iter(&sessions).map(|session| {
        let question =
            json!({ "sessionId": session, "content": "When?", "clientMessageId": Uuid::new_v4().to_string() });
        call(address, &cookie, "chat.sendMessage", question)
    });
    let asking = asking.buffered(PREPARING).try_collect::<Vec<_>>();
    let (asked, watched) = tokio::join!(asking, watch(&server, &mut reading));
    asked?;
    let (seen, memory_most) = watched?;
    let processor = server.processor_seconds()? - processor_before;
    let table = table(options, &seen, processor, memory_most.saturating_sub(memory_before));
    println!("{table}");
    if let Some(path) = &options.write {
        replace_marked(path, "answers", &table)?;
    }
    drop(server);
    cluster.leave()?;
    if home.exists() {
        std::fs::remove_dir_all(&home)?;
    }
    let wrong: usize = seen.iter().map(|seen| seen.wrong_bytes).sum();
    if wrong > 0 {
        bail!("{wrong} bytes were missing or came twice");
    }
    Ok(())
}

/// Waits for every viewer, and looks at the memory of the server meanwhile.
async fn watch(server: &Running, reading: &mut JoinSet<anyhow::Result<Seen>>) -> anyhow::Result<(Vec<Seen>, u64)> {
    let (mut seen, mut most) = (Vec::new(), 0);
    let mut looks = tokio::time::interval(Duration::from_millis(500));
    loop {
        tokio::select! {
            read = reading.join_next() => match read {
                None => return Ok((seen, most)),
                Some(read) => seen.push(read??),
            },
            _ = looks.tick() => most = most.max(server.memory_bytes()?),
        }
    }
}

fn table(options: &Options, seen: &[Seen], processor: f64, memory_growth: u64) -> String {
    let mut delays: Vec<u32> = seen.iter().flat_map(|seen| seen.delays.iter().copied()).collect();
    delays.sort_unstable();
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let delay_ms = |share: f64| {
        let index = (delays.len() as f64 * share).ceil() as usize;
        f64::from(delays.get(index.saturating_sub(1)).copied().unwrap_or_default()) / 10.0
    };
    let words = options.answers * options.words;
    let pieces: u64 = seen.iter().map(|seen| seen.pieces).sum();
    let wrong: usize = seen.iter().map(|seen| seen.wrong_bytes).sum();
    #[allow(clippy::cast_precision_loss)]
    let per = |total: f64, count: usize| total / count.max(1) as f64;
    #[allow(clippy::cast_precision_loss)]
    let memory = memory_growth as f64 / options.answers as f64 / 1_000.0;
    format!(
        "`cargo run --release -p bench -- answers` on {}{}: {} answers of {} words at the same time, a word every \
         {} ms, each with {} viewers.\n\n\
         | measure | |\n| --- | ---: |\n\
         | words that the provider sent | {} |\n\
         | pieces that viewers received | {} |\n\
         | missing, or twice | {wrong} |\n\
         | processor time per word of the provider, µs | {:.0} |\n\
         | processor time per piece at a viewer, µs | {:.1} |\n\
         | from the provider to a viewer, p50, ms | {:.0} |\n\
         | from the provider to a viewer, p99, ms | {:.0} |\n\
         | growth of memory per answer with its viewers, kB | {memory:.0} |",
        chrono::Utc::now().format("%Y-%m-%d"),
        crate::load::in_words(),
        options.answers,
        options.words,
        options.pause_ms,
        options.viewers,
        thousands(words as u64),
        thousands(pieces),
        per(processor * 1e6, words),
        per(processor * 1e6, usize::try_from(pieces).unwrap_or(usize::MAX)),
        delay_ms(0.5),
        delay_ms(0.99),
    )
}

async fn start_server(options: &Options, provider: &str, data: &std::path::Path) -> anyhow::Result<Running> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("answers-server").env("OPENAI_BASE_URL", provider).env("OPENAI_API_KEY", "sk-of-the-benchmark");
    command.env("TINTYPE_DATA_DIR", data).env("PORT", "0").env("TINTYPE_LOG", "warn");
    command.env("TINTYPE_CONCURRENT_RUNS", (options.answers + 1).to_string());
    Running::that_prints_its_address(&mut command).await
}

/// The product's server, until it is told to stop.
#[tokio::main]
pub(crate) async fn serve() -> anyhow::Result<()> {
    let config = Config::try_parse_from(["bench"])?;
    server::use_small_pages();
    let storage = Storage::open(&config).await?;
    let shutdown = CancellationToken::new();
    let (topics, ai) = (server::topics(&config)?, server::ai(&config)?);
    let app = App::new(&config, storage.database.clone(), topics, ai, None, shutdown.clone())?;
    let answers = tokio::spawn(app.clone().write_answers(shutdown.clone(), Duration::ZERO));
    let outbox = tokio::spawn(app.clone().work_off_outbox(shutdown.clone()));
    let listener = TcpListener::bind((config.host, config.port)).await?;
    println!("http://{}", listener.local_addr()?);
    let stop = shutdown.clone();
    tokio::spawn(async move {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        terminate.recv().await;
        stop.cancel();
        std::io::Result::Ok(())
    });
    server::serve(listener, app.service(), config.connection_limits(), shutdown, Duration::from_secs(1)).await;
    answers.await?;
    outbox.await?;
    drop(app);
    storage.close().await?;
    Ok(())
}

async fn register(address: SocketAddr) -> anyhow::Result<String> {
    let account = json!({ "email": "ada@example.com", "password": "correct horse battery", "tenantName": "Bench" });
    let answer = post(address, "", "auth.register", &account).await?;
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
    cookie.map(str::to_owned).context("a registration signs in")
}

async fn call(address: SocketAddr, cookie: &str, path: &str, input: Value) -> anyhow::Result<Value> {
    let answer = post(address, cookie, path, &input).await?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let body: Value = serde_json::from_str(body).with_context(|| format!("{path} answered {answer:?}"))?;
    match body["result"]["data"].clone() {
        Value::Null => bail!("{path} answered {body}"),
        data => Ok(data),
    }
}

async fn post(address: SocketAddr, cookie: &str, path: &str, input: &Value) -> anyhow::Result<String> {
    let body = input.to_string();
    let request = format!(
        "POST /trpc/{path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncookie: {cookie}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut socket = TcpStream::connect(address).await?;
    socket.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await?;
    Ok(answer)
}
