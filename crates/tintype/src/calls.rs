use std::{future::Future, panic::AssertUnwindSafe};

use futures_core::stream::BoxStream;
use futures_util::{FutureExt, StreamExt, future, stream};
use serde::{Serialize, de::DeserializeOwned};
use tokio_util::sync::DropGuard;

use crate::{
    caller::Caller,
    context::Context,
    error::{CallError, Failure},
    event_id::EventId,
    input::Ready,
    procedure::Procedure,
    protocol::{panicked, with_ends},
    subscription::{EncodedEvent, ErasedEvents, EventIds, Subscription},
};

/// Calls procedures, wherever they run: in this process, or behind a URL.
///
/// [`Caller`] implements it, and so does the client of the crate `tintype-client`.
/// Code that takes one works with both, and sees the same outputs, events and errors from both:
/// an error of the procedure that is not sent to clients, such as an
/// [`InternalError`](crate::InternalError), is a [`CallError::Failure`] with an id for the log in process too.
///
/// ```
/// use tintype::{CallError, Calls, Context, Never, Router, query, router};
///
/// /// Twice the input.
/// #[query(state = ())]
/// pub async fn double(input: u32) -> Result<u32, Never> {
///     Ok(input * 2)
/// }
///
/// async fn four_times(calls: &impl Calls<()>, number: u32) -> Result<u32, CallError<Never>> {
///     let twice = calls.call::<double>(number).await?;
///     calls.call::<double>(twice).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let router: Router<()> = router! { [double] };
/// let caller = router.caller(Context::builder(()).build());
/// assert_eq!(four_times(&caller, 10).await.unwrap(), 40);
/// # }
/// ```
pub trait Calls<S>: Send + Sync {
    /// Calls the query or mutation `P`; a procedure without input takes `()`.
    ///
    /// # Errors
    ///
    /// [`CallError::Procedure`] with the procedure's own error, or [`CallError::Failure`] when the call was refused,
    /// its input breaks its rules, something unexpected failed, or no answer could be had.
    fn call<P>(&self, input: P::Input) -> impl Future<Output = Result<P::Output, CallError<P::Error>>> + Send
    where
        P: Procedure<State = S, Input: Serialize, Output: DeserializeOwned, Error: DeserializeOwned>;

    /// Subscribes to `P`; nothing happens before the stream is polled, and dropping it cancels the procedure.
    ///
    /// An error is the last item. A stream that ends without one is complete.
    fn subscribe<P>(&self, input: P::Input) -> EventStream<P>
    where
        P: Procedure<State = S, Input: Serialize, Output: Events<Data: DeserializeOwned>, Error: DeserializeOwned>;
}

/// The events of the subscription `P`, as [`Calls::subscribe`] returns them.
pub type EventStream<P> =
    BoxStream<'static, Result<<<P as Procedure>::Output as Events>::Event, CallError<<P as Procedure>::Error>>>;

/// What a subscription returns, seen by who subscribes: implemented for [`Subscription`] only.
#[diagnostic::on_unimplemented(
    message = "a subscription returns a `Subscription`, not `{Self}`",
    label = "this procedure is not a subscription",
    note = "call queries and mutations with `call`"
)]
pub trait Events: Send + 'static {
    /// What an event carries.
    type Data: 'static;

    /// An event as it arrives: an [`Event`](crate::Event) if all of them have ids, the bare value if none has, else
    /// the value and perhaps an id.
    type Event: Send + 'static;

    /// Reads one event from its JSON.
    ///
    /// # Errors
    ///
    /// [`EventError`] if it is not an event of this subscription.
    fn read(id: Option<EventId>, json: &[u8]) -> Result<Self::Event, EventError>
    where
        Self::Data: DeserializeOwned;

    #[doc(hidden)]
    fn into_erased_events(self) -> ErasedEvents;
}

/// Why something is no event of a subscription.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// Its data is not of the type that the contract says.
    #[error("the data of an event is not of the type in the contract")]
    Data(#[source] serde_json::Error),
    /// It has no id.
    #[error("an event has no id, and every event of this subscription must have one")]
    NoId,
}

impl<T, I> Events for Subscription<T, I>
where
    T: Send + 'static,
    I: EventIds<Event<T>: Send + 'static>,
{
    type Data = T;
    type Event = I::Event<T>;

    fn read(id: Option<EventId>, json: &[u8]) -> Result<I::Event<T>, EventError>
    where
        T: DeserializeOwned,
    {
        I::event(id, serde_json::from_slice(json).map_err(EventError::Data)?).ok_or(EventError::NoId)
    }

    fn into_erased_events(self) -> ErasedEvents {
        self.into_erased()
    }
}

impl<S: Clone + Send + Sync + 'static> Calls<S> for Caller<S> {
    async fn call<P>(&self, input: P::Input) -> Result<P::Output, CallError<P::Error>>
    where
        P: Procedure<State = S, Input: Serialize, Output: DeserializeOwned, Error: DeserializeOwned>,
    {
        let (cx, abort) = request_of::<P>(self.context());
        let result = invoked::<P>(cx, input).await;
        // The caller got the answer: what the call has spawned may go on.
        abort.disarm();
        result.map_err(CallError::of_failure)
    }

    fn subscribe<P>(&self, input: P::Input) -> EventStream<P>
    where
        P: Procedure<State = S, Input: Serialize, Output: Events<Data: DeserializeOwned>, Error: DeserializeOwned>,
    {
        let (cx, abort) = request_of::<P>(self.context());
        let begun = async move {
            match invoked::<P>(cx.clone(), input).await {
                Ok(events) => with_ends(events.into_erased_events(), cx.take_stream_ends()),
                Err(failure) => stream::once(future::ready(Err(failure))).boxed(),
            }
        };
        let state = Some((stream::once(begun).flatten().boxed(), abort));
        let events = stream::unfold(state, |state| async move {
            let (mut events, abort) = state?;
            match next_event::<P>(&mut events).await? {
                Ok(event) => Some((Ok(event), Some((events, abort)))),
                Err(failure) => Some((Err(CallError::of_failure(failure)), None)),
            }
        });
        events.boxed()
    }
}

/// As over HTTP, each call is a request of its own: what one looks up, and what ends one, is not another's.
fn request_of<P: Procedure>(cx: &Context<P::State>) -> (Context<P::State>, DropGuard) {
    let abort = cx.abort().child_token();
    let cx = cx.for_call(P::INFO.kind, cx.last_event_id().cloned(), abort.clone());
    (cx, abort.drop_guard())
}

/// Runs a procedure as a server does: a panic is a failure, and what is unexpected is in the log.
async fn invoked<P: Procedure>(cx: Context<P::State>, input: P::Input) -> Result<P::Output, Failure> {
    let result = AssertUnwindSafe(P::invoke(cx, Ready(input))).catch_unwind().await;
    let result = result.unwrap_or_else(|panic| Err(panicked(&panic).into()));
    result.map_err(|error| logged::<P>(error.into_failure()))
}

async fn next_event<P>(
    events: &mut BoxStream<'static, Result<EncodedEvent, Failure>>,
) -> Option<Result<<P::Output as Events>::Event, Failure>>
where
    P: Procedure<Output: Events<Data: DeserializeOwned>>,
{
    loop {
        return Some(match events.next().await? {
            Ok(event) => {
                // Without data it tells a client its position, and is no event.
                let Some(json) = event.json() else { continue };
                P::Output::read(event.id().cloned(), json).map_err(|error| logged::<P>(Failure::unexpected(error)))
            }
            Err(failure) => Err(logged::<P>(failure)),
        });
    }
}

fn logged<P: Procedure>(failure: Failure) -> Failure {
    failure.log(P::INFO.name);
    failure
}
