//! What a client says about itself when it connects, beside its headers.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::error::{ErrorCode, Failure};

/// Text values that a client sends once per connection, such as a token.
///
/// Official clients send them with subscriptions and over WebSocket, where browsers let nobody set headers.
/// They are as trustworthy as a header: check them in an extractor.
///
/// ```
/// use tintype::{ConnectionParams, ErrorCode, Failure, Never, query};
///
/// /// Says who calls; the parameters come from `connectionParams` of the client's link.
/// #[query(state = ())]
/// pub async fn whoami(params: Option<ConnectionParams>) -> Result<Option<String>, Never> {
///     Ok(params.and_then(|params| params.get("token").map(str::to_owned)))
/// }
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ConnectionParams(BTreeMap<String, String>);

impl ConnectionParams {
    /// The value under `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Every name with its value, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Reads the URL parameter `connectionParams`.
    pub(crate) fn from_parameter(text: &str) -> Result<Option<Self>, Failure> {
        match serde_json::from_str(text) {
            Ok(value) => Self::from_value(value),
            Err(_) => Err(Failure::new(ErrorCode::ParseError, "Not JSON-parsable query params")),
        }
    }

    /// Reads parsed JSON: an object of strings, or `null`.
    pub(crate) fn from_value(value: Value) -> Result<Option<Self>, Failure> {
        let wrong_shape = || Failure::new(ErrorCode::ParseError, "Invalid connection params shape");
        match value {
            Value::Null => Ok(None),
            Value::Object(fields) => {
                let texts = fields.into_iter().map(|(name, value)| match value {
                    Value::String(text) => Ok((name, text)),
                    _ => Err(wrong_shape()),
                });
                texts.collect::<Result<_, _>>().map(|params| Some(Self(params)))
            }
            _ => Err(wrong_shape()),
        }
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for ConnectionParams {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(params: I) -> Self {
        Self(params.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl std::fmt::Debug for ConnectionParams {
    // Values are secrets more often than not.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str) -> String {
        let failure = ConnectionParams::from_parameter(text).unwrap_err();
        assert_eq!(failure.code(), ErrorCode::ParseError);
        failure.message().to_owned()
    }

    #[test]
    fn an_object_of_strings_and_null_are_connection_params() {
        let params = ConnectionParams::from_parameter(r#"{"token":"a","b":"é"}"#).unwrap().unwrap();

        assert_eq!(params.get("token"), Some("a"));
        assert_eq!(params.iter().collect::<Vec<_>>(), [("b", "é"), ("token", "a")]);
        assert_eq!(ConnectionParams::from_parameter("{}").unwrap(), Some(ConnectionParams::default()));
        assert_eq!(ConnectionParams::from_parameter("null").unwrap(), None);
    }

    #[test]
    fn everything_else_is_refused_with_the_protocols_words() {
        for text in ["", "{", "nonsense", "{}{}", "\u{feff}{}"] {
            assert_eq!(refused(text), "Not JSON-parsable query params", "{text}");
        }
        for text in ["[]", "1", "true", "\"text\"", r#"{"a":1}"#, r#"{"a":null}"#, r#"{"a":"x","b":{}}"#] {
            assert_eq!(refused(text), "Invalid connection params shape", "{text}");
        }
    }

    #[test]
    fn values_are_not_printed() {
        let params: ConnectionParams = [("token", "secret")].into_iter().collect();

        assert_eq!(format!("{params:?}"), r#"{"token"}"#);
    }
}
