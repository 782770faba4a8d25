//! One request and its answer, with as many tries as it may take.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header};
use tokio::time::{Instant, sleep, timeout_at};

use crate::{Limits, Problem, Retry, TransportError, answer::Received, request::Request};

/// Statuses that say "not now": too many requests, and what proxies say of a server that is away.
const TRY_AGAIN: [StatusCode; 4] = [
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::BAD_GATEWAY,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::GATEWAY_TIMEOUT,
];

/// Sends `request` and reads the whole answer; `time` is for all tries together.
pub(crate) async fn exchange(
    http: &reqwest::Client,
    request: &Request,
    limits: &Limits,
    retry: &Retry,
    time: Option<Duration>,
) -> Result<Received, TransportError> {
    let end = time.and_then(|time| Instant::now().checked_add(time));
    let tries = tries(http, request, limits, retry, end);
    let result = match (end, time) {
        (Some(end), Some(time)) => timeout_at(end, tries).await.unwrap_or(Err(Problem::TimedOut(time))),
        _ => tries.await,
    };
    result.map_err(|problem| request.failed(problem))
}

async fn tries(
    http: &reqwest::Client,
    request: &Request,
    limits: &Limits,
    retry: &Retry,
    end: Option<Instant>,
) -> Result<Received, Problem> {
    let mut retries = 0;
    loop {
        let result = match send(http, request).await {
            Ok(response) => Received::read(response, limits.answer_bytes).await,
            Err(problem) => Err(problem),
        };
        let asked = match &result {
            _ if !request.is_repeatable || retries == retry.retries => return result,
            Ok(Received { status, headers, .. }) if is_try_again(*status) => retry_after(headers),
            Err(Problem::Connect(_) | Problem::Interrupted(_)) => None,
            Ok(_) | Err(_) => return result,
        };
        // What is known now is worth more than a wait that ends in nothing.
        let is_in_time = |wait: &Duration| end.is_none_or(|end| end.saturating_duration_since(Instant::now()) > *wait);
        let Some(wait) = retry.backoff.wait(retries, asked).filter(is_in_time) else { return result };
        tracing::debug!(procedure = request.procedure, ?wait, "a call is tried again");
        sleep(wait).await;
        retries += 1;
    }
}

/// Sends `request` once, and waits for the head of the answer.
pub(crate) async fn send(http: &reqwest::Client, request: &Request) -> Result<reqwest::Response, Problem> {
    let mut builder = http.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
    if let Some(body) = &request.body {
        builder = builder.body(body.clone());
    }
    builder.send().await.map_err(|error| {
        let is_connect = error.is_connect();
        // Ours names the URL, and reqwest's has the input in it.
        let source = error.without_url().into();
        if is_connect { Problem::Connect(source) } else { Problem::Interrupted(source) }
    })
}

/// Whether a status says that another try may succeed.
pub(crate) fn is_try_again(status: StatusCode) -> bool {
    TRY_AGAIN.contains(&status)
}

/// How long the server asks to wait, in seconds or until a date.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn asked(value: &'static str) -> Option<Duration> {
        retry_after(&HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_static(value))]))
    }

    #[test]
    fn a_server_asks_for_patience_in_seconds_or_until_a_date() {
        assert_eq!(asked("120"), Some(Duration::from_secs(120)));
        assert_eq!(asked("0"), Some(Duration::ZERO));
        assert_eq!(asked("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(asked("Fri, 31 Dec 9999 23:59:59 GMT").unwrap() > Duration::from_secs(3600));
        assert_eq!(retry_after(&HeaderMap::new()), None);
        for nonsense in ["", "soon", "-1", "1.5", "99999999999999999999"] {
            assert_eq!(asked(nonsense), None, "{nonsense}");
        }
    }
}
