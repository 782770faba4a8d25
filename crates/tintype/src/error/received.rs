//! Reads error objects as a client receives them, section 5.1 of the protocol.

use std::{borrow::Cow, collections::HashMap};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{ErrorCode, Failure, failure::Unexpected};

#[derive(Deserialize)]
struct Shape<'a> {
    #[serde(borrow)]
    message: Cow<'a, str>,
    code: Option<i32>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// The fields of `data`, each as it came: a server may add fields, and a formatter of its own may change them.
#[derive(Default)]
struct Data<'a>(HashMap<String, &'a RawValue>);

impl Data<'_> {
    fn field<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.0.get(name)?.get()).ok()
    }
}

impl Failure {
    /// Reads the error object of an answer: `{ "message": …, "code": …, "data": { … } }`.
    ///
    /// Only the message must be there; what is missing in `data`, or is not what tintype writes, is left out.
    /// A code that the protocol does not know becomes `INTERNAL_SERVER_ERROR`.
    ///
    /// ```
    /// use tintype::{ErrorCode, Failure};
    ///
    /// let object = r#"{"message":"sign in first","code":-32001,"data":{"code":"UNAUTHORIZED","httpStatus":401}}"#;
    /// let failure = Failure::from_error_object(object.as_bytes())?;
    /// assert_eq!(failure.code(), ErrorCode::Unauthorized);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Why `json` is not an error object.
    pub fn from_error_object(json: &[u8]) -> Result<Self, serde_json::Error> {
        let shape: Shape<'_> = serde_json::from_slice(json)?;
        let data = shape.data.and_then(|data| serde_json::from_str(data.get()).ok()).map(Data).unwrap_or_default();
        let key = data.field::<String>("code").and_then(|key| ErrorCode::from_key(&key));
        let code = key.or_else(|| ErrorCode::from_json_rpc_code(shape.code?));
        let failure = Self::new(code.unwrap_or(ErrorCode::InternalServerError), shape.message);
        Ok(failure.edit(|details| {
            details.error = data.field::<Option<Box<RawValue>>>("error").flatten().map(Into::into);
            details.validation = data.field("validation").unwrap_or_default();
            details.unexpected = data.field::<Uuid>("logId").map(|log_id| Unexpected { log_id, source: None });
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{PathSegment, ValidationIssue};

    fn received(failure: &Failure) -> Failure {
        Failure::from_error_object(&serde_json::to_vec(&failure.shape(Some("a.b"))).unwrap()).unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let issue = ValidationIssue {
            path: vec![PathSegment::Key("items".to_owned()), PathSegment::Index(0)],
            code: "constraint".to_owned(),
            message: "too long".to_owned(),
        };
        for failure in [
            Failure::new(ErrorCode::Unauthorized, "sign in first"),
            Failure::typed(ErrorCode::Conflict, "taken", &["a", "b"]),
            Failure::validation(vec![issue]),
            Failure::unexpected("the disk is full"),
            Failure::hidden(ErrorCode::BadGateway, "the service behind is away"),
        ] {
            let received = received(&failure);

            assert_eq!(received.code(), failure.code());
            assert_eq!(received.message(), failure.message());
            assert_eq!(received.error_json(), failure.error_json());
            assert_eq!(received.validation_issues(), failure.validation_issues());
            assert_eq!(received.log_id(), failure.log_id());
        }
    }

    #[test]
    fn the_numeric_code_stands_in_for_a_missing_key() {
        for (object, code) in [
            (r#"{"message":"m","code":-32004}"#, ErrorCode::NotFound),
            (r#"{"message":"m","code":-32004,"data":null}"#, ErrorCode::NotFound),
            (r#"{"message":"m","code":-32004,"data":[1]}"#, ErrorCode::NotFound),
            (r#"{"message":"m","code":-32004,"data":{"code":"NEWER"}}"#, ErrorCode::NotFound),
            (r#"{"message":"m","code":-32603}"#, ErrorCode::InternalServerError),
            (r#"{"message":"m","code":7}"#, ErrorCode::InternalServerError),
            (r#"{"message":"m"}"#, ErrorCode::InternalServerError),
        ] {
            assert_eq!(Failure::from_error_object(object.as_bytes()).unwrap().code(), code, "{object}");
        }
    }

    #[test]
    fn data_of_another_form_is_left_out() {
        let object = r#"{"message":"m","code":1,"data":{"error":null,"validation":"no","logId":7,"x":{}}}"#;

        let failure = Failure::from_error_object(object.as_bytes()).unwrap();

        assert_eq!((failure.error_json(), failure.validation_issues(), failure.log_id()), (None, [].as_slice(), None));
    }

    #[test]
    fn what_is_no_error_object_is_refused() {
        for text in ["", "<html>", "null", "[]", "{}", r#"{"message":1}"#, r#"{"message":"m","code":"x"}"#] {
            assert!(Failure::from_error_object(text.as_bytes()).is_err(), "{text}");
        }
    }
}
