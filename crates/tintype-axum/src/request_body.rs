//! Bodies of requests, as far as the limits allow.

use std::{pin::pin, sync::Arc};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::HeaderMap;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tintype::{
    BoxError, ErrorCode, Failure,
    protocol::{RequestBody, body_too_large, is_streamed},
};

use crate::{Limits, unread_body::Unread};

/// Nothing is taken before a procedure asks for it.
pub(crate) fn read<B>(headers: &HeaderMap, body: Unread<B>, limits: Arc<Limits>) -> RequestBody
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    if is_streamed(headers) {
        return RequestBody::pieces(pieces(body, limits));
    }
    Box::pin(whole(body, limits)).into()
}

async fn whole<B>(body: Unread<B>, limits: Arc<Limits>) -> Result<Bytes, Failure>
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let reading = Limited::new(body.take(), limits.body_bytes).collect();
    match tokio::time::timeout(limits.body_time, reading).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) => Err(failure(&*error, limits.body_bytes)),
        Err(_) => Err(Failure::new(
            ErrorCode::Timeout,
            format!("the body did not arrive within {} s: send it faster or smaller", limits.body_time.as_secs()),
        )),
    }
}

/// The pieces of a body; silence of the client ends it, and so does its first failure.
fn pieces<B>(body: Unread<B>, limits: Arc<Limits>) -> impl Stream<Item = Result<Bytes, Failure>> + Send + 'static
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let limit = limits.upload_bytes;
    let body = stream::once(async move { Box::pin(Limited::new(body.take(), limit)) });
    body.flat_map(move |body| pieces_of(body, Arc::clone(&limits)))
}

fn pieces_of<B>(
    body: std::pin::Pin<Box<Limited<B>>>,
    limits: Arc<Limits>,
) -> impl Stream<Item = Result<Bytes, Failure>> + Send + 'static
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    stream::unfold(Some(body), move |body| {
        let limits = Arc::clone(&limits);
        async move {
            let mut body = body?;
            loop {
                let frame = tokio::time::timeout(limits.upload_silence, pin!(body.frame())).await;
                match frame {
                    Ok(None) => return None,
                    Ok(Some(Ok(frame))) => {
                        // What is no data is a trailer, which means nothing to the protocol.
                        if let Ok(bytes) = frame.into_data() {
                            return Some((Ok(bytes), Some(body)));
                        }
                    }
                    Ok(Some(Err(error))) => return Some((Err(failure(&*error, limits.upload_bytes)), None)),
                    Err(_) => {
                        let seconds = limits.upload_silence.as_secs();
                        let message = format!("nothing of the body arrived for {seconds} s: send it faster");
                        return Some((Err(Failure::new(ErrorCode::Timeout, message)), None));
                    }
                }
            }
        }
    })
}

fn failure(error: &(dyn std::error::Error + Send + Sync + 'static), limit_bytes: usize) -> Failure {
    match error.downcast_ref::<LengthLimitError>() {
        Some(_) => body_too_large(limit_bytes),
        None => Failure::new(ErrorCode::ClientClosedRequest, "the request ended before its body did"),
    }
}
