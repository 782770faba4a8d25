use std::fmt;

use http::StatusCode;

/// The 21 error codes of tRPC v11.
///
/// Each has a key (`NOT_FOUND`), a JSON-RPC number (`-32004`) and an HTTP status (404).
/// The table is that of `@trpc/server` 11.25.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The request is not readable at all, for example broken connection parameters (400).
    ParseError,
    /// The input or the request has the wrong shape (400).
    BadRequest,
    /// Something unexpected failed; the client learns only an id for the log (500).
    InternalServerError,
    /// The server knows the procedure but cannot do this yet (501).
    NotImplemented,
    /// A service behind the server answered nonsense (502).
    BadGateway,
    /// The server or a service behind it cannot take the call now (503).
    ServiceUnavailable,
    /// A service behind the server did not answer in time (504).
    GatewayTimeout,
    /// The caller has not said who they are (401).
    Unauthorized,
    /// The caller has to pay first (402).
    PaymentRequired,
    /// The caller is known and may not do this (403).
    Forbidden,
    /// What was asked for does not exist, or not for this caller (404).
    NotFound,
    /// The HTTP method does not fit the kind of procedure (405).
    MethodNotSupported,
    /// The call took too long (408).
    Timeout,
    /// The call contradicts the present state, for example a taken name (409).
    Conflict,
    /// A condition the caller named does not hold (412).
    PreconditionFailed,
    /// The body is larger than the server accepts (413).
    PayloadTooLarge,
    /// The content type is not one that the server reads (415).
    UnsupportedMediaType,
    /// The input is well-formed and makes no sense (422).
    UnprocessableContent,
    /// The caller must name a condition (428).
    PreconditionRequired,
    /// The caller asks too often (429).
    TooManyRequests,
    /// The client went away before the answer was ready (499).
    ClientClosedRequest,
}

impl ErrorCode {
    /// Every code, in the order of the protocol's table.
    pub const ALL: [Self; 21] = [
        Self::ParseError,
        Self::BadRequest,
        Self::InternalServerError,
        Self::NotImplemented,
        Self::BadGateway,
        Self::ServiceUnavailable,
        Self::GatewayTimeout,
        Self::Unauthorized,
        Self::PaymentRequired,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotSupported,
        Self::Timeout,
        Self::Conflict,
        Self::PreconditionFailed,
        Self::PayloadTooLarge,
        Self::UnsupportedMediaType,
        Self::UnprocessableContent,
        Self::PreconditionRequired,
        Self::TooManyRequests,
        Self::ClientClosedRequest,
    ];

    /// The key that clients see in `data.code`, for example `NOT_FOUND`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.row().0
    }

    /// The JSON-RPC number that clients see in `code`, for example `-32004`.
    #[must_use]
    pub const fn json_rpc_code(self) -> i32 {
        self.row().1
    }

    /// The HTTP status of an answer that failed with this code.
    #[must_use]
    pub fn http_status(self) -> StatusCode {
        StatusCode::from_u16(self.row().2).expect("the table holds valid statuses only")
    }

    /// The code whose key is `key`, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.key() == key)
    }

    /// The first code whose JSON-RPC number is `number`, if there is one; `-32603` is that of `INTERNAL_SERVER_ERROR`.
    #[must_use]
    pub fn from_json_rpc_code(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.json_rpc_code() == number)
    }

    const fn row(self) -> (&'static str, i32, u16) {
        match self {
            Self::ParseError => ("PARSE_ERROR", -32700, 400),
            Self::BadRequest => ("BAD_REQUEST", -32600, 400),
            Self::InternalServerError => ("INTERNAL_SERVER_ERROR", -32603, 500),
            Self::NotImplemented => ("NOT_IMPLEMENTED", -32603, 501),
            Self::BadGateway => ("BAD_GATEWAY", -32603, 502),
            Self::ServiceUnavailable => ("SERVICE_UNAVAILABLE", -32603, 503),
            Self::GatewayTimeout => ("GATEWAY_TIMEOUT", -32603, 504),
            Self::Unauthorized => ("UNAUTHORIZED", -32001, 401),
            Self::PaymentRequired => ("PAYMENT_REQUIRED", -32002, 402),
            Self::Forbidden => ("FORBIDDEN", -32003, 403),
            Self::NotFound => ("NOT_FOUND", -32004, 404),
            Self::MethodNotSupported => ("METHOD_NOT_SUPPORTED", -32005, 405),
            Self::Timeout => ("TIMEOUT", -32008, 408),
            Self::Conflict => ("CONFLICT", -32009, 409),
            Self::PreconditionFailed => ("PRECONDITION_FAILED", -32012, 412),
            Self::PayloadTooLarge => ("PAYLOAD_TOO_LARGE", -32013, 413),
            Self::UnsupportedMediaType => ("UNSUPPORTED_MEDIA_TYPE", -32015, 415),
            Self::UnprocessableContent => ("UNPROCESSABLE_CONTENT", -32022, 422),
            Self::PreconditionRequired => ("PRECONDITION_REQUIRED", -32028, 428),
            Self::TooManyRequests => ("TOO_MANY_REQUESTS", -32029, 429),
            Self::ClientClosedRequest => ("CLIENT_CLOSED_REQUEST", -32099, 499),
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_documented_with_its_numbers() {
        let documented = include_str!("../../../../docs/errors.md");

        for code in ErrorCode::ALL {
            let row = format!("| `{code}` | {} | {} |", code.json_rpc_code(), code.http_status().as_u16());
            assert!(documented.contains(&row), "docs/errors.md has no row {row}");
        }
    }
}
