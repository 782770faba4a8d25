//! Headers that are sent with every request.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use tintype::cookie::Cookie;

/// Text that cannot be a header; its value is not told, since it may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} with this value cannot be a header: names are tokens, and values hold no line breaks")]
pub struct InvalidHeader {
    /// The name of the header.
    pub name: String,
}

/// Sets a header in place of one of the same name.
pub(crate) fn set(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), InvalidHeader> {
    let invalid = || InvalidHeader { name: name.to_owned() };
    let name = HeaderName::try_from(name).map_err(|_| invalid())?;
    let mut value = HeaderValue::try_from(value).map_err(|_| invalid())?;
    value.set_sensitive(name == header::AUTHORIZATION || name == header::COOKIE);
    headers.insert(name, value);
    Ok(())
}

pub(crate) fn set_bearer(headers: &mut HeaderMap, token: &str) -> Result<(), InvalidHeader> {
    set(headers, header::AUTHORIZATION.as_str(), &format!("Bearer {token}"))
}

/// Adds a cookie to those that are sent already, in place of one of the same name.
pub(crate) fn set_cookie(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), InvalidHeader> {
    let added = Cookie::new(name, value).encoded().stripped().to_string();
    let (encoded_name, _) = added.split_once('=').unwrap_or((&added, ""));
    let sent = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let others = sent.split("; ").filter(|cookie| !cookie.is_empty());
    let others = others.filter(|cookie| cookie.split_once('=').is_none_or(|(name, _)| name != encoded_name));
    let cookies: Vec<&str> = others.chain([added.as_str()]).collect();
    set(headers, header::COOKIE.as_str(), &cookies.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_joined_and_replaced_by_name() {
        let mut headers = HeaderMap::new();

        set_cookie(&mut headers, "session", "a b").unwrap();
        set_cookie(&mut headers, "theme", "dark").unwrap();
        set_cookie(&mut headers, "session", "c;d").unwrap();

        assert_eq!(headers[header::COOKIE], "theme=dark; session=c%3Bd");
    }

    #[test]
    fn what_cannot_be_a_header_is_named_without_its_value() {
        let mut headers = HeaderMap::new();

        let error = set(&mut headers, "x-key", "secret\nother").unwrap_err();
        assert_eq!(error, InvalidHeader { name: "x-key".to_owned() });
        assert!(!error.to_string().contains("secret"), "{error}");
        assert!(set(&mut headers, "two words", "x").is_err());
        assert!(set_bearer(&mut headers, "a\r\nb: c").is_err());
        assert!(headers.is_empty());
    }

    #[test]
    fn secrets_are_not_printed() {
        let mut headers = HeaderMap::new();

        set_bearer(&mut headers, "hidden").unwrap();
        set_cookie(&mut headers, "session", "hidden").unwrap();

        assert!(!format!("{headers:?}").contains("hidden"), "{headers:?}");
    }
}
