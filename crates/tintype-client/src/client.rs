use std::{fmt, sync::Arc};

use futures_core::stream::BoxStream;
use futures_util::{StreamExt, future, stream};
use http::HeaderMap;
use serde::{Serialize, de::DeserializeOwned};
use tintype::{CallError, Calls, EventId, EventStream, Events, Procedure};

use crate::{
    Answer, ClientBuilder, ClientError, InvalidHeader, Limits, Problem, Reconnect, Retry, Timeouts,
    answer::{Reply, output},
    exchange::exchange,
    headers,
    request::Target,
    stream::{Ended, Following},
};

/// Calls the procedures of a router on another server.
///
/// Cheap to clone; the clones share their connections.
/// The `with_…` methods return a client that sends something more, for example in the name of one user:
///
/// ```no_run
/// # use tintype::{Never, query, router};
/// # use tintype_client::{Client, ClientError, InvalidHeader};
/// # #[query(state = ())]
/// # pub async fn me() -> Result<String, Never> { Ok(String::new()) }
/// # async fn example(client: Client, token: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let name = client.with_bearer(token)?.call::<me>(()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    headers: HeaderMap,
    last_event_id: Option<EventId>,
}

/// What a client and its clones have in common.
pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) target: Target,
    pub(crate) limits: Limits,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: Retry,
    pub(crate) reconnect: Reconnect,
}

/// The events of the subscription `P`, as [`Client::subscribe`] returns them.
pub type ClientEventStream<P> =
    BoxStream<'static, Result<<<P as Procedure>::Output as Events>::Event, ClientError<<P as Procedure>::Error>>>;

impl Client {
    /// Starts a client of the procedures under `url`, for example `http://127.0.0.1:3001/trpc`.
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(url.into())
    }

    pub(crate) fn new(shared: Shared, headers: HeaderMap) -> Self {
        Self { shared: Arc::new(shared), headers, last_event_id: None }
    }

    /// Calls the query or mutation `P`; a procedure without input takes `()`.
    ///
    /// Dropping the future cancels the call, on the server too.
    ///
    /// # Errors
    ///
    /// [`ClientError`]: the procedure's own error, what the server said otherwise, or why there was no answer.
    pub async fn call<P>(&self, input: P::Input) -> Result<P::Output, ClientError<P::Error>>
    where
        P: Procedure<Input: Serialize, Output: DeserializeOwned, Error: DeserializeOwned>,
    {
        Ok(self.answer::<P>(input).await?.output)
    }

    /// Like [`call`](Self::call), with the headers of the answer, such as the cookie of a session.
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call).
    pub async fn answer<P>(&self, input: P::Input) -> Result<Answer<P::Output>, ClientError<P::Error>>
    where
        P: Procedure<Input: Serialize, Output: DeserializeOwned, Error: DeserializeOwned>,
    {
        let Shared { http, target, limits, timeouts, retry, .. } = &*self.shared;
        let request = target.request::<P>(&input, &self.headers)?;
        drop(input);
        let received = exchange(http, &request, limits, retry, timeouts.call).await?;
        match received.reply() {
            Ok(Reply::Output(json)) => match output(json) {
                Ok(output) => Ok(Answer { output, headers: received.headers }),
                Err(problem) => Err(request.failed(problem).into()),
            },
            Ok(Reply::Failure(failure)) => Err(CallError::of_failure(failure).into()),
            Err(problem) => Err(request.failed(problem).into()),
        }
    }

    /// Subscribes to `P`; nothing is sent before the stream is polled, and dropping it cancels the procedure.
    ///
    /// When the connection is lost, the stream connects again and resumes after the last event that had an id.
    /// An error is the last item. A stream that ends without one is complete.
    ///
    /// Failures that the protocol calls retryable, those with the JSON-RPC code -32603 such as
    /// `INTERNAL_SERVER_ERROR`, are tried again as a lost connection is, and reported when that does not help.
    pub fn subscribe<P>(&self, input: P::Input) -> ClientEventStream<P>
    where
        P: Procedure<Input: Serialize, Output: Events<Data: DeserializeOwned>, Error: DeserializeOwned>,
    {
        let request = match self.shared.target.request::<P>(&input, &self.headers) {
            Ok(request) => request,
            Err(error) => return stream::once(future::ready(Err(error.into()))).boxed(),
        };
        let following = Following::new(Arc::clone(&self.shared), request, self.last_event_id.clone());
        let events = stream::unfold(Some(following), |following| async move {
            let mut following = following?;
            match following.next().await {
                Ok(None) => None,
                Ok(Some((id, data))) => match P::Output::read(id, &data) {
                    Ok(event) => Some((Ok(event), Some(following))),
                    Err(error) => {
                        let error = following.request().failed(Problem::Event(error));
                        Some((Err(error.into()), None))
                    }
                },
                Err(Ended::Failure(failure)) => Some((Err(CallError::of_failure(failure).into()), None)),
                Err(Ended::Problem(problem)) => Some((Err(following.request().failed(problem).into()), None)),
            }
        });
        events.boxed()
    }

    /// A client that sends one header more.
    ///
    /// # Errors
    ///
    /// [`InvalidHeader`] if name or value cannot be sent.
    pub fn with_header(&self, name: &str, value: &str) -> Result<Self, InvalidHeader> {
        self.edit(|headers| headers::set(headers, name, value))
    }

    /// A client that sends `Authorization: Bearer <token>`.
    ///
    /// # Errors
    ///
    /// [`InvalidHeader`] if the token cannot be sent.
    pub fn with_bearer(&self, token: &str) -> Result<Self, InvalidHeader> {
        self.edit(|headers| headers::set_bearer(headers, token))
    }

    /// A client that sends one cookie more.
    ///
    /// # Errors
    ///
    /// [`InvalidHeader`] if the cookie cannot be sent.
    pub fn with_cookie(&self, name: &str, value: &str) -> Result<Self, InvalidHeader> {
        self.edit(|headers| headers::set_cookie(headers, name, value))
    }

    /// A client whose subscriptions begin after the event `id`, as if they resumed.
    #[must_use]
    pub fn with_last_event_id(&self, id: EventId) -> Self {
        Self { last_event_id: Some(id), ..self.clone() }
    }

    fn edit(&self, change: impl FnOnce(&mut HeaderMap) -> Result<(), InvalidHeader>) -> Result<Self, InvalidHeader> {
        let mut client = self.clone();
        change(&mut client.headers)?;
        Ok(client)
    }
}

impl<S> Calls<S> for Client {
    async fn call<P>(&self, input: P::Input) -> Result<P::Output, CallError<P::Error>>
    where
        P: Procedure<State = S, Input: Serialize, Output: DeserializeOwned, Error: DeserializeOwned>,
    {
        Self::call::<P>(self, input).await.map_err(CallError::from)
    }

    fn subscribe<P>(&self, input: P::Input) -> EventStream<P>
    where
        P: Procedure<State = S, Input: Serialize, Output: Events<Data: DeserializeOwned>, Error: DeserializeOwned>,
    {
        Self::subscribe::<P>(self, input).map(|event| event.map_err(CallError::from)).boxed()
    }
}

impl fmt::Debug for Client {
    // Headers hold secrets, so they are not printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("url", &self.shared.target.base.as_str()).finish_non_exhaustive()
    }
}
