//! Carries frames between a socket and a connection of the protocol, and keeps the time.

use std::{convert::Infallible, future, ops::ControlFlow, sync::Arc, task::Poll, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tintype::protocol::{WebSocketConnection, WebSocketFrame};
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    clock::{Clock, Due},
    handle::Signals,
    limits::WebSocketLimits,
};

/// How long a client may take to complete the closing handshake.
const CLOSE_TIME: Duration = Duration::from_secs(5);

/// One connection and its socket.
pub(super) struct Driver<S> {
    pub(super) socket: WebSocket,
    pub(super) connection: WebSocketConnection<S>,
    pub(super) limits: Arc<WebSocketLimits>,
    pub(super) age: Duration,
    /// How long after a shutdown the client is asked to move.
    pub(super) drain_time: Duration,
    // Before the signals, whose end says that the connection is over: by then its place is free.
    pub(super) _place: OwnedSemaphorePermit,
    pub(super) signals: watch::Receiver<Signals>,
    pub(super) shutdown: CancellationToken,
}

/// Why a connection ends.
enum End {
    /// The socket is of no use any more, or is not to be used.
    Cut,
    /// One side has begun the closing handshake.
    Handshake,
}

impl<S: Clone + Send + Sync + 'static> Driver<S> {
    /// Serves the connection to its end. What it runs ends with it.
    pub(super) async fn run(mut self) {
        let end = self.serve().await;
        let Self { connection, mut socket, .. } = self;
        // Nobody waits for the calls any more, however long the handshake takes.
        drop(connection);
        if let End::Handshake = end {
            let rest = async { while let Some(Ok(_)) = socket.recv().await {} };
            // What comes of it makes no difference: the socket is closed either way.
            let _ = timeout(CLOSE_TIME, rest).await;
        }
    }

    async fn serve(&mut self) -> End {
        let mut clock = Clock::new(Instant::now(), &self.limits, self.age, self.connection.awaits_connection_params());
        let seen = *self.signals.borrow_and_update();
        let mut reconnects = seen.reconnects;
        let mut is_draining = false;
        loop {
            let accepts_frames = self.connection.accepts_frames();
            let next = clock.next();
            let step = tokio::select! {
                frame = self.connection.next() => match frame {
                    Some(frame) => self.write(frame, seen).await,
                    None => ControlFlow::Break(End::Handshake),
                },
                message = self.socket.recv(), if accepts_frames => self.receive(message, &mut clock),
                () = due(next) => self.act(&mut clock),
                Ok(()) = self.signals.changed() => {
                    let signals = *self.signals.borrow_and_update();
                    if signals.reconnects != reconnects {
                        reconnects = signals.reconnects;
                        self.ask_to_move(&mut clock);
                    }
                    if signals.cuts == seen.cuts { ControlFlow::Continue(()) } else { ControlFlow::Break(End::Cut) }
                },
                () = self.shutdown.cancelled(), if !is_draining => {
                    is_draining = true;
                    clock.move_within(Instant::now(), self.drain_time);
                    ControlFlow::Continue(())
                },
            };
            if let ControlFlow::Break(end) = step {
                return end;
            }
        }
    }

    fn receive(&mut self, message: Option<Result<Message, axum::Error>>, clock: &mut Clock) -> ControlFlow<End> {
        match message {
            Some(Ok(Message::Text(text))) => self.connection.receive_text(text.as_str()),
            Some(Ok(Message::Binary(_))) => self.connection.receive_binary(),
            // The library answers these.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return ControlFlow::Continue(()),
            Some(Ok(Message::Close(_))) => return ControlFlow::Break(End::Handshake),
            // A frame that is too large or against the rules, or a connection that broke.
            Some(Err(_)) | None => return ControlFlow::Break(End::Cut),
        }
        clock.hear(Instant::now(), self.connection.awaits_connection_params());
        ControlFlow::Continue(())
    }

    fn act(&mut self, clock: &mut Clock) -> ControlFlow<End> {
        match clock.due(Instant::now()) {
            None => {}
            Some(Due::Ping) => self.connection.send_ping(),
            Some(Due::Move) => {
                self.ask_to_move(clock);
                clock.moving(Instant::now());
            }
            Some(Due::Stay) => self.connection.hold_events(false),
            Some(Due::Close) => self.connection.close(),
            // What has arrived and was not read yet is life too.
            Some(Due::Cut) => match self.socket.recv().now_or_never() {
                Some(message) if !self.connection.awaits_connection_params() => return self.receive(message, clock),
                _ => return ControlFlow::Break(End::Cut),
            },
        }
        ControlFlow::Continue(())
    }

    fn ask_to_move(&mut self, clock: &mut Clock) {
        self.connection.notify_reconnect();
        self.connection.hold_events(true);
        clock.asked_to_move(Instant::now());
    }

    /// Writes what waits, while the calls go on.
    async fn write(&mut self, frame: WebSocketFrame, seen: Signals) -> ControlFlow<End> {
        let Self { socket, connection, limits, signals, .. } = self;
        let mut frames = vec![frame];
        while let Some(frame) = connection.next_queued() {
            frames.push(frame);
        }
        let size = |frame: &WebSocketFrame| match frame {
            WebSocketFrame::Text(text) => text.len(),
            WebSocketFrame::Close => 0,
        };
        let time = limits.time_to_send(frames.iter().map(size).sum());
        let send = async {
            for frame in frames {
                let message = match frame {
                    WebSocketFrame::Text(text) => Message::Text(text.into()),
                    WebSocketFrame::Close => Message::Close(None),
                };
                socket.feed(message).await?;
            }
            socket.flush().await
        };
        let calls = future::poll_fn(|task| {
            connection.poll_calls(task);
            Poll::<Infallible>::Pending
        });
        tokio::select! {
            sent = timeout(time, send) => match sent {
                Ok(Ok(())) => ControlFlow::Continue(()),
                Ok(Err(_)) | Err(_) => ControlFlow::Break(End::Cut),
            },
            _ = calls => ControlFlow::Continue(()),
            Ok(_) = signals.wait_for(|signals| signals.cuts != seen.cuts) => ControlFlow::Break(End::Cut),
        }
    }
}

async fn due(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => future::pending().await,
    }
}
