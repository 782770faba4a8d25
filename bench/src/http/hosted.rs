//! The process that is measured.

use std::io::{Read, stdin};

use api_contract::{AppState, ai::Ai};
use axum::{Router, routing::get};
use clap::Parser;
use rustix::time::{ClockId, clock_gettime};
use server::{App, Config, Storage};
use tintype::Topics;
use tintype_axum::RpcService;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::by_hand;

/// Serves on one thread until standard input ends, and prints its address.
pub(crate) fn serve() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let data_dir = folder.path().join("data");
        // Roomy, so that a sign-up of the benchmark is never refused.
        let config = Config::try_parse_from(["bench".as_ref(), "--data-dir".as_ref(), data_dir.as_os_str()])?;
        let storage = Storage::open(&config).await?;
        let shutdown = CancellationToken::new();
        let database = storage.database.clone();
        let state = AppState::new(database.clone(), Topics::in_process(), Ai::without_model(), None, config.settings());
        let app = Router::new()
            .nest_service(
                "/product",
                App::new(&config, database.clone(), Topics::in_process(), Ai::without_model(), None, shutdown.clone())?
                    .service(),
            )
            .nest_service("/procedures", RpcService::builder(api_contract::router(), state).build()?)
            .nest("/by-hand", by_hand::router(database))
            .route("/cpu-nanoseconds", get(|| async { cpu_nanoseconds().to_string() }));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        println!("{}", listener.local_addr()?);
        let closed = tokio::task::spawn_blocking(|| stdin().read_to_end(&mut Vec::new()));
        tokio::spawn({
            let shutdown = shutdown.clone();
            async move {
                let _ = closed.await;
                shutdown.cancel();
            }
        });
        server::serve(listener, app, config.connection_limits(), shutdown, config.drain_time()).await;
        storage.close().await?;
        Ok(())
    })
}

fn cpu_nanoseconds() -> u128 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let part = |number: i64| u128::try_from(number).unwrap_or_default();
    part(time.tv_sec) * 1_000_000_000 + part(time.tv_nsec)
}
