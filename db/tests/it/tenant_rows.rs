use db::{
    PageCursor,
    testing::TestDb,
    widgets::{self, WidgetPatch},
};
use serde_json::json;

use crate::{create, delete, register, update};

#[tokio::test(flavor = "multi_thread")]
async fn a_widget_is_created_changed_and_deleted() {
    let db = TestDb::new().await;
    let (_, tenant) = register(&db, "ada@example.com", 1).await;
    let created = create(&tenant, "clock").await;

    let config = json!({ "zone": "UTC" }).as_object().cloned();
    let patch = WidgetPatch { config: config.clone(), ..WidgetPatch::default() };
    let changed = update(&tenant, created.id, patch).await.unwrap().unwrap();

    assert_eq!((changed.name.as_str(), Some(&changed.config)), ("clock", config.as_ref()));
    assert!(changed.updated_at >= created.updated_at);
    assert!(delete(&tenant, created.id).await);
    assert!(!delete(&tenant, created.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_every_widget_once_even_when_times_are_equal() {
    let db = TestDb::new().await;
    let (_, tenant) = register(&db, "ada@example.com", 1).await;
    for n in 0..7 {
        create(&tenant, &format!("widget {n}")).await;
    }
    db.run_sql("UPDATE widgets SET created_at = '2026-01-01T00:00:00Z'").await.unwrap();

    let mut names = Vec::new();
    let mut cursor = None;
    loop {
        let page = widgets::newest_first(&tenant, cursor, 3).await.unwrap();
        names.extend(page.items.into_iter().map(|widget| widget.name));
        let Some(next) = page.next else { break };
        // As a client passes it back.
        cursor = Some(next.to_string().parse::<PageCursor>().unwrap());
    }

    let newest_first: Vec<String> = (0..7).rev().map(|n| format!("widget {n}")).collect();
    assert_eq!(names, newest_first);
}

#[test]
fn a_malformed_cursor_is_refused() {
    for text in ["", "x", "1-", "-1", "99999999999999999999-0", "1-00000000-0000"] {
        assert!(text.parse::<PageCursor>().is_err(), "{text:?}");
    }
}
