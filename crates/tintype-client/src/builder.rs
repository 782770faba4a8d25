use std::{any::TypeId, collections::HashMap, fmt};

use http::HeaderMap;
use tintype::{BoxError, Router, RouterError};
use url::Url;

use crate::{
    Client, InvalidHeader, Limits, Reconnect, Retry, Timeouts,
    client::Shared,
    headers,
    request::{Paths, Target},
};

/// Collects what a [`Client`] consists of.
pub struct ClientBuilder {
    url: String,
    paths: HashMap<TypeId, String>,
    headers: HeaderMap,
    limits: Limits,
    timeouts: Timeouts,
    retry: Retry,
    reconnect: Reconnect,
    method_override: bool,
    http2: bool,
    environment_proxy: bool,
    mistake: Option<BuildError>,
}

/// Why a [`Client`] cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The URL is none.
    #[error("{url:?} is not the URL of a server: write for example \"http://127.0.0.1:3001/trpc\"")]
    Url {
        /// What was given.
        url: String,
        /// Why it is none, if that is known.
        source: Option<url::ParseError>,
    },
    /// The URL says more than where the procedures are.
    #[error("the URL {url:?} has a {part}: {fix}")]
    UrlPart {
        /// The URL, without what it may hide.
        url: String,
        /// What it has.
        part: &'static str,
        /// What to do instead.
        fix: &'static str,
    },
    /// The URL is one with TLS, and the client was compiled without it.
    #[error("{url:?} needs TLS: switch on the feature \"rustls\" of the crate tintype-client")]
    NoTls {
        /// The URL.
        url: String,
    },
    /// There is no contract, so no procedure has a path.
    #[error("the client knows no procedure: give it the router with `ClientBuilder::contract`")]
    NoContract,
    /// A router cannot be used.
    #[error("the contract cannot be used")]
    Contract(#[from] RouterError),
    /// A header cannot be sent.
    #[error(transparent)]
    Header(#[from] InvalidHeader),
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Http(#[source] BoxError),
}

impl ClientBuilder {
    pub(crate) fn new(url: String) -> Self {
        Self {
            url,
            paths: HashMap::new(),
            headers: HeaderMap::new(),
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            retry: Retry::default(),
            reconnect: Reconnect::default(),
            method_override: false,
            http2: false,
            environment_proxy: false,
            mistake: None,
        }
    }

    /// Learns the path of every procedure in `router`, which is that of the server.
    ///
    /// Nothing of the router is kept: it needs no state, and procedures never run here.
    /// Several contracts may be given; of the paths of one procedure the first in alphabetical order is called.
    #[must_use]
    pub fn contract<S: Clone + Send + Sync + 'static>(mut self, router: &Router<S>) -> Self {
        if let Err(error) = router.check() {
            self.mistake.get_or_insert(error.into());
        }
        for entry in router.procedures() {
            self.paths.entry(entry.id()).or_insert_with(|| entry.path.to_owned());
        }
        self
    }

    /// Sends a header with every request.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        self.edit(|headers| headers::set(headers, name, value))
    }

    /// Sends `Authorization: Bearer <token>` with every request.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.edit(|headers| headers::set_bearer(headers, token))
    }

    /// Sends a cookie with every request.
    #[must_use]
    pub fn cookie(self, name: &str, value: &str) -> Self {
        self.edit(|headers| headers::set_cookie(headers, name, value))
    }

    /// Replaces the default [`Limits`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Replaces the default [`Timeouts`].
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Says how often calls are tried again.
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Says how often subscriptions connect again.
    #[must_use]
    pub fn reconnect(mut self, reconnect: Reconnect) -> Self {
        self.reconnect = reconnect;
        self
    }

    /// Says that the server accepts queries by `POST`, as its own option of this name does; by default it does not.
    ///
    /// Queries and subscriptions whose input does not fit into a URL then go by `POST`.
    #[must_use]
    pub fn method_override(mut self, is_allowed: bool) -> Self {
        self.method_override = is_allowed;
        self
    }

    /// Speaks HTTP/2 from the first byte, so that calls share one connection without TLS; off by default.
    ///
    /// With TLS, client and server agree on HTTP/2 without it.
    #[must_use]
    pub fn http2_prior_knowledge(mut self, is_known: bool) -> Self {
        self.http2 = is_known;
        self
    }

    /// Goes through the proxy that the environment names in `HTTP_PROXY` and the like; off by default.
    #[must_use]
    pub fn environment_proxy(mut self, is_used: bool) -> Self {
        self.environment_proxy = is_used;
        self
    }

    /// The client; nothing is connected yet.
    ///
    /// # Errors
    ///
    /// The first [`BuildError`] met.
    pub fn build(self) -> Result<Client, BuildError> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        let base = check_url(&self.url)?;
        if self.paths.is_empty() {
            return Err(BuildError::NoContract);
        }
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("tintype-client/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.timeouts.connect)
            // An answer from elsewhere is no answer, and would get the credentials.
            .redirect(reqwest::redirect::Policy::none());
        if self.http2 {
            http = http.http2_prior_knowledge();
        }
        if !self.environment_proxy {
            http = http.no_proxy();
        }
        #[cfg(feature = "rustls")]
        {
            http = http.tls_backend_preconfigured(
                crate::tls::config(base.scheme()).map_err(|error| BuildError::Http(error.into()))?,
            );
        }
        let http = http.build().map_err(|error| BuildError::Http(error.into()))?;
        let target = Target {
            base,
            paths: Paths(self.paths),
            url_bytes: self.limits.url_bytes,
            method_override: self.method_override,
        };
        let Self { headers, limits, timeouts, retry, reconnect, .. } = self;
        Ok(Client::new(Shared { http, target, limits, timeouts, retry, reconnect }, headers))
    }

    fn edit(mut self, change: impl FnOnce(&mut HeaderMap) -> Result<(), InvalidHeader>) -> Self {
        if let Err(error) = change(&mut self.headers) {
            self.mistake.get_or_insert(error.into());
        }
        self
    }
}

fn check_url(text: &str) -> Result<Url, BuildError> {
    let mut url = Url::parse(text).map_err(|source| BuildError::Url { url: text.to_owned(), source: Some(source) })?;
    if !url.username().is_empty() || url.password().is_some() {
        // Neither can fail: the URL has a host.
        let _ = (url.set_username(""), url.set_password(None));
        let fix = "send it with `ClientBuilder::bearer`, `cookie` or `header`";
        return Err(BuildError::UrlPart { url: url.into(), part: "user or password", fix });
    }
    if url.query().is_some() || url.fragment().is_some() {
        let part = if url.query().is_some() { "query" } else { "fragment" };
        return Err(BuildError::UrlPart { url: text.to_owned(), part, fix: "end it with the path of the procedures" });
    }
    match url.scheme() {
        "http" => Ok(url),
        "https" if cfg!(feature = "rustls") => Ok(url),
        "https" => Err(BuildError::NoTls { url: text.to_owned() }),
        _ => Err(BuildError::Url { url: text.to_owned(), source: None }),
    }
}

impl fmt::Debug for ClientBuilder {
    // Headers hold secrets, so they are not printed; a URL may hold some until it is checked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("limits", &self.limits).finish_non_exhaustive()
    }
}
