use futures_util::{StreamExt, poll};
use tintype::{CallError, Caller, Calls, Context, EventId, Topics};

use super::{
    AppState, Echo, Hello,
    chat::{self, ChatError, Message, Room, RoomEvent, Sent},
    echo, router,
    widgets::{self, CreateWidget},
};

fn caller(last_event_id: Option<EventId>, topics: &Topics, key: Option<&str>) -> Caller<AppState> {
    let mut context = Context::builder(AppState { topics: topics.clone() }).last_event_id(last_event_id);
    if let Some(key) = key {
        context = context.header("idempotency-key", key);
    }
    router().caller(context.build())
}

fn message(seq: u32) -> Message {
    Message { room: "a".to_owned(), seq, t: 0.5, text: "hello".to_owned() }
}

fn room() -> Room {
    Room { room: "a".to_owned() }
}

#[tokio::test]
async fn echo_says_the_name_and_widgets_are_always_the_same() {
    let caller = caller(None, &Topics::in_process(), None);

    let hello = caller.call::<echo>(Echo { name: "Ada".to_owned() }).await.unwrap();
    assert_eq!(hello, Hello { hello: "Ada".to_owned() });
    let widgets = caller.call::<widgets::list>(()).await.unwrap();
    assert_eq!((widgets.len(), &*widgets[19].name), (20, "widget 20"));
    assert_eq!(caller.call::<widgets::list>(()).await.unwrap(), widgets);
    let created = caller.call::<widgets::create>(CreateWidget { name: "new".to_owned(), config: None }).await.unwrap();
    assert_eq!((&*created.name, created.tenant_id), ("new", widgets[0].tenant_id));
}

#[tokio::test]
async fn a_room_has_its_messages_once_per_key_and_from_the_last_event_on() {
    let topics = Topics::in_process();
    let mut events = caller(None, &topics, None).subscribe::<chat::subscribe>(room());
    assert!(poll!(events.next()).is_pending());

    for (key, seq) in [("1", 1), ("1", 1), ("2", 2)] {
        let sent = caller(None, &topics, Some(key)).call::<chat::send>(message(seq)).await.unwrap();
        assert_eq!(sent, Sent { ok: true });
    }
    let first = events.next().await.unwrap().unwrap();
    let second = events.next().await.unwrap().unwrap();
    assert_eq!([&first.data, &second.data], [1, 2].map(|seq| RoomEvent::Message(message(seq))).each_ref());

    let mut resumed = caller(Some(first.id), &topics, None).subscribe::<chat::subscribe>(room());
    assert_eq!(resumed.next().await.unwrap().unwrap(), second);
    let foreign = EventId::new("7-7").unwrap();
    let mut lost = caller(Some(foreign), &topics, None).subscribe::<chat::subscribe>(room());
    assert_eq!(lost.next().await.unwrap().unwrap().data, RoomEvent::Gap { gap: true });
}

#[tokio::test]
async fn what_cannot_be_a_room_or_a_key_is_refused_by_name() {
    let topics = Topics::in_process();
    let strange = Message { room: "a b".to_owned(), ..message(1) };

    let error = caller(None, &topics, None).call::<chat::send>(strange).await.unwrap_err();
    let CallError::Procedure(ChatError::InvalidRoom { room }) = error else { panic!("{error:?}") };
    assert_eq!(room, "a b");
    let error = caller(None, &topics, Some("a b")).call::<chat::send>(message(1)).await.unwrap_err();
    assert!(error.to_string().contains("\"a b\""), "{error}");
    let large = Message { text: "x".repeat(70_000), ..message(1) };
    let error = caller(None, &topics, None).call::<chat::send>(large).await.unwrap_err();
    assert!(matches!(error, CallError::Procedure(ChatError::TooLarge { limit_bytes: 65_536, .. })), "{error:?}");
}

#[test]
fn events_travel_as_the_objects_that_were_sent() {
    let sent = serde_json::to_value(message(1)).unwrap();

    let event = serde_json::to_value(RoomEvent::Message(message(1))).unwrap();

    assert_eq!(event, sent);
    assert_eq!(serde_json::to_value(RoomEvent::Gap { gap: true }).unwrap(), serde_json::json!({ "gap": true }));
}
