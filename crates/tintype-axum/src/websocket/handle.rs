use std::{fmt, sync::Arc};

use tokio::sync::watch;

/// Every WebSocket of a service.
///
/// ```
/// # use tintype::prelude::*;
/// # use tintype_axum::{RpcService, WebSocketLimits};
/// # #[query(state = ())]
/// # pub async fn ping() -> Result<(), Never> { Ok(()) }
/// # fn main() -> Result<(), tintype::RouterError> {
/// let service = RpcService::builder(router! { [ping] }, ()).websocket(WebSocketLimits::default()).build()?;
/// let websockets = service.websockets();
/// // Before this instance leaves the load balancer:
/// websockets.notify_reconnect();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WebSockets {
    signals: Arc<watch::Sender<Signals>>,
}

/// How often something was asked of every connection; a connection compares with what it has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signals {
    pub(super) reconnects: u64,
    pub(super) cuts: u64,
}

impl WebSockets {
    pub(crate) fn new() -> Self {
        Self { signals: Arc::new(watch::Sender::default()) }
    }

    /// Asks every client to connect anew and to move its subscriptions, for example to another instance.
    ///
    /// The connections go on until the clients close them; for [`WebSocketLimits::move_time`](crate::WebSocketLimits)
    /// they send no events, which come on the new ones.
    pub fn notify_reconnect(&self) {
        self.signals.send_modify(|signals| signals.reconnects += 1);
    }

    /// Cuts every connection off, without a closing handshake.
    pub fn cut(&self) {
        self.signals.send_modify(|signals| signals.cuts += 1);
    }

    /// How many connections there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.signals.receiver_count()
    }

    /// Waits until there is no connection.
    pub async fn closed(&self) {
        self.signals.closed().await;
    }

    /// What a connection listens to; it counts for as long as it does.
    pub(super) fn listen(&self) -> watch::Receiver<Signals> {
        self.signals.subscribe()
    }
}

impl fmt::Debug for WebSockets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSockets").field("count", &self.count()).finish()
    }
}
