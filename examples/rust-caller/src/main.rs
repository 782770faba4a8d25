//! A job that is written once, and runs inside the server or as a service of its own.

use example_rust_caller::{AppState, Order, quote, router};
use tintype::{Calls, Context};
use tintype_axum::RpcService;
use tintype_client::Client;

/// The job: it does not know where the procedures are.
async fn compare(shop: &impl Calls<AppState>, place: &str) {
    for pieces in [3, 11] {
        match shop.call::<quote>(Order { pieces }).await {
            Ok(cents) => println!("{place}: {pieces} pieces cost {cents} cents"),
            Err(error) => println!("{place}: {pieces} pieces: {error}"),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let state = AppState { cents: 25 };

    let caller = router().caller(Context::builder(state.clone()).build());
    compare(&caller, "in process").await;

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/trpc", listener.local_addr()?);
    let app = axum::Router::new().nest_service("/trpc", RpcService::builder(router(), state).build()?);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let client = Client::builder(url).contract(&router()).build()?;
    compare(&client, "over HTTP").await;
    Ok(())
}
