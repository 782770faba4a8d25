//! What the profiles `/fmt` and `/meta` decide about answers, and what all of them leave out.

use http::{HeaderName, HeaderValue, StatusCode, header, response::Parts};
use serde_json::Value;
use tintype::{
    ProcedureKind,
    protocol::{ErrorInfo, ErrorShape, ResponseInfo},
};

use crate::AppState;

/// Leaves out what the framework says beyond the reference.
pub(crate) fn without_extensions(shape: &mut ErrorShape, _: &ErrorInfo<'_, AppState>) {
    for name in ["error", "validation", "logId"] {
        shape.data.remove(name);
    }
}

/// The profile `/fmt`.
pub(crate) fn add_details(shape: &mut ErrorShape, info: &ErrorInfo<'_, AppState>) {
    without_extensions(shape, info);
    let error: Value = info.failure.error_json().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    shape.data.insert("traceId".to_owned(), "trace-0001".into());
    shape.data.insert("appCode".to_owned(), error["appCode"].clone());
    for name in ["balance", "httpStatus"] {
        if let Some(value) = error.get(name) {
            shape.data.insert(name.to_owned(), value.clone());
        }
    }
}

/// The profile `/meta`.
pub(crate) fn describe_answer(answer: &mut Parts, info: &ResponseInfo<'_, AppState>) {
    let batch = info.is_batch.map_or("null".to_owned(), |is_batch| is_batch.to_string());
    let facts = [
        ("x-meta-paths", info.paths.join(",")),
        ("x-meta-type", info.kind.map_or("unknown", ProcedureKind::as_str).to_owned()),
        ("x-meta-errors", info.errors.len().to_string()),
        ("x-meta-eager", info.is_eager.to_string()),
        ("x-meta-batch", batch),
    ];
    for (name, fact) in facts {
        // Paths come from clients and may hold what a header must not.
        let fact = HeaderValue::try_from(fact).unwrap_or(HeaderValue::from_static("unprintable"));
        answer.headers.insert(HeaderName::from_static(name), fact);
    }
    if info.kind == Some(ProcedureKind::Query) && info.errors.is_empty() && !info.is_eager {
        let public = HeaderValue::from_static("max-age=1, stale-while-revalidate=60");
        answer.headers.insert(header::CACHE_CONTROL, public);
    }
    if info.paths == ["meta.create"] && info.errors.is_empty() {
        answer.status = StatusCode::CREATED;
    }
}
