//! The extractors that come with the crate: what every request has.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use cookie::Cookie;
use http::HeaderMap;
use tokio_util::sync::CancellationToken;

use crate::{
    connection_params::ConnectionParams,
    context::{Context, FromContext, FromState, Request},
    error::Failure,
    event_id::EventId,
};

/// A part of the application's state, or all of it.
#[derive(Debug, Clone)]
pub struct State<T>(pub T);

impl<S: Sync, T: FromState<S> + Send> FromContext<S> for State<T> {
    async fn from_context(cx: &Context<S>) -> Result<Self, Failure> {
        Ok(Self(T::from_state(cx.state())))
    }
}

/// The headers of the request.
#[derive(Debug, Clone)]
pub struct Headers(pub HeaderMap);

impl<S: Sync> FromContext<S> for Headers {
    async fn from_context(cx: &Context<S>) -> Result<Self, Failure> {
        Ok(Self(cx.headers().clone()))
    }
}

/// The cookies of the request, and of its answer.
///
/// The calls of a batch share them.
/// A subscription cannot set cookies: its answer has begun before the procedure runs.
/// Nor can a call over a WebSocket, whose messages have no headers.
#[derive(Debug, Clone)]
pub struct Cookies(Arc<Request>);

impl Cookies {
    /// The value of the cookie `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.with_cookies(|jar| jar.get(name).map(|cookie| cookie.value().to_owned()))
    }

    /// Sets a cookie on the client.
    pub fn set(&self, cookie: Cookie<'static>) {
        self.0.with_cookies(|jar| jar.add(cookie));
    }

    /// Makes the client forget a cookie; path and domain must be those it was set with.
    pub fn remove(&self, cookie: Cookie<'static>) {
        self.0.with_cookies(|jar| {
            // Without an original, `remove` would leave nothing to send.
            jar.add_original(cookie.clone());
            jar.remove(cookie);
        });
    }
}

impl<S: Sync> FromContext<S> for Cookies {
    async fn from_context(cx: &Context<S>) -> Result<Self, Failure> {
        Ok(Self(Arc::clone(cx.request())))
    }
}

/// Who is at the other end of the connection; `None` for a call in process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub Option<SocketAddr>);

impl PeerAddress {
    /// The address without the port.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        self.0.map(|address| address.ip())
    }
}

impl<S: Sync> FromContext<S> for PeerAddress {
    async fn from_context(cx: &Context<S>) -> Result<Self, Failure> {
        Ok(Self(cx.peer()))
    }
}

impl<S: Sync> FromContext<S> for Option<ConnectionParams> {
    async fn from_context(cx: &Context<S>) -> Result<Self, Failure> {
        Ok(cx.connection_params().cloned())
    }
}

/// The last event the client has, if it resumes a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastEventId(pub Option<EventId>);

impl<S: Sync> FromContext<S> for LastEventId {
    async fn from_context(cx: &Context<S>) -> Result<Self, Failure> {
        Ok(Self(cx.last_event_id().cloned()))
    }
}

/// Fires when nobody waits for the call any more.
///
/// The call itself is dropped then; the token is for work it has spawned.
#[derive(Debug, Clone)]
pub struct Abort(pub CancellationToken);

impl<S: Sync> FromContext<S> for Abort {
    async fn from_context(cx: &Context<S>) -> Result<Self, Failure> {
        Ok(Self(cx.abort().clone()))
    }
}
