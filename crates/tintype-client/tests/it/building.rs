use tintype::{Router, RouterError};
use tintype_client::{BuildError, Client, ClientBuilder};

use crate::contract;

fn built(url: &str) -> Result<Client, BuildError> {
    Client::builder(url).contract(&contract::router()).build()
}

#[tokio::test]
async fn a_url_is_one_of_a_server() {
    for url in ["", "trpc", "/trpc", "127.0.0.1:3001", "ftp://example.com/", "file:///trpc", "http://", "http://a b/"] {
        let error = built(url).unwrap_err();
        assert!(matches!(error, BuildError::Url { .. }), "{url}: {error:?}");
        assert!(error.to_string().starts_with(&format!("{url:?} is not the URL of a server: write")), "{error}");
    }
    for url in ["http://127.0.0.1:3001/trpc", "http://[::1]:3001", "HTTP://Example.com/a/b/"] {
        built(url).unwrap();
    }
}

#[tokio::test]
async fn a_url_has_nothing_but_the_place_of_the_procedures() {
    let error = built("http://ada:secret@example.com/trpc").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the URL \"http://example.com/trpc\" has a user or password: send it with `ClientBuilder::bearer`, `cookie` or `header`"
    );
    for (url, part) in [("http://example.com/?a=b", "query"), ("http://example.com/#a", "fragment")] {
        assert!(matches!(built(url).unwrap_err(), BuildError::UrlPart { part: told, .. } if told == part));
    }
}

#[cfg(not(feature = "rustls"))]
#[tokio::test]
async fn a_url_with_tls_names_the_feature_that_it_needs() {
    let error = built("https://example.com/trpc").unwrap_err();

    assert_eq!(
        error.to_string(),
        "\"https://example.com/trpc\" needs TLS: switch on the feature \"rustls\" of the crate tintype-client"
    );
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_url_with_tls_begins_with_a_handshake() {
    use tintype_client::{ClientError, Problem};
    use tokio::{io::AsyncReadExt, net::TcpListener};

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = built(&format!("https://{}/trpc", listener.local_addr().unwrap())).unwrap();
    let accepted = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.read_u8().await.unwrap()
    };

    let (first_byte, result) = tokio::join!(accepted, client.call::<contract::touch>(()));

    assert_eq!(first_byte, 22, "the record type of a TLS handshake");
    let ClientError::Transport(error) = result.unwrap_err() else { panic!("the connection was closed") };
    assert!(matches!(error.problem(), Problem::Connect(_)), "{error:?}");
}

#[tokio::test]
async fn a_client_needs_a_contract() {
    let error = Client::builder("http://example.com/").build().unwrap_err();

    assert!(matches!(error, BuildError::NoContract), "{error:?}");
}

#[tokio::test]
async fn a_contract_that_cannot_be_used_is_refused() {
    let router: Router<crate::AppState> =
        contract::router().procedure::<contract::ping>("").procedure::<contract::echo>("ping");

    let error = Client::builder("http://example.com/").contract(&router).build().unwrap_err();

    assert!(matches!(error, BuildError::Contract(RouterError::Duplicate { .. })), "{error:?}");
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_refused() {
    let builders: [fn(ClientBuilder) -> ClientBuilder; 3] = [
        |builder| builder.header("x y", "1"),
        |builder| builder.bearer("line\nbreak"),
        |builder| builder.header("x-key", "\0"),
    ];
    for edit in builders {
        let builder = Client::builder("http://example.com/").contract(&contract::router());
        let error = edit(builder).build().unwrap_err();
        assert!(matches!(error, BuildError::Header(_)), "{error:?}");
    }
    assert!(built("http://example.com/").unwrap().with_header("x", "\n").is_err());
}
