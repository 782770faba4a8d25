//! Random tokens whose hash alone is stored, and the session cookie, which is one.

use std::fmt;

use sha2::{Digest, Sha256};
use tintype::{
    Cookies,
    cookie::{Cookie, SameSite, time::Duration},
};

use crate::Settings;

/// The secret in the cookie, or in the link of an invitation: 256 random bits, written as 64 hexadecimal digits.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    pub(crate) fn generate() -> Self {
        Self(hex(&rand::random::<[u8; 32]>()))
    }

    /// What the database knows of the token.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The token a browser sent, if it can be one.
    pub(crate) fn read(cookies: &Cookies, settings: &Settings) -> Option<Self> {
        cookies.get(name(settings)).and_then(Self::parse)
    }

    /// The token that is written so, if it can be one.
    pub(crate) fn parse(value: String) -> Option<Self> {
        let fit = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        fit.then_some(Self(value))
    }

    /// The secret itself, for whoever made it.
    pub(crate) fn into_secret(self) -> String {
        self.0
    }

    /// Hands the token to the browser.
    pub(crate) fn set(&self, cookies: &Cookies, settings: &Settings) {
        let lifetime = Duration::try_from(settings.session_lifetime).unwrap_or(Duration::DAY);
        cookies.set(blank(settings, self.0.clone()).max_age(lifetime).build());
    }
}

/// Makes the browser forget its token.
pub(crate) fn clear(cookies: &Cookies, settings: &Settings) {
    cookies.remove(blank(settings, String::new()).build());
}

/// Browsers take a cookie with the prefix `__Host-` only over TLS, for this host and the whole of it.
fn name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "__Host-tintype" } else { "tintype" }
}

fn blank(settings: &Settings, value: String) -> tintype::cookie::CookieBuilder<'static> {
    Cookie::build((name(settings), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(settings.secure_cookies)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}
