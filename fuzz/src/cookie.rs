//! The session cookie of the reference server, and cookies at large.
//!
//! After the first character, every line but the first is a `Cookie` header of the client.
//! If there is none, the first line is the value of a cookie that the server sets.

// The crate around it would bring a database along.
#[path = "../../api-contract/src/auth/cookie.rs"]
#[allow(dead_code, missing_docs)]
mod session;

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Request, header};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use tintype::{
    Context, Cookies, FromContext,
    cookie::Cookie,
    prelude::*,
    protocol::{Hooks, ProtocolOptions, RequestBody, Responder},
};

use crate::{Settings, answer, poll};

thread_local! {
    static SERVER: Responder<String> = {
        let routes = router! { [set] };
        Responder::new(routes, String::new(), ProtocolOptions::default(), Hooks::default()).expect("no mistakes")
    };
}

/// Sets two cookies: one whose value the client chose, and a token.
#[mutation(state = String)]
async fn set(cookies: Cookies, headers: tintype::Headers) -> Result<(), Never> {
    let value = headers.0.get("value").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
    cookies.set(Cookie::build(("chosen", value)).path("/").http_only(true).build());
    Ok(())
}

/// See the module for the form of `data`.
pub fn check(data: &[u8]) -> Option<()> {
    let (flag, rest) = data.split_first()?;
    let mut lines = rest.split(|byte| *byte == b'\n');
    let chosen = std::str::from_utf8(lines.next()?).ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(header::COOKIE, HeaderValue::from_bytes(line).ok()?);
    }
    let settings = Settings { secure_cookies: flag & 1 == 0, session_lifetime: Duration::from_secs(60) };
    if headers.is_empty() {
        what_is_set_comes_back(chosen);
    } else {
        only_the_named_cookie_is_the_session(&headers, &settings);
    }
    Some(())
}

fn cookies(headers: HeaderMap) -> Cookies {
    let cx = Context::builder(()).headers(headers).build();
    poll::finish(Cookies::from_context(&cx)).expect("every request has cookies")
}

/// A token is what stands under the very name in a header, 64 hexadecimal digits, and nothing else.
fn only_the_named_cookie_is_the_session(headers: &HeaderMap, settings: &Settings) {
    let name = if settings.secure_cookies { "__Host-tintype" } else { "tintype" };
    let read = session::Token::read(&cookies(headers.clone()), settings).map(|token| token.hash());
    // Those that are no text are no cookies.
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let sent = texts.flat_map(|text| text.split(';')).filter_map(|pair| {
        let (found, value) = pair.split_once('=')?;
        let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
        (found.trim() == name).then(|| value.into_owned())
    });
    // Of equal names the last counts.
    let expected = sent.last().filter(|value| value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let hash = |value: String| <[u8; 32]>::from(Sha256::digest(value));
    assert_eq!(read, expected.map(hash), "the session is that of the cookie {name}");
}

/// What a browser keeps of `Set-Cookie` and sends back is what was set, with the attributes that were asked for.
fn what_is_set_comes_back(chosen: &str) {
    let value = percent_encoding::utf8_percent_encode(chosen, percent_encoding::NON_ALPHANUMERIC).to_string();
    let request = Request::post("/set").header(header::CONTENT_TYPE, "application/json").header("value", value);
    let head = answer::head(request).expect("a request without mistakes");
    let nothing = RequestBody::pieces(futures_util::stream::empty());
    let response = SERVER.with(|server| poll::finish(server.respond(head, nothing, None)));
    let set: Vec<&HeaderValue> = response.headers().get_all(header::SET_COOKIE).iter().collect();
    let [set] = *set else { panic!("one cookie was set: {set:?}") };
    let mut parts = set.to_str().expect("plain text").split(';').map(str::trim);
    let pair = parts.next().expect("the first part");
    assert_eq!(parts.collect::<Vec<_>>(), ["HttpOnly", "Path=/"], "attributes of {chosen:?}");
    let header = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(pair).expect("it was a header"))]);
    assert_eq!(cookies(header).get("chosen").as_deref(), Some(chosen), "read back from {pair}");
}
