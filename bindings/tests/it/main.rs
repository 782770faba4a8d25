//! The committed files are what the contract says.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod lossless;

use tintype::contract::undescribed_rules;

#[test]
fn forms_can_check_what_the_server_checks() {
    let undescribed = undescribed_rules(&api_contract::router());

    assert!(undescribed.is_empty(), "`#[derive(Rules)]` is missing on {undescribed:?}");
}

#[test]
fn the_committed_files_are_up_to_date() {
    let stale = bindings::generate().unwrap().stale_in(bindings::folder()).unwrap();

    let list: Vec<String> = stale.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{}\nrun `{}` and commit what it writes", list.join("\n"), bindings::COMMAND);
}
