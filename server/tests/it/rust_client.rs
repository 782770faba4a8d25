//! Another Rust service calls the product, with the contract's own types.

use api_contract::{
    auth::{self, Register},
    widgets::{self, CreateWidget, DeleteWidget, WidgetError, WidgetEvent},
};
use futures_util::StreamExt;
use tintype::{CallError, Calls, ErrorCode};
use tintype_client::{Client, ClientError};

use crate::{account::PASSWORD, process::Server};

fn client(server: &Server) -> Client {
    let url = format!("http://{}/trpc", server.address);
    Client::builder(url).contract(&api_contract::router()).build().unwrap()
}

/// A client that is signed in, to a workspace of its own.
async fn signed_in(server: &Server, email: &str) -> Client {
    let register = Register {
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        tenant_name: "Studio".to_owned(),
        name: None,
    };
    let answer = client(server).answer::<auth::register>(register).await.unwrap();
    assert_eq!(answer.output.user.email, email);
    let cookie = answer.cookies().next().expect("a registration signs in");
    client(server).with_cookie(cookie.name(), cookie.value()).unwrap()
}

fn clock() -> CreateWidget {
    CreateWidget { name: "clock".to_owned(), config: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_signs_in_and_creates_a_widget() {
    let server = Server::start().await;
    let client = signed_in(&server, "ada@example.com").await;

    let widget = client.call::<widgets::create>(clock()).await.unwrap();

    assert_eq!(client.call::<widgets::list>(None).await.unwrap().items, [widget]);
    assert_eq!(client.call::<auth::me>(()).await.unwrap().unwrap().user.email, "ada@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_product_come_back_typed() {
    let server = Server::start().await;
    let ada = signed_in(&server, "ada@example.com").await;
    let grace = signed_in(&server, "grace@example.com").await;
    let id = ada.call::<widgets::create>(clock()).await.unwrap().id;

    let error = grace.call::<widgets::delete>(DeleteWidget { id }).await.unwrap_err();
    assert!(
        matches!(error, ClientError::Procedure(WidgetError::WidgetNotFound { id: told }) if told == id),
        "{error:?}"
    );
    let error = client(&server).call::<widgets::list>(None).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    let error = ada.call::<widgets::create>(CreateWidget { name: " ".to_owned(), config: None }).await.unwrap_err();
    assert!(matches!(&error, ClientError::Failure(failure) if failure.validation_issues().len() == 1), "{error:?}");
}

/// Code that does not know where the procedures run.
async fn create_twice(calls: &impl Calls<api_contract::AppState>) -> Result<usize, CallError<WidgetError>> {
    calls.call::<widgets::create>(clock()).await?;
    calls.call::<widgets::create>(clock()).await?;
    Ok(2)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_follows_the_changes_of_its_workspace() {
    let server = Server::start().await;
    let client = signed_in(&server, "ada@example.com").await;
    // From the beginning on: the first event is the gap before everything that is known.
    let mut changes = client.subscribe::<widgets::changed>(());
    let created = async {
        let mut created = 0;
        while created < 2 {
            match changes.next().await.unwrap().unwrap().data {
                WidgetEvent::Created { widget } => {
                    assert_eq!(widget.name, "clock");
                    created += 1;
                }
                other => panic!("{other:?}"),
            }
        }
    };
    let publish = async {
        // Until the subscription is there, what is created is not seen: so it is created until two were.
        loop {
            create_twice(&client).await.unwrap();
        }
    };

    tokio::select! {
        () = created => {}
        () = publish => {}
    }
}
