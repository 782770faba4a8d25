//! Clients of released contracts, against the server of this checkout.

use std::path::Path;

use http::HeaderValue;
use tintype::contract::{Contract, DescribeOptions, compatible, releases::Releases};

use crate::{
    client::{full, query, send},
    process::Server,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_a_release_hears_that_it_is_outdated_exactly_if_the_contract_breaks_it() {
    let server = Server::start().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/releases");
    let releases = Releases::read(&folder).unwrap();
    let current = Contract::of(&api_contract::router(), &DescribeOptions::default()).unwrap();
    assert!(releases.iter().count() >= 1, "{}", folder.display());

    for release in releases.iter() {
        let contract = release.contract();
        let mut request = query("auth.me", None).body(full("")).unwrap();
        request.headers_mut().insert("tintype-contract", HeaderValue::from_str(&contract.hash).unwrap());
        let answer = send(server.address, request).await;

        let expected = (!compatible(contract, &current)).then_some("outdated");
        assert_eq!(answer.header("tintype-contract"), expected, "{}", release.name());
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}
