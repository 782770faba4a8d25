use std::collections::HashSet;

use api_contract::widgets::{
    CreateWidget, DeleteWidget, ListError, ListWidgets, UpdateWidget, WidgetError, WidgetPage, create, delete, list,
    update,
};
use db::WidgetId;
use serde_json::{Map, Value, json};
use tintype::{CallError, ErrorCode, PathSegment, ProcedureError};

use crate::app::{App, Member};

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn new_widget(name: &str, config: Option<Value>) -> CreateWidget {
    CreateWidget { name: name.to_owned(), config: config.map(object) }
}

async fn page(member: &Member, cursor: Option<String>, limit: Option<u32>) -> WidgetPage {
    member.caller().call::<list>(Some(ListWidgets { cursor, limit })).await.unwrap()
}

/// Follows the cursors to the end; the names page by page.
async fn pages(member: &Member, limit: u32) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = None;
    loop {
        let page = page(member, cursor, Some(limit)).await;
        pages.push(page.items.into_iter().map(|widget| widget.name).collect());
        cursor = page.next_cursor;
        if cursor.is_none() {
            return pages;
        }
    }
}

/// Fails with a validation error of the field `field` that holds `message`.
#[track_caller]
fn check<T: std::fmt::Debug, E: ProcedureError + std::fmt::Debug>(
    result: Result<T, CallError<E>>,
    field: &str,
    message: &str,
) {
    let failure = result.unwrap_err().into_failure();
    assert_eq!(failure.code(), ErrorCode::BadRequest, "{failure}");
    let issue = &failure.validation_issues()[0];
    assert_eq!(issue.path, [PathSegment::Key(field.to_owned())]);
    assert!(issue.message.contains(message), "{:?} should contain {message:?}", issue.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_widget_lives_from_create_to_delete() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let caller = ada.caller();
    let config = json!({ "size": 3, "nested": { "zone": ["Europe/Berlin", null, 1.5] } });

    let created = caller.call::<create>(new_widget("  clock ", Some(config.clone()))).await.unwrap();
    assert_eq!((created.name.as_str(), &created.config), ("clock", &object(config)));
    assert_eq!(page(&ada, None, None).await.items, std::slice::from_ref(&created));

    let input = UpdateWidget { id: created.id, name: Some("map".to_owned()), config: None };
    let renamed = caller.call::<update>(input).await.unwrap();
    assert_eq!((renamed.name.as_str(), &renamed.config), ("map", &created.config));
    assert!(renamed.updated_at > created.updated_at && renamed.created_at == created.created_at, "{renamed:?}");

    let input = UpdateWidget { id: created.id, name: None, config: Some(Map::new()) };
    let emptied = caller.call::<update>(input).await.unwrap();
    assert_eq!((emptied.name.as_str(), emptied.config), ("map", Map::new()));

    assert!(caller.call::<delete>(DeleteWidget { id: created.id }).await.unwrap().success);
    assert_eq!(page(&ada, None, None).await, WidgetPage { items: Vec::new(), next_cursor: None });
    let again = caller.call::<delete>(DeleteWidget { id: created.id }).await.unwrap_err();
    assert!(matches!(again, CallError::Procedure(WidgetError::WidgetNotFound { id }) if id == created.id), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_defaults_to_an_empty_object() {
    let app = App::new().await;

    assert_eq!(app.member("ada@example.com").await.widget("clock").await.config, Map::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_patch_is_a_validation_error() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let clock = ada.widget("clock").await;

    let empty = UpdateWidget { id: clock.id, name: None, config: None };

    check(ada.caller().call::<update>(empty).await, "name", "nothing to change");
    assert_eq!(page(&ada, None, None).await.items, [clock]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_has_at_most_16_kib() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    // `{"text":""}` takes 11 bytes of them.
    let config = |size: usize| Some(json!({ "text": "x".repeat(size - 11) }));

    let fits = ada.caller().call::<create>(new_widget("fits", config(16 * 1024))).await.unwrap();
    let too_large = ada.caller().call::<create>(new_widget("too large", config(16 * 1024 + 1))).await;
    check(too_large, "config", "too large: 16385 bytes of JSON, at most 16384");
    let patch = UpdateWidget { id: fits.id, name: None, config: config(20_000).map(object) };
    check(ada.caller().call::<update>(patch).await, "config", "20000 bytes");

    assert_eq!(page(&ada, None, None).await.items, [fits]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_counted_in_characters_and_not_blank() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let create_named = async |name: &str| ada.caller().call::<create>(new_widget(name, None)).await;

    assert_eq!(create_named(&"ä".repeat(120)).await.unwrap().name.chars().count(), 120);
    check(create_named(&"ä".repeat(121)).await, "name", "at most 120");
    check(create_named("").await, "name", "blank");
    check(create_named(" \u{a0}\t").await, "name", "blank");
    check(create_named("a\0b").await, "name", "NUL");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_nonsense_is_refused_with_the_cursor() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let id = WidgetId::generate();

    for nonsense in ["", "-", "nonsense", "12", "12-", &format!("x-{id}"), &format!("9223372036854775807-{id}"), "\0"] {
        let input = ListWidgets { cursor: Some(nonsense.to_owned()), limit: None };
        let error = ada.caller().call::<list>(Some(input)).await.unwrap_err();

        assert_eq!(error.code(), ErrorCode::BadRequest);
        let CallError::Procedure(ListError::InvalidCursor { cursor }) = error else { panic!("{nonsense:?}: {error}") };
        assert_eq!(cursor, nonsense);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_complete_newest_first_and_without_doubles() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    for n in 0..12 {
        ada.widget(&n.to_string()).await;
    }
    let newest_first: Vec<String> = (0..12).rev().map(|n| n.to_string()).collect();

    for (limit, sizes) in [(1, vec![1; 12]), (5, vec![5, 5, 2]), (6, vec![6, 6]), (11, vec![11, 1]), (100, vec![12])] {
        let pages = pages(&ada, limit).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), sizes);
        assert_eq!(pages.concat(), newest_first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn widgets_of_the_same_moment_are_all_listed() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    for n in 0..7 {
        ada.widget(&n.to_string()).await;
    }
    app.db.run_sql("UPDATE widgets SET created_at = '2026-01-01T00:00:00.123456Z'").await.unwrap();

    let pages = pages(&ada, 2).await.concat();

    assert_eq!(pages.len(), 7);
    assert_eq!(pages.iter().collect::<HashSet<_>>().len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_between_two_pages_neither_repeats_nor_hides_a_widget() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    for n in 0..6 {
        ada.widget(&n.to_string()).await;
    }

    let first = page(&ada, None, Some(3)).await;
    ada.widget("new").await;
    ada.caller().call::<delete>(DeleteWidget { id: first.items[0].id }).await.unwrap();
    ada.caller().call::<delete>(DeleteWidget { id: first.items[2].id }).await.unwrap();
    let second = page(&ada, first.next_cursor, Some(3)).await;

    let names: Vec<&str> = second.items.iter().map(|widget| widget.name.as_str()).collect();
    assert_eq!(names, ["2", "1", "0"]);
    assert_eq!(second.next_cursor, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_50_widgets_unless_asked_for_another_number() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    app.db
        .run_sql(&format!(
            "INSERT INTO widgets SELECT gen_random_uuid(), '{}', n::text, '{{}}', now(), now()
               FROM generate_series(1, 51) AS n",
            ada.account.tenant.id
        ))
        .await
        .unwrap();

    let without_input = ada.caller().call::<list>(None).await.unwrap();

    assert_eq!(without_input.items.len(), 50);
    assert!(without_input.next_cursor.is_some());
    assert_eq!(page(&ada, None, Some(100)).await.items.len(), 51);
}
