//! Whole answers: read within a limit, and taken apart.

use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use tintype::{Failure, cookie::Cookie};

use crate::Problem;

/// The output of a procedure, and the headers that came with it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Answer<T> {
    /// What the procedure returned.
    pub output: T,
    /// The headers of the answer.
    pub headers: HeaderMap,
}

impl<T> Answer<T> {
    /// The cookies that the answer sets; those that are not readable are left out.
    pub fn cookies(&self) -> impl Iterator<Item = Cookie<'static>> {
        let headers = self.headers.get_all(header::SET_COOKIE).iter();
        headers.filter_map(|value| Cookie::parse_encoded(value.to_str().ok()?.to_owned()).ok())
    }
}

/// An answer as it came.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// What an answer says.
pub(crate) enum Reply<'a> {
    /// The JSON of the output; `null` if there is none.
    Output(&'a str),
    Failure(Failure),
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    result: Option<ResultPart<'a>>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ResultPart<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// How much of an answer that makes no sense is told.
const EXCERPT_CHARACTERS: usize = 200;

impl Received {
    /// Reads the body of `response`, at most `limit` bytes of it.
    pub(crate) async fn read(mut response: reqwest::Response, limit: usize) -> Result<Self, Problem> {
        let too_large = || Problem::AnswerTooLarge { limit };
        if response.content_length().is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit))
        {
            return Err(too_large());
        }
        let mut body = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| Problem::Interrupted(error.without_url().into()))?
        {
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self { status: response.status(), headers: std::mem::take(response.headers_mut()), body })
    }

    /// What the answer says.
    pub(crate) fn reply(&self) -> Result<Reply<'_>, Problem> {
        use serde::de::Error as _;
        let failed = |source: serde_json::Error| self.nonsense(source);
        match serde_json::from_slice(&self.body).map_err(failed)? {
            Envelope { result: None, error: Some(error) } => {
                Failure::from_error_object(error.get().as_bytes()).map(Reply::Failure).map_err(failed)
            }
            Envelope { result: Some(ResultPart { data }), error: None } if self.status.is_success() => {
                Ok(Reply::Output(data.map_or("null", RawValue::get)))
            }
            Envelope { .. } => Err(failed(serde_json::Error::custom("neither a result nor an error"))),
        }
    }

    fn nonsense(&self, source: serde_json::Error) -> Problem {
        let excerpt = excerpt(&self.body);
        if self.status.is_success() {
            Problem::Answer { excerpt, source }
        } else {
            Problem::Status { status: self.status, excerpt }
        }
    }
}

/// How something that makes no sense begins.
pub(crate) fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(EXCERPT_CHARACTERS).collect()
}

/// Reads the output of a procedure.
pub(crate) fn output<T: DeserializeOwned>(json: &str) -> Result<T, Problem> {
    serde_json::from_str(json).map_err(Problem::Output)
}
