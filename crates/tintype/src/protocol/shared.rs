//! What all requests share, and how their results become envelopes.

use http::{Response, StatusCode};

use super::{
    head::json_response,
    hooks::{ErrorInfo, ErrorShape, Hooks, ResponseInfo},
    jsonl::caught,
    options::ProtocolOptions,
    response::ResponseBody,
    transformer::Transformer,
};
use crate::{
    context::Context,
    error::Failure,
    procedure::{Answer, ErasedProcedure, ProcedureKind},
    router::Router,
    superjson::{Place, Places},
};

/// The router and everything that decides about its answers.
pub(super) struct Shared<S> {
    pub(super) router: Router<S>,
    pub(super) state: S,
    pub(super) options: ProtocolOptions,
    pub(super) hooks: Hooks<S>,
}

/// One answer: its JSON and the status it stands for.
pub(super) struct Envelope {
    pub(super) json: Vec<u8>,
    pub(super) status: StatusCode,
    pub(super) failure: Option<Failure>,
}

/// What comes before the value in the envelope of a successful call.
pub(super) const RESULT_PREFIX: &[u8] = b"{\"result\":{\"data\":";

impl<S: Clone + Send + Sync + 'static> Shared<S> {
    /// The envelope of one call that is done.
    pub(super) fn envelope(
        &self,
        result: Result<Answer, Failure>,
        output: &Place,
        path: Option<&str>,
        kind: Option<ProcedureKind>,
        cx: &Context<S>,
    ) -> Envelope {
        let transformer = self.options.transformer;
        let json = match result {
            Ok(Answer::Value(mut json)) if transformer == Transformer::Json => {
                json.extend_from_slice(b"}}");
                json
            }
            Ok(result @ (Answer::Value(_) | Answer::Nothing)) => {
                let json = if let Answer::Value(json) = &result { Some(json.as_slice()) } else { None };
                match transformer.value(json, output) {
                    Some(json) => [RESULT_PREFIX, &json, b"}}"].concat(),
                    None => b"{\"result\":{}}".to_vec(),
                }
            }
            Ok(Answer::Events(_) | Answer::Parts(_)) => {
                let failure = Failure::unexpected("a stream cannot be a whole answer");
                return self.failed(&ErrorInfo { failure: &failure, path, kind, cx: Some(cx) });
            }
            Err(failure) => {
                return self.failed(&ErrorInfo { failure: &failure, path, kind, cx: Some(cx) });
            }
        };
        Envelope { json, status: StatusCode::OK, failure: None }
    }

    /// The envelope of a failure.
    pub(super) fn failed(&self, info: &ErrorInfo<'_, S>) -> Envelope {
        let (error, status) = self.described(info);
        let json = [b"{\"error\":", error.as_slice(), b"}"].concat();
        Envelope { json, status, failure: Some(info.failure.clone()) }
    }

    /// The error object of a failure, transformed, and the status it stands for.
    pub(super) fn described(&self, info: &ErrorInfo<'_, S>) -> (Vec<u8>, StatusCode) {
        let mut json = Vec::new();
        let status = self.describe(info, &mut json);
        if self.options.transformer == Transformer::Json {
            return (json, status);
        }
        let places = self.places(info.path.and_then(|path| self.router.get(path)).map(|procedure| &**procedure));
        (self.options.transformer.value(Some(&json), &places.error).unwrap_or(json), status)
    }

    /// What the transformer may say of the values of a procedure.
    pub(super) fn places(&self, procedure: Option<&ErasedProcedure<S>>) -> Places {
        match (self.options.transformer, procedure) {
            (Transformer::SuperJson, Some(procedure)) => procedure.places().clone(),
            _ => Places::default(),
        }
    }

    /// Writes the error object of a failure, logs what was unexpected, and says which status it stands for.
    pub(super) fn describe(&self, info: &ErrorInfo<'_, S>, json: &mut Vec<u8>) -> StatusCode {
        let ErrorInfo { failure, path, .. } = *info;
        failure.log(path.unwrap_or_default());
        let written = "strings, numbers and checked JSON";
        let status = failure.code().http_status();
        let formatter = self.hooks.error_formatter.as_ref();
        if formatter.is_none() && !self.options.is_dev {
            serde_json::to_writer(json, &failure.shape(path)).expect(written);
            return status;
        }
        let Ok(serde_json::Value::Object(mut data)) = serde_json::to_value(failure.data(path)) else {
            unreachable!("the data of an error is an object");
        };
        if self.options.is_dev {
            data.insert("stack".to_owned(), failure.stack().into());
        }
        let message = failure.message().to_owned();
        let mut shape = ErrorShape { message, code: failure.code().json_rpc_code(), data };
        if let Some(formatter) = formatter
            && let Err(failure) = caught(|| formatter(&mut shape, info))
        {
            // What it left of the shape may be anything.
            failure.log(path.unwrap_or_default());
            serde_json::to_writer(json, &failure.shape(path)).expect(written);
            return failure.code().http_status();
        }
        serde_json::to_writer(json, &shape).expect(written);
        let formatted = shape.data.get("httpStatus").and_then(serde_json::Value::as_u64);
        let formatted = formatted.and_then(|status| u16::try_from(status).ok());
        formatted.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(status)
    }

    pub(super) fn with_meta(
        &self,
        response: Response<ResponseBody>,
        info: &ResponseInfo<'_, S>,
    ) -> Response<ResponseBody> {
        let Some(hook) = &self.hooks.response_meta else { return response };
        let (mut head, body) = response.into_parts();
        match caught(|| hook(&mut head, info)) {
            Ok(()) => Response::from_parts(head, body),
            Err(failure) => {
                let envelope = self.failed(&ErrorInfo { failure: &failure, path: None, kind: None, cx: info.cx });
                json_response(envelope.json, envelope.status, None, Vec::new())
            }
        }
    }
}
