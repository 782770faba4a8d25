use http::{Method, Version};
use tintype_client::{Answer, Client};

use crate::{
    contract::{Rename, check_secret, echo, length, ping, put, rename, router, sent, sign_in, touch},
    server::Server,
};

#[tokio::test]
async fn queries_and_mutations_return_the_functions_own_types() {
    let server = Server::start().await;
    let client = server.client().with_bearer("red").unwrap();

    assert_eq!(client.call::<ping>(()).await.unwrap(), "pong");
    assert_eq!(client.call::<length>(None).await.unwrap(), None);
    assert_eq!(client.call::<length>(Some(vec!["a".into(), "b".into()])).await.unwrap(), Some(2));
    assert_eq!(client.call::<put>(7).await.unwrap(), 7);
    client.call::<touch>(()).await.unwrap();
    let renamed = Rename { tags: Some(vec!["x".into()]), ..Rename::to("clock") };
    assert_eq!(client.call::<rename>(renamed.clone()).await.unwrap(), renamed);
}

#[tokio::test]
async fn any_text_arrives_as_it_was() {
    let server = Server::start().await;
    let client = server.client();

    for text in ["", " a+b&c=d%20#?/\\", "äöü 🦀 \u{2028}\0\r\n\"", "null"] {
        assert_eq!(client.call::<echo>(text.to_owned()).await.unwrap(), text);
    }
}

#[tokio::test]
async fn queries_go_by_get_and_mutations_by_post() {
    let server = Server::start().await;
    let client = server.client();

    client.call::<ping>(()).await.unwrap();
    client.call::<echo>("a b".to_owned()).await.unwrap();
    client.call::<put>(7).await.unwrap();

    let seen = server.front.seen().into_iter().map(|seen| format!("{} {}", seen.method, seen.uri));
    let expected = ["GET /api/trpc/ping", "GET /api/trpc/echo?input=%22a+b%22", "POST /api/trpc/widgets.put"];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_sensitive_input_is_not_in_the_url() {
    let server = Server::start().await;

    assert!(server.client().call::<check_secret>("opensesame".to_owned()).await.unwrap());

    let seen = server.front.seen().remove(0);
    assert_eq!((seen.method, seen.uri.to_string()), (Method::POST, "/api/trpc/checkSecret".to_owned()));
}

#[tokio::test]
async fn a_client_sends_its_headers_and_those_of_the_call() {
    let server = Server::start().await;
    let names = || ["authorization", "cookie", "x-team", "user-agent"].map(str::to_owned).to_vec();
    let sent_by = async |client: &Client| {
        client.call::<sent>(names()).await.unwrap().into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>()
    };
    let builder = crate::server::builder(server.address).header("x-team", "a").bearer("one").cookie("theme", "dark");
    let client = builder.build().unwrap();
    let user_agent = concat!("tintype-client/", env!("CARGO_PKG_VERSION"));

    assert_eq!(sent_by(&client).await, ["Bearer one", "theme=dark", "a", user_agent]);
    let other = client.with_bearer("two").unwrap().with_cookie("session", "x;y").unwrap();
    let other = other.with_header("x-team", "b").unwrap().with_header("user-agent", "me").unwrap();
    assert_eq!(sent_by(&other).await, ["Bearer two", "theme=dark; session=x%3By", "b", "me"]);
    assert_eq!(sent_by(&client).await, ["Bearer one", "theme=dark", "a", user_agent]);
}

#[tokio::test]
async fn the_cookie_of_an_answer_can_be_sent_again() {
    let server = Server::start().await;
    let client = server.client();

    let answer: Answer<()> = client.answer::<sign_in>("a b%;".to_owned()).await.unwrap();
    let cookie = answer.cookies().next().unwrap();
    assert_eq!((cookie.name(), cookie.value(), cookie.http_only()), ("session", "a b%;", Some(true)));
    let client = client.with_cookie(cookie.name(), cookie.value()).unwrap();

    let sent = client.call::<sent>(vec!["cookie".to_owned()]).await.unwrap();
    assert_eq!(sent, [Some("session=a%20b%25%3B".to_owned())]);
}

#[tokio::test]
async fn calls_share_a_connection_over_http_2() {
    let server = Server::start().await;
    let builder = crate::server::builder(server.address).http2_prior_knowledge(true);
    let client = builder.build().unwrap();

    let (a, b) = tokio::join!(client.call::<ping>(()), client.call::<echo>("x".to_owned()));

    assert_eq!((a.unwrap(), b.unwrap()), ("pong".to_owned(), "x".to_owned()));
    assert!(server.front.seen().iter().all(|seen| seen.version == Version::HTTP_2), "{:?}", server.front.seen());
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_url_does_not_matter() {
    let server = Server::start().await;
    let url = format!("http://{}/api/trpc/", server.address);

    let client = Client::builder(url).contract(&router()).build().unwrap();

    assert_eq!(client.call::<ping>(()).await.unwrap(), "pong");
    assert_eq!(format!("{client:?}"), format!("Client {{ url: \"http://{}/api/trpc/\", .. }}", server.address));
}
