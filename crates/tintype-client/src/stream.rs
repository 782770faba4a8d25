//! A subscription over event streams, section 8 of the protocol: one connection after the other, until it is complete.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use http::{StatusCode, header};
use serde::Deserialize;
use tintype::{ErrorCode, EventId, Failure};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    Problem,
    answer::{Received, Reply, excerpt},
    client::Shared,
    exchange::{is_try_again, retry_after, send},
    request::Request,
    sse::{EventParser, Frame},
};

/// A connection that lasted so long was a good one, however it ended.
const STEADY: Duration = Duration::from_secs(60);

/// Follows a subscription from connection to connection.
pub(crate) struct Following {
    shared: Arc<Shared>,
    request: Request,
    connection: Option<Connection>,
    last_id: Option<EventId>,
    /// Connections in a row that were lost without good news.
    failures: u32,
    /// Whether it was open once: from then on it is worth more patience.
    was_open: bool,
    /// How long the server asks to wait after a connection is lost.
    asked: Option<Duration>,
}

/// Why a subscription ended before it was complete.
pub(crate) enum Ended {
    Failure(Failure),
    Problem(Problem),
}

/// Why a connection is over.
enum Over {
    /// There may be better luck with another.
    Lost { why: Ended, asked: Option<Duration> },
    /// There will not.
    Final(Ended),
}

struct Connection {
    response: reqwest::Response,
    parser: EventParser,
    frames: VecDeque<Frame>,
    /// Whether the event after `frames` is too large.
    is_too_large: bool,
    inactivity: Option<Duration>,
    opened: Instant,
    /// Whether the server said `connected`.
    is_open: bool,
    /// Whether an event or a ping came.
    is_alive: bool,
}

/// An event's id, if it has one, and its JSON.
type RawEvent = (Option<EventId>, Vec<u8>);

impl Following {
    pub(crate) fn new(shared: Arc<Shared>, request: Request, last_id: Option<EventId>) -> Self {
        Self { shared, request, connection: None, last_id, failures: 0, was_open: false, asked: None }
    }

    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    /// The next event; `None` when the subscription is complete.
    pub(crate) async fn next(&mut self) -> Result<Option<RawEvent>, Ended> {
        loop {
            let step = match &mut self.connection {
                None => match self.connect().await {
                    Ok(connection) => {
                        self.connection = Some(connection);
                        continue;
                    }
                    Err(over) => Err(over),
                },
                Some(connection) => connection.frame().await,
            };
            let step = match step {
                Ok(frame) => self.take(frame),
                Err(over) => Err(over),
            };
            match step {
                Ok(Step::Event(event)) => return Ok(Some(event)),
                Ok(Step::Return) => return Ok(None),
                Ok(Step::Nothing) => {}
                Err(Over::Final(ended)) => return Err(ended),
                Err(Over::Lost { why, asked }) => self.lost(why, asked).await?,
            }
        }
    }

    async fn connect(&mut self) -> Result<Connection, Over> {
        self.request.resume_after(self.last_id.as_ref());
        let Shared { http, limits, timeouts, .. } = &*self.shared;
        let lost = |problem| Over::Lost { why: Ended::Problem(problem), asked: None };
        let opening = async {
            let response = send(http, &self.request).await.map_err(lost)?;
            let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let content_type = content_type.unwrap_or_default().to_owned();
            let is_events = content_type.trim().to_ascii_lowercase().starts_with("text/event-stream");
            if response.status() == StatusCode::OK && is_events {
                return Ok(response);
            }
            let asked = retry_after(response.headers());
            let received = Received::read(response, limits.answer_bytes).await.map_err(lost)?;
            let why = match received.reply() {
                Ok(Reply::Failure(failure)) => Ended::Failure(failure),
                Ok(Reply::Output(_)) | Err(Problem::Answer { .. }) => {
                    Ended::Problem(Problem::NotEvents { content_type })
                }
                Err(problem) => Ended::Problem(problem),
            };
            Err(if is_try_again(received.status) { Over::Lost { why, asked } } else { Over::Final(why) })
        };
        let response = match timeouts.call {
            Some(time) => timeout(time, opening).await.unwrap_or_else(|_| Err(lost(Problem::TimedOut(time))))?,
            None => opening.await?,
        };
        Ok(Connection {
            response,
            parser: EventParser::new(limits.event_bytes),
            frames: VecDeque::new(),
            is_too_large: false,
            inactivity: timeouts.inactivity,
            opened: Instant::now(),
            is_open: false,
            is_alive: false,
        })
    }

    fn take(&mut self, frame: Frame) -> Result<Step, Over> {
        let Frame { event, data, id, retry } = frame;
        if let Some(id) = id {
            // An empty id is none: events that follow have none either, until one says otherwise.
            self.last_id = EventId::new(id).ok();
        }
        self.asked = retry.or(self.asked);
        let (Some(data), Some(connection)) = (data, &mut self.connection) else { return Ok(Step::Nothing) };
        match event.as_str() {
            "" | "message" => {
                connection.is_alive = true;
                return Ok(Step::Event((self.last_id.clone(), data)));
            }
            "connected" => connection.opened(&data),
            "ping" => connection.is_alive = true,
            "return" => return Ok(Step::Return),
            "serialized-error" => return Err(failed(&data)),
            _ => {}
        }
        Ok(Step::Nothing)
    }

    /// Waits before the next connection, or gives up.
    async fn lost(&mut self, why: Ended, asked: Option<Duration>) -> Result<(), Ended> {
        let Shared { retry, reconnect, .. } = &*self.shared;
        if let Some(connection) = self.connection.take() {
            let is_failure = matches!(why, Ended::Failure(_));
            // A quiet stream whose connection breaks now and then is a healthy one.
            self.was_open |= connection.is_alive || connection.is_open && !is_failure;
            // One that begins anew with its first events, only to fail again, is not.
            let is_good_news = connection.is_alive && !is_failure;
            if is_good_news || connection.opened.elapsed() > STEADY {
                self.failures = 0;
            }
        }
        let (tries, backoff) = match self.was_open {
            true => (reconnect.tries, reconnect.backoff),
            false => (Some(retry.retries), retry.backoff),
        };
        if tries.is_some_and(|tries| self.failures >= tries) {
            return Err(why);
        }
        let asked = asked.or(self.asked.map(|asked| asked.min(backoff.longest)));
        let Some(wait) = backoff.wait(self.failures, asked) else { return Err(why) };
        self.failures += 1;
        tracing::debug!(procedure = self.request.procedure, ?wait, "a subscription connects again");
        sleep(wait).await;
        Ok(())
    }
}

/// What the server says has failed; the protocol lets clients try again after failures of the server itself.
fn failed(data: &[u8]) -> Over {
    match Failure::from_error_object(data) {
        Ok(failure) if failure.code().json_rpc_code() == ErrorCode::InternalServerError.json_rpc_code() => {
            Over::Lost { why: Ended::Failure(failure), asked: None }
        }
        Ok(failure) => Over::Final(Ended::Failure(failure)),
        Err(source) => Over::Final(Ended::Problem(Problem::Answer { excerpt: excerpt(data), source })),
    }
}

/// What a frame means to who follows.
enum Step {
    Event(RawEvent),
    Return,
    Nothing,
}

impl Connection {
    async fn frame(&mut self) -> Result<Frame, Over> {
        let lost = |problem| Over::Lost { why: Ended::Problem(problem), asked: None };
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return Ok(frame);
            }
            if self.is_too_large {
                let limit = self.parser.limit();
                return Err(Over::Final(Ended::Problem(Problem::EventTooLarge { limit })));
            }
            let chunk = self.response.chunk();
            let chunk = match self.inactivity {
                Some(time) => timeout(time, chunk).await.map_err(|_| lost(Problem::Silent(time)))?,
                None => chunk.await,
            };
            match chunk {
                Ok(Some(chunk)) => {
                    // The events before one that is too large are whole, and are not lost.
                    self.is_too_large = self.parser.push(&chunk, &mut self.frames).is_err();
                }
                Ok(None) => return Err(lost(Problem::Ended)),
                Err(error) => return Err(lost(Problem::Interrupted(error.without_url().into()))),
            }
        }
    }

    /// Takes the options that the server sends first.
    fn opened(&mut self, data: &[u8]) {
        #[derive(Deserialize, Default)]
        #[serde(rename_all = "camelCase", default)]
        struct Options {
            reconnect_after_inactivity_ms: u64,
        }
        self.is_open = true;
        let options: Options = serde_json::from_slice(data).unwrap_or_default();
        if options.reconnect_after_inactivity_ms > 0 {
            self.inactivity = Some(Duration::from_millis(options.reconnect_after_inactivity_ms));
        }
    }
}
