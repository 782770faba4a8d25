use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use api_contract::{AppState, ai::Ai, chat::Runs, knowledge::Indexing, meetings::Rooms};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    handler::Handler,
    http::{HeaderValue, StatusCode, header},
    response::Response,
    routing::get,
};
use db::Database;
use tintype::{RouterError, Topics};
use tintype_axum::{RpcService, RpcServiceBuilder, SameOrigin};
use tokio_util::sync::CancellationToken;
use tower::{Layer, Service, ServiceBuilder};
use tower_http::{set_header::SetResponseHeaderLayer, trace::TraceLayer};

use crate::{
    Config,
    livekit::LiveKit,
    outbox::{self, OutboxOptions},
    outdated, web, webhooks,
};

/// Everything the server answers: procedures under `/trpc`, health under `/healthz` and `/readyz`, what LiveKit tells
/// under `/webhooks/livekit`, else the web demo.
#[derive(Debug, Clone)]
pub struct App {
    router: Router,
    state: AppState,
    outbox: OutboxOptions,
    trusted_proxies: Arc<[IpAddr]>,
}

/// Why the application cannot be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The contract is contradictory.
    #[error(transparent)]
    Router(#[from] RouterError),
}

/// How often expired sessions are removed.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60 * 60);

impl App {
    /// Puts the application together; streams end when `shutdown` fires.
    ///
    /// # Errors
    ///
    /// [`AppError`] if the contract cannot be served.
    pub fn new(
        config: &Config,
        database: Database,
        topics: Topics,
        ai: Ai,
        livekit: Option<LiveKit>,
        shutdown: CancellationToken,
    ) -> Result<Self, AppError> {
        let rooms = livekit.clone().map(|livekit| Arc::new(livekit) as Arc<dyn Rooms>);
        let state = AppState::new(database, topics, ai, rooms, config.settings());
        let page_sources = livekit.as_ref().map(LiveKit::page_sources).unwrap_or_default();
        let procedures = procedures(config, state.clone(), outdated::FILE).shutdown(shutdown.clone()).build()?;
        // Answers depend on the cookie, so no cache may keep them; event streams say so themselves.
        let no_store =
            SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let router = Router::new()
            .nest_service("/trpc", no_store.layer(procedures))
            .route("/healthz", get(|| async { "ok" }))
            .route("/readyz", get(ready).with_state((state.clone(), shutdown)))
            .fallback_service(web::serve.with_state(web::Policy::connecting_to(page_sources)))
            .merge(webhooks::routes(state.clone(), livekit, config.livekit_webhook_bytes as usize));
        let trusted_proxies = config.trusted_proxies.clone().into();
        Ok(Self { router, state, outbox: config.outbox(), trusted_proxies })
    }

    /// Answers requests, which should come with the `ConnectInfo` of their connection.
    ///
    /// The layers are around the whole: around each route, as `Router::layer` puts them, they would be boxed and cloned
    /// for every request.
    pub fn service(
        &self,
    ) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + use<> {
        let nosniff = HeaderValue::from_static("nosniff");
        let trusted_proxies = Arc::clone(&self.trusted_proxies);
        let trace = TraceLayer::new_for_http().make_span_with(|request: &Request| {
            // The path without its query, which may hold an input.
            tracing::debug_span!("request", method = %request.method(), path = request.uri().path())
        });
        ServiceBuilder::new()
            .map_response(|response: Response<_>| response.map(Body::new))
            .layer(trace)
            .layer(SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, nosniff))
            .map_request(move |request| with_client_address(request, &trusted_proxies))
            .service(self.router.clone())
    }

    /// Publishes what calls have left in the outbox and deletes what is published, until `shutdown` fires.
    ///
    /// It should fire after the last call, so that the rows of its events do not wait for another process.
    pub async fn work_off_outbox(self, shutdown: CancellationToken) {
        outbox::work_off(self.state.outbox(), &self.outbox, shutdown).await;
    }

    /// Writes answers until `shutdown` fires; those that are not written `drain` later are ended where they are.
    pub async fn write_answers(self, shutdown: CancellationToken, drain: Duration) {
        Runs::work(self.state, shutdown, drain).await;
    }

    /// Reads documents until `shutdown` fires, and gives back those that it is reading.
    pub async fn read_documents(self, shutdown: CancellationToken) {
        Indexing::work(self.state, shutdown).await;
    }

    /// Removes expired sessions now and then, until `shutdown` fires.
    pub async fn sweep(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(SWEEP_INTERVAL);
        while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
            let system = self.state.database().system();
            match db::sessions::delete_expired(&system, chrono::Utc::now()).await {
                Ok(count) => tracing::debug!(count, "removed expired sessions"),
                Err(error) => tracing::error!(%error, "expired sessions could not be removed"),
            }
        }
    }
}

/// The product's procedures, as this server hosts them; `outdated` is the file of the contracts that they break.
fn procedures(config: &Config, state: AppState, outdated: &str) -> RpcServiceBuilder<AppState> {
    let origins = config.allowed_origins.iter().fold(SameOrigin::new(), |origins, origin| origins.allow(origin));
    RpcService::builder(api_contract::router(), state)
        .limits(config.limits())
        .allow_method_override(true)
        .guard(move |cx| origins.check(cx))
        .outdated_contracts(outdated::hashes(outdated))
}

async fn ready(State((state, shutdown)): State<(AppState, CancellationToken)>) -> (StatusCode, &'static str) {
    if shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping");
    }
    if let Err(error) = state.database().ping().await {
        tracing::error!(%error, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer");
    }
    if let Err(error) = state.topics().check() {
        tracing::error!(%error, "not ready");
        return (StatusCode::SERVICE_UNAVAILABLE, "events of other instances do not arrive");
    }
    (StatusCode::OK, "ready")
}

/// Replaces the address of a trusted proxy by that of the client it speaks for.
fn with_client_address(mut request: Request, proxies: &[IpAddr]) -> Request {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied()
        && proxies.contains(&peer.ip())
    {
        let forwarded: Vec<&str> = request
            .headers()
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let client = forwarded_client(peer.ip(), &forwarded, proxies);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    request
}

/// The last address that no trusted proxy vouches for: everything before it may be invented by the client.
fn forwarded_client(peer: IpAddr, forwarded: &[&str], proxies: &[IpAddr]) -> IpAddr {
    let mut client = peer;
    for address in forwarded.iter().rev() {
        if !proxies.contains(&client) {
            break;
        }
        let Ok(address) = address.trim().parse() else { break };
        client = address;
    }
    client
}

#[cfg(test)]
mod tests {
    use api_contract::{auth, widgets};
    use clap::Parser;
    use db::testing::TestDb;
    use tintype::{
        Never,
        contract::{Contract, DescribeOptions, diff::Acknowledged, releases::Releases},
        query, router,
        typescript::{Bindings, Options},
    };
    use tower::ServiceExt;

    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        let client = |peer, forwarded: &[&str]| forwarded_client(ip(peer), forwarded, &proxies);

        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), ip("203.0.113.9"));
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), ip("198.51.100.1"));
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "198.51.100.1", "10.0.0.2"]), ip("198.51.100.1"));
        assert_eq!(client("10.0.0.1", &["nonsense"]), ip("10.0.0.1"));
        assert_eq!(client("10.0.0.1", &[]), ip("10.0.0.1"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_stops_is_not_ready_and_is_alive() {
        let db = TestDb::new().await;
        let shutdown = CancellationToken::new();
        let config = Config::parse_from(["tintype-server"]);
        let app =
            App::new(&config, db.database.clone(), Topics::in_process(), Ai::without_model(), None, shutdown.clone())
                .unwrap();
        let ask = async |path: &str| {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let (head, body) = app.service().oneshot(request).await.unwrap().into_parts();
            (head.status, axum::body::to_bytes(body, 1000).await.unwrap())
        };
        assert_eq!(ask("/readyz").await, (StatusCode::OK, "ready".into()));

        shutdown.cancel();

        assert_eq!(ask("/readyz").await, (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping".into()));
        assert_eq!(ask("/healthz").await, (StatusCode::OK, "ok".into()));
    }

    /// A procedure that an earlier release had.
    #[query(state = AppState)]
    async fn count() -> Result<u32, Never> {
        Ok(0)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn clients_of_a_release_are_outdated_if_the_contract_breaks_it() {
        let folder = tempfile::tempdir().unwrap();
        let release = |name: &str, router: tintype::Router<AppState>| {
            let contract = Contract::of(&router, &DescribeOptions::default()).unwrap();
            let releases = Releases::read(folder.path()).unwrap();
            releases.release(name, &contract, &Acknowledged::default()).unwrap();
            contract.hash
        };
        // Since then `changed` has come, which breaks nobody, and `count` has gone.
        let compatible = release(
            "0.1.0",
            router! {
                auth: [auth::register, auth::login, auth::logout, auth::me],
                widgets: [widgets::list, widgets::create, widgets::update, widgets::delete],
            },
        );
        let broken = release(
            "0.2.0",
            router! {
                auth: [auth::register, auth::login, auth::logout, auth::me],
                widgets: [widgets::list, widgets::create, widgets::update, widgets::delete, widgets::changed, count],
            },
        );
        let bindings = Bindings::generate(&api_contract::router(), &Options::default()).unwrap();
        let bindings = bindings.with_releases(&Releases::read(folder.path()).unwrap());
        let (_, file) = bindings.files().find(|(name, _)| *name == "outdated.json").unwrap();
        let db = TestDb::new().await;
        let config = Config::parse_from(["tintype-server"]);
        let state =
            AppState::new(db.database.clone(), Topics::in_process(), Ai::without_model(), None, config.settings());
        let service = procedures(&config, state, file).build().unwrap();

        for (hash, expected) in [(&compatible, None), (&broken, Some("outdated")), (&bindings.contract().hash, None)] {
            let request = Request::get("/auth.me").header("tintype-contract", hash).body(Body::empty()).unwrap();
            let response = service.clone().oneshot(request).await.unwrap();
            let header = response.headers().get("tintype-contract").map(|value| value.to_str().unwrap());
            assert_eq!((response.status(), header), (StatusCode::OK, expected), "{file}");
        }
    }
}
