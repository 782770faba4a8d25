//! One call: whether it may run, and running it.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use http::Method;

use super::{input::WireInput, jsonl::panicked, options::ProtocolOptions, request::PlannedCall};
use crate::{
    context::Context,
    error::{ErrorCode, Failure},
    procedure::{Answer, ErasedProcedure, ProcedureKind},
};

/// Steps a to c of the order of checks, for one call.
pub(super) fn check<S>(
    options: &ProtocolOptions,
    method: &Method,
    call: &PlannedCall<S>,
    is_batch: bool,
    several: bool,
) -> Result<Arc<ErasedProcedure<S>>, Failure> {
    let path = &call.path;
    let Some(procedure) = &call.procedure else {
        let message = format!("No procedure found on path \"{path}\"");
        return Err(Failure::new(ErrorCode::NotFound, message));
    };
    let allowed = match procedure.info.kind {
        ProcedureKind::Mutation => "POST",
        _ if procedure.info.flags.sensitive => "POST",
        _ if options.allow_method_override => "GET, POST",
        _ => "GET",
    };
    if !allowed.split(", ").any(|name| name == method.as_str()) {
        let kind = procedure.info.kind;
        let message = format!("Unsupported {method}-request to {kind} procedure at path \"{path}\"");
        return Err(Failure::new(ErrorCode::MethodNotSupported, message).with_allow(allowed));
    }
    if is_batch && procedure.info.kind == ProcedureKind::Subscription {
        return Err(Failure::new(ErrorCode::BadRequest, "Cannot batch subscription calls"));
    }
    if several && procedure.info.flags.no_batch {
        let message = format!("procedure \"{path}\" cannot share a request with other calls: send it alone");
        return Err(Failure::new(ErrorCode::BadRequest, message));
    }
    Ok(Arc::clone(procedure))
}

/// Runs a call that passed its checks; a panic in it is its failure and nobody else's.
pub(super) async fn execute<S: Clone + Send + Sync + 'static>(
    checked: Result<Arc<ErasedProcedure<S>>, Failure>,
    cx: Context<S>,
    input: WireInput,
    buffer: Vec<u8>,
) -> Result<Answer, Failure> {
    let procedure = checked?;
    match AssertUnwindSafe((procedure.call)(cx, input, buffer)).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => Err(panicked(&panic)),
    }
}
