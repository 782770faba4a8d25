use std::{fmt, time::Duration};

use http::StatusCode;
use tintype::{BoxError, CallError, ErrorCode, EventError, Failure, ProcedureError, SourceLocation};

/// Why a call failed: the procedure's own error, what the server said otherwise, or that there was no usable answer.
///
/// It becomes a [`CallError`] where code does not care which; a [`TransportError`] is then a [`Failure`] whose cause
/// is kept, and which tells strangers no more than an id for the log.
#[derive(Debug)]
pub enum ClientError<E> {
    /// The procedure ran and returned its error.
    Procedure(E),
    /// The server answered, and the procedure did not run or failed in a way it does not name.
    Failure(Failure),
    /// There was no usable answer.
    Transport(TransportError),
}

impl<E: ProcedureError> ClientError<E> {
    /// The code of the failure; that of a [`TransportError`] is one of those about services behind a server.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Procedure(error) => error.code(),
            Self::Failure(failure) => failure.code(),
            Self::Transport(error) => error.code(),
        }
    }
}

impl<E> From<CallError<E>> for ClientError<E> {
    fn from(error: CallError<E>) -> Self {
        match error {
            CallError::Procedure(error) => Self::Procedure(error),
            CallError::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl<E> From<ClientError<E>> for CallError<E> {
    fn from(error: ClientError<E>) -> Self {
        match error {
            ClientError::Procedure(error) => Self::Procedure(error),
            ClientError::Failure(failure) => Self::Failure(failure),
            ClientError::Transport(error) => Self::Failure(error.into()),
        }
    }
}

impl<E> From<TransportError> for ClientError<E> {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

impl<E: fmt::Display> fmt::Display for ClientError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Procedure(error) => error.fmt(f),
            Self::Failure(failure) => failure.fmt(f),
            Self::Transport(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for ClientError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Procedure(_) | Self::Failure(_) => None,
            Self::Transport(error) => error.source(),
        }
    }
}

/// A call that got no usable answer: which procedure, where, and what the problem is.
///
/// ```text
/// widgets.list at http://127.0.0.1:3001/trpc/widgets.list: the server cannot be reached
/// ```
#[derive(Debug)]
pub struct TransportError(Box<Details>);

#[derive(Debug)]
struct Details {
    procedure: String,
    url: String,
    problem: Problem,
}

impl TransportError {
    pub(crate) fn new(procedure: impl Into<String>, url: impl Into<String>, problem: Problem) -> Self {
        Self(Box::new(Details { procedure: procedure.into(), url: url.into(), problem }))
    }

    /// The path of the procedure that was called; its name alone if it is not in the contract.
    #[must_use]
    pub fn procedure(&self) -> &str {
        &self.0.procedure
    }

    /// Where it was called, without the input.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// What the problem is.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// The code that stands for the problem, for example `SERVICE_UNAVAILABLE` if the server cannot be reached.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.problem.code()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { procedure, url, problem } = &*self.0;
        write!(f, "{procedure} at {url}: {problem}")
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.problem.source()
    }
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self::hidden(error.code(), error)
    }
}

/// Why there was no usable answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The client does not know the path of the procedure.
    #[error(
        "the contract of this client has no such procedure ({0}): give the router that holds it to `ClientBuilder::contract`"
    )]
    NotInContract(SourceLocation),
    /// The input is nothing that JSON can say.
    #[error("the input cannot be written as JSON")]
    Input(#[source] serde_json::Error),
    /// The query does not fit into a URL.
    #[error(
        "path and query would have {bytes} bytes, the limit is {limit}: let the server accept queries by POST, and say so with `ClientBuilder::method_override`"
    )]
    UrlTooLong {
        /// How long it would be.
        bytes: usize,
        /// [`Limits::url_bytes`](crate::Limits::url_bytes).
        limit: usize,
    },
    /// There is no connection to the server.
    #[error("the server cannot be reached")]
    Connect(#[source] BoxError),
    /// The answer took too long.
    #[error("there was no whole answer within {0:?}")]
    TimedOut(Duration),
    /// The connection broke.
    #[error("the connection broke before the answer was whole")]
    Interrupted(#[source] BoxError),
    /// A stream of events ended, and kept ending, without its last event.
    #[error("the stream of events ended before it was complete")]
    Ended,
    /// A stream of events fell silent, and kept doing so.
    #[error("the stream of events was silent for {0:?}")]
    Silent(Duration),
    /// Something else than the procedure answered: a proxy, or another server.
    #[error("the answer has status {status} and is not from a procedure: {excerpt:?}")]
    Status {
        /// Its status.
        status: StatusCode,
        /// How its body begins.
        excerpt: String,
    },
    /// The answer has a good status and is not one of the protocol, or not whole.
    #[error("the answer is not one of the protocol: {excerpt:?}")]
    Answer {
        /// How its body begins.
        excerpt: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The output is not of the type in the contract.
    #[error("the output is not of the type in the contract")]
    Output(#[source] serde_json::Error),
    /// An event is not of the type in the contract.
    #[error("the subscription sent something that is not one of its events")]
    Event(#[source] EventError),
    /// The answer to a subscription is not a stream of events.
    #[error("the answer is not a stream of events but {content_type:?}")]
    NotEvents {
        /// What it says that it is.
        content_type: String,
    },
    /// The answer is larger than allowed.
    #[error("the answer has more than {limit} bytes: raise `Limits::answer_bytes` if that is right")]
    AnswerTooLarge {
        /// [`Limits::answer_bytes`](crate::Limits::answer_bytes).
        limit: usize,
    },
    /// An event is larger than allowed.
    #[error("an event has more than {limit} bytes: raise `Limits::event_bytes` if that is right")]
    EventTooLarge {
        /// [`Limits::event_bytes`](crate::Limits::event_bytes).
        limit: usize,
    },
}

impl Problem {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotInContract(_) | Self::Input(_) | Self::UrlTooLong { .. } => ErrorCode::InternalServerError,
            Self::Connect(_) => ErrorCode::ServiceUnavailable,
            Self::TimedOut(_) | Self::Silent(_) => ErrorCode::GatewayTimeout,
            Self::Status { status, .. } => match *status {
                StatusCode::TOO_MANY_REQUESTS => ErrorCode::TooManyRequests,
                StatusCode::SERVICE_UNAVAILABLE => ErrorCode::ServiceUnavailable,
                StatusCode::GATEWAY_TIMEOUT => ErrorCode::GatewayTimeout,
                _ => ErrorCode::BadGateway,
            },
            Self::Interrupted(_)
            | Self::Ended
            | Self::Answer { .. }
            | Self::Output(_)
            | Self::Event(_)
            | Self::NotEvents { .. }
            | Self::AnswerTooLarge { .. }
            | Self::EventTooLarge { .. } => ErrorCode::BadGateway,
        }
    }

    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self)
    }
}
