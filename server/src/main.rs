//! Starts the server and stops it cleanly.

use std::{io::IsTerminal, process::ExitCode};

use anyhow::Context;
use clap::Parser;
use server::{App, Config, Drain, READ_DOCUMENT, Storage, ai, calls, serve, topics, use_small_pages};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<ExitCode> {
    // Before there are threads: the process that reads documents limits itself first.
    if std::env::args_os().nth(1).is_some_and(|argument| argument == READ_DOCUMENT) {
        return Ok(documents::serve_child());
    }
    run()?;
    Ok(ExitCode::SUCCESS)
}

#[tokio::main]
async fn run() -> anyhow::Result<()> {
    let config = Config::parse();
    start_log(&config)?;
    use_small_pages();
    let listener = TcpListener::bind((config.host, config.port)).await.with_context(|| {
        format!("cannot listen on {}:{}: choose another PORT, or 0 for a free one", config.host, config.port)
    })?;
    let topics = topics(&config)?;
    let ai = ai(&config)?;
    let calls = calls(&config)?;
    let storage = Storage::open(&config).await?;
    let shutdown = CancellationToken::new();
    let app = App::new(&config, storage.database.clone(), topics, ai, calls, shutdown.clone())?;
    let sweep = tokio::spawn(app.clone().sweep(shutdown.clone()));
    let answers = tokio::spawn(app.clone().write_answers(shutdown.clone(), config.drain_time()));
    let documents = tokio::spawn(app.clone().read_documents(shutdown.clone()));
    let drained = CancellationToken::new();
    let outbox = tokio::spawn(app.clone().work_off_outbox(drained.clone()));
    tokio::spawn(stop_on_signal(shutdown.clone()));

    // Whoever started the process waits for this line, and a person opens its address.
    println!("tintype is ready: http://{}", listener.local_addr()?);
    let drain = serve(listener, app.service(), config.connection_limits(), shutdown, config.drain_time()).await;
    if drain == Drain::CutOff {
        tracing::warn!("some calls were cut off: TINTYPE_DRAIN_SECONDS allows them more time");
    }
    answers.await.context("the writing of answers ended early")?;
    documents.await.context("the reading of documents ended early")?;
    drained.cancel();
    outbox.await.context("the work on the outbox ended early")?;
    sweep.await.context("the removal of expired sessions ended early")?;
    drop(app);
    storage.close().await?;
    Ok(())
}

fn start_log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .with_context(|| format!("TINTYPE_LOG is {:?}: try info, or server=debug", config.log))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if config.log_json {
        log.json().init()
    } else {
        log.with_target(false).init()
    }
    Ok(())
}

/// Stops on Ctrl-C and on the signal with which service managers ask.
async fn stop_on_signal(shutdown: CancellationToken) {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        tracing::error!("SIGTERM cannot be handled: the server will stop without draining");
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping: no new connections, open calls may finish");
    shutdown.cancel();
}
