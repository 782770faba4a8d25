use std::net::IpAddr;

use db::sessions::NewSession;
use tintype::{Headers, PeerAddress, prelude::*};

use super::cookie::{self, Token};
use crate::AppState;

/// The browser that signs in, to begin a session in it.
#[derive(Debug)]
pub struct Browser {
    pub(crate) state: AppState,
    pub(crate) cookies: Cookies,
    /// Where it is, as far as that is known.
    pub(crate) address: Option<IpAddr>,
    user_agent: Option<String>,
}

impl FromContext<AppState> for Browser {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let headers = Headers::from_context(cx).await?.0;
        let user_agent = headers.get("user-agent").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self {
            state: cx.state().clone(),
            cookies: Cookies::from_context(cx).await?,
            address: PeerAddress::from_context(cx).await?.ip(),
            user_agent,
        })
    }
}

impl Browser {
    /// A session whose cookie will be `token`.
    pub(crate) fn new_session(&self, token: &Token) -> NewSession {
        NewSession {
            token_hash: token.hash(),
            user_agent: self.user_agent.clone(),
            lifetime: self.state.settings().session_lifetime,
        }
    }

    /// Makes the browser forget its session.
    pub(crate) fn forget(&self) {
        cookie::clear(&self.cookies, self.state.settings());
    }
}
