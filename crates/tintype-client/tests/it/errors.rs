use tintype::{CallError, ErrorCode, Failure, PathSegment};
use tintype_client::ClientError;

use crate::{
    contract::{Rename, RenameError, break_down, panic, refuse, rename},
    server::Server,
};

#[tokio::test]
async fn a_procedures_own_error_comes_back_typed() {
    let server = Server::start().await;
    let client = server.client().with_bearer("red").unwrap();

    let error = client.call::<rename>(Rename::to("taken")).await.unwrap_err();

    assert_eq!(
        (error.code(), error.to_string()),
        (ErrorCode::Conflict, "the name \"taken\" is taken: pick another".into())
    );
    let ClientError::Procedure(error) = error else { panic!("{error:?}") };
    assert_eq!(error, RenameError::NameTaken { new_name: "taken".to_owned() });
    let error = client.call::<rename>(Rename::to("often")).await.unwrap_err();
    assert!(matches!(error, ClientError::Procedure(RenameError::TooOften { seconds: 3 })), "{error:?}");
}

#[tokio::test]
async fn broken_rules_keep_their_place() {
    let server = Server::start().await;
    let client = server.client().with_bearer("red").unwrap();

    let error = client.call::<rename>(Rename::to("")).await.unwrap_err();

    let ClientError::Failure(failure) = error else { panic!("{error:?}") };
    assert_eq!(
        (failure.code(), failure.message()),
        (ErrorCode::BadRequest, "invalid input: newName: must not be empty")
    );
    let [issue] = failure.validation_issues() else { panic!("{failure:?}") };
    assert_eq!(
        (issue.path.as_slice(), issue.code.as_str()),
        ([PathSegment::Key("newName".to_owned())].as_slice(), "constraint")
    );
}

#[tokio::test]
async fn a_refused_caller_learns_why() {
    let server = Server::start().await;

    let error = server.client().call::<rename>(Rename::to("")).await.unwrap_err();

    let ClientError::Failure(failure) = error else { panic!("{error:?}") };
    assert_eq!((failure.code(), failure.message()), (ErrorCode::Unauthorized, "send the token red"));
}

#[tokio::test]
async fn what_is_unexpected_comes_back_as_an_id_for_the_servers_log() {
    let server = Server::start().await;
    let client = server.client().with_bearer("red").unwrap();

    let failures: [Failure; 3] = [
        CallError::from(client.call::<break_down>(()).await.unwrap_err()).into_failure(),
        CallError::from(client.call::<panic>(()).await.unwrap_err()).into_failure(),
        CallError::from(client.call::<rename>(Rename::to("full")).await.unwrap_err()).into_failure(),
    ];

    for failure in failures {
        let log_id = failure.log_id().unwrap();
        assert_eq!(failure.code(), ErrorCode::InternalServerError);
        assert_eq!(failure.message(), format!("something failed on the server: look for {log_id} in its log"));
        assert!(std::error::Error::source(&failure).is_none());
    }
}

#[tokio::test]
async fn a_failure_as_the_error_of_a_procedure_keeps_what_it_carries() {
    let server = Server::start().await;

    let error = server.client().call::<refuse>(()).await.unwrap_err();

    let ClientError::Failure(failure) = error else { panic!("{error:?}") };
    assert_eq!((failure.code(), failure.message()), (ErrorCode::PaymentRequired, "pay first"));
    assert_eq!(failure.error_json(), Some(r#"["cash","card"]"#));
}

/// A contract that is older than the server.
mod older {
    use serde::{Deserialize, Serialize};
    use tintype::prelude::*;

    use crate::contract::Rename;

    #[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
    #[serde(tag = "kind", rename_all = "camelCase")]
    pub(crate) enum RenameError {
        #[error("the widget is locked")]
        #[code(FORBIDDEN)]
        Locked,
    }

    #[mutation(state = ())]
    pub(crate) async fn rename(input: Rename) -> Result<Rename, RenameError> {
        let _ = input;
        Err(RenameError::Locked)
    }

    pub(crate) fn router() -> Router<()> {
        router! { widgets: [rename] }
    }
}

#[tokio::test]
async fn an_error_that_only_the_server_knows_keeps_its_code_and_message() {
    let server = Server::start().await;
    let client = tintype_client::Client::builder(format!("http://{}/api/trpc", server.address));
    let client = client.contract(&older::router()).bearer("red").build().unwrap();

    let error = client.call::<older::rename>(Rename::to("taken")).await.unwrap_err();

    let ClientError::Failure(failure) = error else { panic!("{error:?}") };
    assert_eq!((failure.code(), failure.message()), (ErrorCode::Conflict, "the name \"taken\" is taken: pick another"));
    assert_eq!(failure.error_json(), Some(r#"{"kind":"nameTaken","newName":"taken"}"#));
}
