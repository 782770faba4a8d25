//! The stream of one answer.

use std::{collections::VecDeque, pin::Pin};

use api_contract::providers::{AnswerEnd, AnswerPart, ProviderError};
use bytes::Bytes;
use eventsource_stream::{Event, EventStreamError, Eventsource};
use futures_util::{Stream, StreamExt, stream};
use reqwest::Response;
use tokio::time::timeout;

use super::{OpenAi, chunk::Chunk, shortened};

type Events = Pin<Box<dyn Stream<Item = Result<Event, EventStreamError<Failed>>> + Send>>;

/// Largest event, in bytes: a server that never ends one must not fill the memory.
const EVENT_BYTES: usize = 1024 * 1024;

/// Why the bytes of a response ended.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Transport(#[from] reqwest::Error),
    #[error("an event of more than {EVENT_BYTES} bytes")]
    TooLong,
}

struct Answer {
    provider: OpenAi,
    events: Events,
    due: VecDeque<AnswerPart>,
    end: Option<AnswerEnd>,
    is_over: bool,
}

/// The parts of the answer that `response` is.
pub(super) fn parts(
    provider: OpenAi,
    response: Response,
) -> impl Stream<Item = Result<AnswerPart, ProviderError>> + Send {
    let events = Box::pin(bounded(response.bytes_stream()).eventsource());
    let answer = Answer { provider, events, due: VecDeque::new(), end: None, is_over: false };
    stream::unfold(answer, |mut answer| async move { Some((answer.next().await?, answer)) })
}

impl Answer {
    async fn next(&mut self) -> Option<Result<AnswerPart, ProviderError>> {
        loop {
            if let Some(part) = self.due.pop_front() {
                return Some(Ok(part));
            }
            if self.is_over {
                return None;
            }
            if let Err(error) = self.read().await {
                self.is_over = true;
                self.provider.0.breaker.failed(&error);
                return Some(Err(error));
            }
        }
    }

    /// Reads an event.
    async fn read(&mut self) -> Result<(), ProviderError> {
        let silence = self.provider.0.options.silence;
        let event = timeout(silence, self.events.next()).await;
        let event = event.map_err(|_| ProviderError::TimedOut { after: silence })?;
        match event {
            Some(Ok(event)) if event.data.trim() == "[DONE]" => self.finish(),
            // Some servers close the connection instead.
            None => self.finish(),
            Some(Ok(event)) => self.take(&event.data),
            // What was cut off after the end of the answer is no loss.
            Some(Err(EventStreamError::Transport(Failed::Transport(_)))) if self.end.is_some() => self.finish(),
            Some(Err(EventStreamError::Transport(Failed::Transport(error)))) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "an answer of a provider broke off");
                Err(ProviderError::CutOff)
            }
            Some(Err(error)) => Err(ProviderError::Nonsense { detail: shortened(&error.to_string()) }),
        }
    }

    fn take(&mut self, data: &str) -> Result<(), ProviderError> {
        let mut chunk: Chunk = serde_json::from_str(data)
            .map_err(|error| ProviderError::Nonsense { detail: shortened(&format!("{error}: {data}")) })?;
        if let Some(error) = &chunk.error {
            let message = error.get("message").and_then(serde_json::Value::as_str);
            return Err(ProviderError::Refused { reason: shortened(message.unwrap_or("it failed in the middle")) });
        }
        self.due.extend(chunk.text().map(AnswerPart::Text));
        self.due.extend(chunk.usage().map(AnswerPart::Usage));
        self.end = chunk.end().or(self.end);
        Ok(())
    }

    /// There is nothing more; an answer that did not say that it ends was cut off.
    fn finish(&mut self) -> Result<(), ProviderError> {
        let end = self.end.ok_or(ProviderError::CutOff)?;
        self.is_over = true;
        self.provider.0.breaker.succeeded();
        self.due.push_back(AnswerPart::End(end));
        Ok(())
    }
}

/// The same bytes, unless there are too many without an empty line.
fn bounded(
    bytes: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static,
) -> impl Stream<Item = Result<Bytes, Failed>> + Send {
    let mut since = 0_usize;
    bytes.map(move |chunk| {
        let chunk = chunk?;
        let end = chunk.windows(2).rposition(|pair| pair == b"\n\n" || pair == b"\r\n" || pair == b"\n\r");
        since = end.map_or(since + chunk.len(), |end| chunk.len() - end);
        if since > EVENT_BYTES { Err(Failed::TooLong) } else { Ok(chunk) }
    })
}
