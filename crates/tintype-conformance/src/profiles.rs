use std::time::Duration;

use axum::routing::post;
use http::StatusCode;
use tintype::protocol::Transformer;
use tintype_axum::{KeepAlive, Limits, RpcService, RpcServiceBuilder, WebSocketLimits, WebSockets};
use tokio_util::sync::CancellationToken;

use crate::{
    AppState,
    auth::context_failure,
    hooks::{add_details, describe_answer, without_extensions},
    router,
};

/// When and how fast streams are ended.
#[derive(Debug, Clone, Default)]
pub struct Drain {
    /// The beginning.
    pub begins: CancellationToken,
    /// How long after it the last stream ends.
    pub time: Duration,
}

/// An axum application with every profile at its path, and with the control endpoint; and the WebSockets of each.
///
/// # Errors
///
/// When the router cannot be used.
pub fn app(state: AppState, drain: &Drain) -> Result<(axum::Router, Vec<WebSockets>), tintype::RouterError> {
    let profiles: [(&str, Configure); 14] = [
        ("trpc", |service| service),
        ("dev", |service| service.dev(true)),
        ("override", |service| service.allow_method_override(true)),
        ("nobatch", |service| service.allow_batching(false)),
        ("maxbatch", |service| {
            service
                .limits(Limits { batch_calls: 2, ..unlimited() })
                .websocket(WebSocketLimits { batch_messages: 2, ..unlimited_websocket() })
        }),
        ("small", |service| service.limits(Limits { body_bytes: 1024, ..unlimited() })),
        ("nosse", |service| service.event_streams(false)),
        ("ping", |service| {
            let keep_alive = KeepAlive { interval: Duration::from_millis(200), wait: Duration::from_millis(200) };
            service
                .limits(Limits {
                    ping_interval: Duration::from_millis(100),
                    reconnect_after_inactivity: Duration::from_millis(400),
                    ..unlimited()
                })
                .websocket(WebSocketLimits { keep_alive: Some(keep_alive), ..unlimited_websocket() })
        }),
        ("maxdur", |service| service.limits(Limits { stream_age: Duration::from_millis(350), ..unlimited() })),
        ("fmt", |service| service.error_formatter(add_details)),
        ("full", |service| service.error_formatter(|_, _| {})),
        ("meta", |service| service.response_meta(describe_answer)),
        ("superjson", |service| service.transformer(Transformer::SuperJson)),
        ("slash", |service| service.path_separator("/")),
    ];
    profiles.into_iter().try_fold((axum::Router::new(), Vec::new()), |(app, mut websockets), (name, configure)| {
        let service = RpcService::builder(router(), state.clone())
            .limits(Limits { drain_time: drain.time, ..unlimited() })
            .shutdown(drain.begins.clone())
            .websocket(unlimited_websocket())
            .guard(context_failure)
            .error_formatter(without_extensions);
        let service = configure(service).build()?;
        let (to_move, to_drop) = (service.websockets(), service.websockets());
        websockets.push(service.websockets());
        let app = app
            .nest_service(&format!("/{name}"), service)
            .route(
                &format!("/__control/{name}/reconnect"),
                post(async move || {
                    to_move.notify_reconnect();
                    StatusCode::NO_CONTENT
                }),
            )
            .route(
                &format!("/__control/{name}/drop"),
                post(async move || {
                    to_drop.cut();
                    StatusCode::NO_CONTENT
                }),
            );
        Ok((app, websockets))
    })
}

type Configure = fn(RpcServiceBuilder<AppState>) -> RpcServiceBuilder<AppState>;

/// The reference has no limits unless it is given some.
fn unlimited() -> Limits {
    const AGE: Duration = Duration::from_secs(365 * 24 * 3600);
    Limits {
        body_bytes: usize::MAX,
        body_time: AGE,
        batch_calls: usize::MAX,
        concurrent_calls: usize::MAX,
        url_bytes: usize::MAX,
        ping_interval: AGE,
        reconnect_after_inactivity: Duration::MAX,
        stream_age: AGE,
        upload_bytes: usize::MAX,
        ..Limits::default()
    }
}

fn unlimited_websocket() -> WebSocketLimits {
    const AGE: Duration = Duration::from_secs(365 * 24 * 3600);
    WebSocketLimits {
        connections: usize::MAX,
        message_bytes: usize::MAX,
        batch_messages: usize::MAX,
        concurrent_calls: usize::MAX,
        waiting_calls: usize::MAX,
        subscriptions: usize::MAX,
        keep_alive: None,
        params_time: AGE,
        send_time: AGE,
        ..WebSocketLimits::default()
    }
}
