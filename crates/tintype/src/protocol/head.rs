//! Status and headers of answers.

use http::{HeaderValue, Response, StatusCode, header};

use super::{event::EventFrames, jsonl::JsonLines, response::ResponseBody};

/// A whole answer.
pub(super) fn json_response(
    json: Vec<u8>,
    status: StatusCode,
    allow: Option<&'static str>,
    cookies: Vec<HeaderValue>,
) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::Full(json.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::VARY, HeaderValue::from_static("trpc-accept, accept"));
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    with_allow(response, allow)
}

/// Names the methods that would have been accepted, if that is why a call failed.
pub(super) fn with_allow(mut response: Response<ResponseBody>, allow: Option<&'static str>) -> Response<ResponseBody> {
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    response
}

/// A batch that is answered line by line.
pub(super) fn lines_response(lines: JsonLines) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::Lines(lines));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::VARY, HeaderValue::from_static("trpc-accept, accept"));
    response
}

/// A subscription.
pub(super) fn event_response(frames: EventFrames) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::Events(frames));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    headers.insert(header::VARY, HeaderValue::from_static("trpc-accept, accept"));
    response
}
