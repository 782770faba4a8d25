use std::time::Duration;

use tintype_axum::{Limits, RpcService, RpcServiceBuilder};

use crate::{
    AppState,
    auth::context_failure,
    hooks::{add_details, describe_answer, without_extensions},
    router,
};

/// An axum application with every profile at its path.
///
/// # Errors
///
/// When the router cannot be used.
pub fn app(state: AppState) -> Result<axum::Router, tintype::RouterError> {
    let profiles: [(&str, Configure); 12] = [
        ("/trpc", |service| service),
        ("/dev", |service| service.dev(true)),
        ("/override", |service| service.allow_method_override(true)),
        ("/nobatch", |service| service.allow_batching(false)),
        ("/maxbatch", |service| service.limits(Limits { batch_calls: 2, ..unlimited() })),
        ("/small", |service| service.limits(Limits { body_bytes: 1024, ..unlimited() })),
        ("/nosse", |service| service.event_streams(false)),
        ("/ping", |service| {
            service.limits(Limits {
                ping_interval: Duration::from_millis(100),
                reconnect_after_inactivity: Duration::from_millis(400),
                ..unlimited()
            })
        }),
        ("/maxdur", |service| service.limits(Limits { stream_age: Duration::from_millis(350), ..unlimited() })),
        ("/fmt", |service| service.error_formatter(add_details)),
        ("/meta", |service| service.response_meta(describe_answer)),
        ("/slash", |service| service.path_separator("/")),
    ];
    profiles.into_iter().try_fold(axum::Router::new(), |app, (path, configure)| {
        let service = RpcService::builder(router(), state.clone())
            .limits(unlimited())
            .guard(context_failure)
            .error_formatter(without_extensions);
        Ok(app.nest_service(path, configure(service).build()?))
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
        ..Limits::default()
    }
}
