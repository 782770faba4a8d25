//! The smallest whole server: a query, and its TypeScript.

use tintype::{
    prelude::*,
    typescript::{Bindings, Options},
};
use tintype_axum::RpcService;

/// Greets somebody by name.
#[query(state = ())]
async fn greet(input: String) -> Result<String, Never> {
    Ok(format!("Hello, {input}!"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let router = router! { [greet] };
    Bindings::generate(&router, &Options::default())?
        .write_to(concat!(env!("CARGO_MANIFEST_DIR"), "/generated").as_ref())?;
    let app = axum::Router::new().nest_service("/trpc", RpcService::builder(router, ()).build()?);
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    axum::serve(tokio::net::TcpListener::bind(address).await?, app).await?;
    Ok(())
}
