//! An axum application with the service in it, on a free port.

use std::net::SocketAddr;

use axum::routing::get;
use tintype_axum::{Limits, RpcService, RpcServiceBuilder, WebSockets};
use tokio::{
    net::TcpListener,
    sync::mpsc::{self, UnboundedReceiver},
};

use tower_http::compression::CompressionLayer;

use crate::{AppState, procedures};

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// What the procedures report.
    pub(crate) reports: UnboundedReceiver<&'static str>,
    pub(crate) websockets: WebSockets,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(|service| service).await
    }

    pub(crate) async fn start_limited(limits: Limits) -> Self {
        Self::start_with(|service| service.limits(limits)).await
    }

    /// With a layer that compresses what it may.
    pub(crate) async fn start_compressed() -> Self {
        Self::serve(|service| service, |app| app.layer(CompressionLayer::new())).await
    }

    pub(crate) async fn start_with(
        configure: impl FnOnce(RpcServiceBuilder<AppState>) -> RpcServiceBuilder<AppState>,
    ) -> Self {
        Self::serve(configure, |app| app).await
    }

    async fn serve(
        configure: impl FnOnce(RpcServiceBuilder<AppState>) -> RpcServiceBuilder<AppState>,
        surround: impl FnOnce(axum::Router) -> axum::Router,
    ) -> Self {
        let (sender, reports) = mpsc::unbounded_channel();
        let service = RpcService::builder(procedures::router(), AppState { reports: sender });
        let service = configure(service).build().unwrap();
        let websockets = service.websockets();
        let app = axum::Router::new().nest_service("/trpc", service).route("/about", get(|| async { "about" }));
        let app = surround(app);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, reports, websockets }
    }

    /// The next report of a procedure.
    pub(crate) async fn report(&mut self) -> &'static str {
        self.reports.recv().await.unwrap()
    }
}
