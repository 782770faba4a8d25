use std::{any::TypeId, fmt, future::Future, sync::OnceLock};

use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use specta::{Type, Types, datatype::DataType};

use crate::{
    context::Context,
    error::{CallError, Failure, ProcedureError},
    input::InputSource,
    parts::{self, Encoded, InParts},
    protocol::WireInput,
    rules::RuleSet,
    subscription::{ErasedEvents, EventIds, Subscription},
    superjson::Places,
};

/// What a procedure does: reads, writes or streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProcedureKind {
    /// Reads; sent by `GET`.
    Query,
    /// Writes; sent by `POST`.
    Mutation,
    /// Streams; sent by `GET`, answered with an event stream.
    Subscription,
}

impl ProcedureKind {
    /// The kind as the protocol spells it, for example `query`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

impl fmt::Display for ProcedureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One callable of the contract.
///
/// `#[query]`, `#[mutation]` and `#[subscription]` implement it for a marker type that has the name of the function:
/// `widgets::rename` is the function in an expression and the procedure in a type position.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a procedure",
    label = "this has no `#[query]`, `#[mutation]` or `#[subscription]`"
)]
pub trait Procedure: Sized + 'static {
    /// The application's state.
    type State: Clone + Send + Sync + 'static;
    /// What the client sends; `()` for a procedure without input.
    type Input: Send + 'static;
    /// What the function returns in its `Ok`.
    type Output: Send + 'static;
    /// What the function returns in its `Err`.
    type Error: ProcedureError;

    /// Name, kind, documentation, flags and source position.
    const INFO: ProcedureInfo;

    /// Extracts the arguments, reads the input, and runs the function.
    #[doc(hidden)]
    fn invoke<I: InputSource<Self::Input>>(
        cx: Context<Self::State>,
        input: I,
    ) -> impl Future<Output = Result<Self::Output, CallError<Self::Error>>> + Send;

    /// How the procedure is called and described without its types.
    ///
    /// It is the one place that asks whether input and output can cross the wire: a type that cannot is reported once.
    #[doc(hidden)]
    fn wire() -> Wire<Self::State>;

    /// Adds the rules of the input, as far as they are described.
    #[doc(hidden)]
    fn rules(rules: &mut RuleSet) {
        let _ = rules;
    }
}

/// A procedure as the router holds it: its types are behind function pointers.
#[doc(hidden)]
pub struct Wire<S> {
    call: WireCall<S>,
    types: fn(&mut Types) -> ProcedureTypes,
}

/// Answers a call from the wire; a value is written to the end of the buffer.
type WireCall<S> = fn(Context<S>, WireInput, Vec<u8>) -> BoxFuture<'static, Result<Answer, Failure>>;

impl<S: Send + Sync + 'static> Wire<S> {
    /// A query or mutation.
    #[must_use]
    pub fn value<I: ClientInput, O: ValueOutput, P: Procedure<State = S, Input = I, Output = O>>() -> Self {
        Self {
            // The one monomorphic shim per procedure: everything around it is compiled once.
            #[cfg(not(tintype_describe))]
            call: |cx, input, buffer| Box::pin(async move { invoked::<P>(cx, input).await?.into_answer(buffer) }),
            #[cfg(tintype_describe)]
            call: no_answer,
            types: |types| described::<P>(types, O::describe),
        }
    }

    /// A subscription.
    #[must_use]
    pub fn events<I: ClientInput, O: EventsOutput, P: Procedure<State = S, Input = I, Output = O>>() -> Self {
        Self {
            #[cfg(not(tintype_describe))]
            call: |cx, input, _| Box::pin(async move { Ok(invoked::<P>(cx, input).await?.into_answer()) }),
            #[cfg(tintype_describe)]
            call: no_answer,
            types: |types| described::<P>(types, O::describe),
        }
    }

    /// What a procedure with a mistake is for the rest of the program.
    #[must_use]
    pub fn stub() -> Self {
        Self {
            call: |_, _, _| Box::pin(std::future::ready(Ok(Answer::Nothing))),
            types: |_| ProcedureTypes { input: None, output: Output::Nothing, error: None, rules: RuleSet::default() },
        }
    }
}

/// Answers no call: the generator makes none, and what is never called need not be compiled.
#[cfg(tintype_describe)]
fn no_answer<S>(_: Context<S>, _: WireInput, _: Vec<u8>) -> BoxFuture<'static, Result<Answer, Failure>> {
    Box::pin(std::future::ready(Err(Failure::unexpected(DescribedOnly))))
}

/// This program was built to describe its procedures.
#[cfg(tintype_describe)]
#[derive(Debug, thiserror::Error)]
#[error("built with `--cfg tintype_describe`, which only describes procedures: build without it to call them")]
struct DescribedOnly;

/// The body of every procedure of a program that was built to describe them.
///
/// # Panics
///
/// Always: only who calls the function itself, and not the router, comes here.
#[cfg(tintype_describe)]
pub fn described_only() -> ! {
    panic!("{DescribedOnly}")
}

async fn invoked<P: Procedure<Input: ClientInput>>(
    cx: Context<P::State>,
    input: WireInput,
) -> Result<P::Output, Failure> {
    P::invoke(cx, input).await.map_err(CallError::into_failure)
}

fn described<P: Procedure<Input: ClientInput>>(types: &mut Types, output: fn(&mut Types) -> Output) -> ProcedureTypes {
    let mut rules = RuleSet::default();
    P::rules(&mut rules);
    ProcedureTypes {
        input: P::INFO.has_input.then(|| P::Input::describe(types)),
        output: output(types),
        error: P::Error::wire_type(types),
        rules,
    }
}

impl<S> fmt::Debug for Wire<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

/// What the attribute of a procedure says about it.
#[derive(Debug, Clone, Copy)]
pub struct ProcedureInfo {
    /// Last segment of the path, in camelCase.
    pub name: &'static str,
    /// What it does.
    pub kind: ProcedureKind,
    /// The function's doc comment.
    pub docs: &'static str,
    /// The note of `#[deprecated]`, empty if it has none, or `None` if it is not deprecated.
    pub deprecated: Option<&'static str>,
    /// Whether the function has an argument named `input`.
    pub has_input: bool,
    /// The flags of the attribute.
    pub flags: Flags,
    /// Where the function's name stands.
    pub source: SourceLocation,
    /// The queries whose cached results this mutation makes stale.
    #[doc(hidden)]
    pub invalidates: &'static [fn() -> TypeId],
}

/// The flags in `#[query(…)]`, `#[mutation(…)]` and `#[subscription(…)]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags {
    /// Refused in a batch of several calls: each call must be a request of its own.
    pub no_batch: bool,
    /// The input is secret: never in a URL, never in a log.
    pub sensitive: bool,
    /// Running it twice with the same input is running it once, so a client may retry.
    pub idempotent: bool,
}

/// A position in the source, as the compiler gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLocation {
    /// Path of the file, relative to the workspace.
    pub file: &'static str,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The types of a procedure, described.
#[derive(Debug, Clone)]
pub struct ProcedureTypes {
    /// The input, or `None` without one.
    pub input: Option<DataType>,
    /// The output; for a subscription, one event.
    pub output: Output,
    /// The error, or `None` if clients never see one.
    pub error: Option<DataType>,
    /// What the server checks of the input beyond its type, as far as it is described.
    pub rules: RuleSet,
}

/// What an output is on the wire.
#[derive(Debug, Clone)]
pub enum Output {
    /// Nothing: the function returns `()`.
    Nothing,
    /// One value.
    Value(DataType),
    /// A stream of values.
    Events {
        /// Type of one value.
        item: DataType,
        /// Whether the events carry ids.
        ids: IdPolicy,
    },
}

/// Whether the events of a subscription carry ids from which it resumes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdPolicy {
    /// Every event has an id: clients receive `{ id, data }`.
    Tracked,
    /// No event has one: clients receive the bare value.
    Untracked,
    /// Some have one.
    Mixed,
}

/// The two halves of a procedure's return type.
///
/// Implemented for `Result` only.
#[diagnostic::on_unimplemented(
    message = "a procedure returns `Result<Output, Error>`, not `{Self}`",
    label = "expected a `Result`",
    note = "use `Result<…, Never>` for a procedure that cannot fail"
)]
#[doc(hidden)]
pub trait ProcedureReturn {
    type Output;
    type Error;

    fn into_result(self) -> Result<Self::Output, CallError<Self::Error>>;
}

impl<T, E> ProcedureReturn for Result<T, E> {
    type Output = T;
    type Error = E;

    fn into_result(self) -> Result<T, CallError<E>> {
        self.map_err(CallError::Procedure)
    }
}

/// What a call produced.
#[doc(hidden)]
#[derive(Debug)]
pub enum Answer {
    /// The buffer with the value's JSON at its end.
    Value(Vec<u8>),
    /// The function returned `()`.
    Nothing,
    /// A value whose parts come later.
    Parts(InParts),
    /// A stream of events.
    Events(ErasedEvents),
}

/// What the output of a query or mutation can be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to a client",
    label = "the output must implement `Serialize` and `Type`",
    note = "derive both: `#[derive(Serialize, Type)]`"
)]
#[doc(hidden)]
pub trait ValueOutput: Send + 'static {
    fn into_answer(self, buffer: Vec<u8>) -> Result<Answer, Failure>;
    fn describe(types: &mut Types) -> Output;
}

// One message, whichever of the two traits is missing.
#[diagnostic::do_not_recommend]
impl<T: Serialize + Type + Send + 'static> ValueOutput for T {
    fn into_answer(self, buffer: Vec<u8>) -> Result<Answer, Failure> {
        Ok(match parts::encode(&self, buffer)? {
            Encoded::Nothing => Answer::Nothing,
            Encoded::Json(buffer) => Answer::Value(buffer),
            value @ (Encoded::Part(_) | Encoded::Object(_)) => Answer::Parts(InParts(value)),
        })
    }

    fn describe(types: &mut Types) -> Output {
        if TypeId::of::<T>() == TypeId::of::<()>() { Output::Nothing } else { Output::Value(T::definition(types)) }
    }
}

/// What a subscription returns.
#[diagnostic::on_unimplemented(
    message = "a subscription returns `Result<Subscription<T>, Error>`, not `Result<{Self}, _>`",
    label = "expected a `Subscription` of a type that implements `Serialize` and `Type`"
)]
#[doc(hidden)]
pub trait EventsOutput: Send + 'static {
    fn into_answer(self) -> Answer;
    fn describe(types: &mut Types) -> Output;
}

impl<T: Serialize + Type + 'static, I: EventIds> EventsOutput for Subscription<T, I> {
    fn into_answer(self) -> Answer {
        Answer::Events(self.into_erased())
    }

    fn describe(types: &mut Types) -> Output {
        Output::Events { item: T::definition(types), ids: I::POLICY }
    }
}

/// What the input of a procedure must be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a client",
    label = "the input must implement `Deserialize` and `Type`",
    note = "derive both: `#[derive(Deserialize, Type)]`"
)]
#[doc(hidden)]
pub trait ClientInput: Sized + Send + 'static {
    fn read(input: WireInput) -> impl Future<Output = Result<Self, Failure>> + Send;
    fn describe(types: &mut Types) -> DataType;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Type + Send + 'static> ClientInput for T {
    async fn read(input: WireInput) -> Result<Self, Failure> {
        crate::input::parse(input.json().await?, input.resume())
    }

    fn describe(types: &mut Types) -> DataType {
        T::definition(types)
    }
}

/// The identity of a procedure, by which `invalidates(…)` refers to it.
#[doc(hidden)]
#[must_use]
pub fn procedure_id<P: Procedure>() -> TypeId {
    TypeId::of::<P>()
}

/// What a procedure with a mistake in its signature is for the rest of the program.
#[doc(hidden)]
pub const STUB: ProcedureInfo = ProcedureInfo {
    name: "",
    kind: ProcedureKind::Query,
    docs: "",
    deprecated: None,
    has_input: false,
    flags: Flags { no_batch: false, sensitive: false, idempotent: false },
    source: SourceLocation { file: "", line: 0, column: 0 },
    invalidates: &[],
};

/// A procedure without its types, as the router holds it.
pub(crate) struct ErasedProcedure<S> {
    pub(crate) info: ProcedureInfo,
    pub(crate) id: TypeId,
    pub(crate) call: WireCall<S>,
    pub(crate) types: fn(&mut Types) -> ProcedureTypes,
    places: OnceLock<Places>,
}

impl<S: Clone + Send + Sync + 'static> ErasedProcedure<S> {
    pub(crate) fn of<P: Procedure<State = S>>() -> Self {
        let Wire { call, types } = P::wire();
        Self { info: P::INFO, id: TypeId::of::<P>(), call, types, places: OnceLock::new() }
    }
}

impl<S> ErasedProcedure<S> {
    /// What its types are in JavaScript; derived when it is first asked for.
    pub(crate) fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::of(self.types))
    }
}

impl<S> fmt::Debug for ErasedProcedure<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErasedProcedure").field("info", &self.info).finish_non_exhaustive()
    }
}
