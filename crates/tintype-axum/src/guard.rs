use http::{HeaderMap, header};
use tintype::{Context, ErrorCode, Failure};

/// Refuses requests that another website makes in the name of the user.
///
/// Cookies travel with requests from any page, so a server that signs people in with cookies must ask where a request
/// comes from.
/// `Sec-Fetch-Site` says it where browsers send it; else `Origin` must be that of the server.
/// A request with neither header comes from no browser page, and passes.
#[derive(Debug, Clone, Default)]
pub struct SameOrigin {
    allowed: Vec<String>,
}

impl SameOrigin {
    /// Accepts requests of the server's own pages only.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Accepts requests of pages of `origin` too, for example `https://app.example.com`.
    #[must_use]
    pub fn allow(mut self, origin: impl Into<String>) -> Self {
        self.allowed.push(origin.into());
        self
    }

    /// Checks one request.
    ///
    /// # Errors
    ///
    /// `FORBIDDEN` with the reason.
    pub fn check<S>(&self, cx: &Context<S>) -> Result<(), Failure> {
        self.check_headers(cx.headers())
    }

    fn check_headers(&self, headers: &HeaderMap) -> Result<(), Failure> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let origin = text("origin");
        if origin.is_some_and(|origin| self.allowed.iter().any(|allowed| allowed == origin)) {
            return Ok(());
        }
        match (text("sec-fetch-site"), origin) {
            // `none` is a person who typed the address or followed a bookmark.
            (Some("same-origin" | "none"), _) => Ok(()),
            (Some(site), origin) => Err(refused(site, origin)),
            (None, Some(origin)) if is_host(origin, headers) => Ok(()),
            (None, Some(origin)) => Err(refused("another origin", Some(origin))),
            (None, None) => Ok(()),
        }
    }
}

fn refused(site: &str, origin: Option<&str>) -> Failure {
    let origin = origin.unwrap_or("a page that does not say its origin");
    Failure::new(
        ErrorCode::Forbidden,
        format!(
            "the request comes from {origin} ({site}): only this server's own pages and allowed origins may call it"
        ),
    )
}

fn is_host(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some() && authority == host
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        map.insert(header::HOST, HeaderValue::from_static("tintype.example"));
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        SameOrigin::new().allow("https://app.example").check_headers(&map).is_ok()
    }

    #[test]
    fn only_the_servers_own_pages_and_allowed_origins_pass() {
        assert!(check(&[("sec-fetch-site", "same-origin")]));
        assert!(check(&[("sec-fetch-site", "none")]));
        assert!(check(&[("origin", "https://tintype.example")]));
        assert!(check(&[("sec-fetch-site", "cross-site"), ("origin", "https://app.example")]));
        assert!(check(&[]));
        assert!(!check(&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        assert!(!check(&[("origin", "https://evil.example")]));
        assert!(!check(&[("origin", "null")]));
    }
}
