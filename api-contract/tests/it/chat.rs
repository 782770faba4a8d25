//! Conversations: what is sent, what viewers see, and what it costs.

use std::{pin::Pin, sync::Arc, time::Duration};

use api_contract::{
    ai::AiLimits,
    chat::{
        ChatEvent, Ending, History, InSession, Message, RunState, SendMessage, Sender, Sent, StopRun, history,
        send_message,
        sessions::{self, ChatSession},
        stop, subscribe,
    },
    money::{self, CostGroupBy, CostQuery, SetBudget},
    providers::{AnswerEnd, AnswerPart, ProviderError, Speaker},
};
use db::RunId;
use futures_util::{Stream, StreamExt, future::join_all};
use serde_json::json;
use tintype::{CallError, Context, Event, EventId, Failure, PresenceEvent, ProcedureError, wire::SafeUint};
use tokio::{sync::mpsc, time::timeout};
use uuid::Uuid;

use crate::{
    app::{App, Member},
    assistant::{COST, Part, Scripted, ai},
};

type Events = Pin<Box<dyn Stream<Item = Result<Event<ChatEvent>, Failure>> + Send>>;

async fn app() -> (App, Arc<Scripted>) {
    let model = Arc::new(Scripted::default());
    (App::asking(ai(&model)).await, model)
}

impl Member {
    async fn conversation(&self) -> ChatSession {
        self.caller().call::<sessions::create>(None).await.unwrap()
    }

    async fn say(&self, session: &ChatSession, content: &str) -> Sent {
        self.try_say(session, content, Uuid::now_v7()).await.unwrap()
    }

    async fn try_say(
        &self,
        session: &ChatSession,
        content: &str,
        client_message_id: Uuid,
    ) -> Result<Sent, CallError<api_contract::chat::SendError>> {
        let input = SendMessage { session_id: session.id, content: content.to_owned(), client_message_id };
        self.caller().call::<send_message>(input).await
    }

    /// Watches a conversation, after a cursor if one is given.
    async fn watch(&self, session: &ChatSession, cursor: Option<&EventId>) -> Events {
        let context = Context::builder(self.state.clone()).header("cookie", &self.cookie());
        let caller = api_contract::router().caller(context.last_event_id(cursor.cloned()).build());
        let events = caller.call::<subscribe>(InSession { session_id: session.id }).await.unwrap();
        Box::pin(events.into_events())
    }

    async fn messages(&self, session: &ChatSession) -> Vec<Message> {
        let input = History { session_id: session.id, cursor: None, limit: None };
        self.caller().call::<history>(input).await.unwrap().items
    }

    async fn spent(&self) -> (u64, u64) {
        let budget = self.caller().call::<money::get>(()).await.unwrap();
        (budget.spent_micro_usd.get(), budget.reserved_micro_usd.get())
    }

    /// The money and the calls of all cost events.
    async fn costs(&self) -> (u64, u64) {
        let today = chrono::Utc::now().date_naive();
        let query = CostQuery {
            start_date: today - chrono::Days::new(1),
            end_date: today + chrono::Days::new(2),
            group_by: CostGroupBy::Model,
        };
        let totals = self.caller().call::<money::get_cost_metrics>(query).await.unwrap().totals;
        (totals.cost_micro_usd.get(), totals.calls.get())
    }
}

/// A conversation that is watched.
struct Talk {
    app: App,
    model: Arc<Scripted>,
    ada: Member,
    session: ChatSession,
    events: Events,
}

async fn talk() -> Talk {
    let (app, model) = app().await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;
    let mut events = ada.watch(&session, None).await;
    // A subscription begins when it is first polled.
    next(&mut events).await;
    Talk { app, model, ada, session, events }
}

/// Asks for an answer that goes on, of which `words` have been seen.
async fn begun(
    model: &Scripted,
    member: &Member,
    session: &ChatSession,
    events: &mut Events,
    words: &str,
) -> (mpsc::UnboundedSender<Part>, Sent) {
    let parts = model.answer();
    let sent = member.say(session, "Count").await;
    parts.send(Ok(AnswerPart::Text(words.to_owned()))).unwrap();
    while !matches!(next(events).await.data, ChatEvent::Delta { .. }) {}
    (parts, sent)
}

/// The next event that is not about who is there.
async fn next(events: &mut Events) -> Event<ChatEvent> {
    loop {
        let event = timeout(Duration::from_secs(20), events.next()).await.expect("no event comes").unwrap().unwrap();
        if !matches!(event.data, ChatEvent::Presence { .. }) {
            return event;
        }
    }
}

/// Reads until a run has ended, and returns what viewers put together of its pieces, and how it ended.
async fn read_to_end(events: &mut Events, begun: &str, run: RunId) -> (String, RunState, Option<String>) {
    let mut text = begun.to_owned();
    loop {
        match next(events).await.data {
            ChatEvent::Delta { run_id, offset, text: piece } if run_id == run => {
                assert_eq!(offset as usize, text.encode_utf16().count(), "a piece is missing or came twice");
                text.push_str(&piece);
            }
            ChatEvent::Run { run: view }
                if view.id == run && !matches!(view.state, RunState::Queued | RunState::Running) =>
            {
                return (text, view.state, view.reason);
            }
            _ => {}
        }
    }
}

/// As [`read_to_end`], for who begins with a snapshot that may hold what follows it.
async fn read_from(events: &mut Events, begun: &str, run: RunId) -> String {
    let mut text = begun.to_owned();
    loop {
        match next(events).await.data {
            ChatEvent::Delta { offset, text: piece, .. } => {
                let (have, offset) = (text.encode_utf16().count(), offset as usize);
                assert!(offset <= have, "a hole: {have} of {offset}");
                text.extend(piece.chars().skip(have - offset));
            }
            ChatEvent::Run { run: view } if view.id == run && view.state == RunState::Done => return text,
            _ => {}
        }
    }
}

fn error<E: ProcedureError + serde::Serialize>(error: CallError<E>) -> serde_json::Value {
    match error {
        CallError::Procedure(error) => serde_json::to_value(error).unwrap(),
        CallError::Failure(failure) => panic!("{failure:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_seen_as_it_is_written_stored_and_paid_once() {
    let (app, model) = app().await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;
    let mut events = ada.watch(&session, None).await;
    assert!(matches!(next(&mut events).await.data, ChatEvent::Snapshot { state } if state.messages.is_empty()));
    model.says(&["It opens ", "at nine 🕘 ", "on weekdays."]);

    let sent = ada.say(&session, "When does it open?").await;

    assert!(matches!(next(&mut events).await.data, ChatEvent::Message { message } if message == sent.message));
    let (text, state, _) = read_to_end(&mut events, "", sent.run_id).await;
    assert_eq!((text.as_str(), state), ("It opens at nine 🕘 on weekdays.", RunState::Done));
    let messages = ada.messages(&session).await;
    assert_eq!(messages.len(), 2);
    assert_eq!((messages[1].content.as_str(), messages[1].seq), (text.as_str(), SafeUint::from(2_u32)));
    assert!(
        matches!(&messages[1].sender, Sender::Assistant { ending: Ending::Complete, run_id, .. } if *run_id == sent.run_id)
    );
    assert_eq!(ada.spent().await, (COST, 0));
    assert_eq!(ada.costs().await, (COST, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_twice_is_one_message_one_answer_and_one_cost() {
    let Talk { app: _app, model, ada, session, mut events } = talk().await;
    model.says(&["Yes."]);
    let id = Uuid::now_v7();

    let attempts: Vec<_> = (0..8).map(|_| ada.try_say(&session, "Really?", id)).collect();
    let sent: Vec<Sent> = join_all(attempts).await.into_iter().map(Result::unwrap).collect();

    let first = sent[0].clone();
    assert!(sent.iter().all(|sent| *sent == first));
    read_to_end(&mut events, "", first.run_id).await;
    assert_eq!(ada.try_say(&session, "Really?", id).await.unwrap(), first);
    assert_eq!(ada.messages(&session).await.len(), 2);
    assert_eq!((model.asked().len(), ada.costs().await.1), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_in_the_middle_sees_the_beginning_and_who_comes_back_loses_nothing() {
    let (app, model) = app().await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;
    let mut first = ada.watch(&session, None).await;
    let parts = model.answer();
    let sent = ada.say(&session, "Tell me a story").await;
    let mut cursor = None;
    for word in ["Once ", "upon ", "a "] {
        parts.send(Ok(AnswerPart::Text(word.into()))).unwrap();
        loop {
            let event = next(&mut first).await;
            cursor = Some(event.id);
            if matches!(event.data, ChatEvent::Delta { text, .. } if text == word) {
                break;
            }
        }
    }

    // A reload of the page, a second window, and a third one after what is saved has moved on.
    let mut second = ada.watch(&session, None).await;
    let mut back = ada.watch(&session, cursor.as_ref()).await;
    parts.send(Ok(AnswerPart::Text("time".into()))).unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut third = ada.watch(&session, None).await;
    parts.send(Ok(AnswerPart::Text("…".into()))).unwrap();
    parts.send(Ok(AnswerPart::End(AnswerEnd::Complete))).unwrap();

    let whole = "Once upon a time…";
    for joined in [&mut second, &mut third] {
        let ChatEvent::Snapshot { state } = next(joined).await.data else { panic!("no snapshot") };
        assert_eq!(state.messages.len(), 1);
        let begun = state.runs[0].text.clone();
        assert_eq!(read_from(joined, &begun, sent.run_id).await, whole);
    }
    assert_eq!(read_to_end(&mut back, "Once upon a ", sent.run_id).await.0, whole);
    assert_eq!(ada.messages(&session).await[1].content, whole);
}

/// The position is taken before the snapshot is loaded, and text goes on meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn who_missed_what_nobody_has_any_more_gets_an_answer_without_a_hole() {
    let (app, model) = app().await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;
    let parts = model.answer();
    let sent = ada.say(&session, "Count").await;
    let words: Vec<String> = (0..150).map(|number| format!("{number} ")).collect();
    let whole = words.concat();
    tokio::spawn(async move {
        for word in words {
            parts.send(Ok(AnswerPart::Text(word))).unwrap();
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        parts.send(Ok(AnswerPart::End(AnswerEnd::Complete))).unwrap();
    });
    tokio::time::sleep(Duration::from_millis(300)).await;

    let lost = EventId::new("nonsense").unwrap();
    let mut viewers = Vec::new();
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(37)).await;
        let mut events = ada.watch(&session, Some(&lost)).await;
        viewers.push(tokio::spawn(async move {
            let ChatEvent::Snapshot { state } = next(&mut events).await.data else { panic!("no snapshot") };
            let begun = state.runs[0].text.clone();
            assert!(!begun.is_empty());
            read_from(&mut events, &begun, sent.run_id).await
        }));
    }

    for viewer in viewers {
        assert_eq!(viewer.await.unwrap(), whole);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stopped_answer_has_said_stays_on_whichever_instance_it_is_stopped() {
    let Talk { app, model, ada, session, mut events } = talk().await;
    let (parts, sent) = begun(&model, &ada, &session, &mut events, "One, two").await;
    let other = app.another(ai(&model)).await;

    let caller =
        api_contract::router().caller(Context::builder(other.state.clone()).header("cookie", &ada.cookie()).build());
    caller.call::<stop>(StopRun { run_id: sent.run_id }).await.unwrap();

    let (_, state, _) = read_to_end(&mut events, "One, two", sent.run_id).await;
    assert_eq!(state, RunState::Cancelled);
    let messages = ada.messages(&session).await;
    assert!(matches!(messages[1].sender, Sender::Assistant { ending: Ending::Stopped, .. }));
    assert_eq!(messages[1].content, "One, two");
    assert!(parts.is_closed(), "the provider goes on");
    // The provider did not say what it used, so it is estimated, and nothing stays set aside.
    let (spent, reserved) = ada.spent().await;
    assert!(spent > 0 && reserved == 0, "{spent} {reserved}");
    assert_eq!(ada.costs().await, (spent, 1));
    // Once more is no error.
    ada.caller().call::<stop>(StopRun { run_id: sent.run_id }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_one_after_the_other_and_one_that_waits_can_be_stopped() {
    let Talk { app: _app, model, ada, session, mut events } = talk().await;
    let parts = model.answer();
    model.says(&["Second."]);
    let first = ada.say(&session, "First?").await;
    let stopped = ada.say(&session, "Never mind").await;
    let second = ada.say(&session, "Second?").await;

    ada.caller().call::<stop>(StopRun { run_id: stopped.run_id }).await.unwrap();
    parts.send(Ok(AnswerPart::Text("First.".into()))).unwrap();
    parts.send(Ok(AnswerPart::End(AnswerEnd::Complete))).unwrap();

    let (_, state, _) = read_to_end(&mut events, "", stopped.run_id).await;
    assert_eq!(state, RunState::Cancelled);
    read_to_end(&mut events, "", first.run_id).await;
    read_to_end(&mut events, "", second.run_id).await;
    let messages = ada.messages(&session).await;
    let said: Vec<&str> = messages.iter().map(|message| message.content.as_str()).collect();
    assert_eq!(said, ["First?", "Never mind", "Second?", "First.", "Second."]);
    let asked = model.asked();
    assert_eq!(asked.len(), 2);
    // The second question comes with all that was said before it, and the system's word first.
    let told: Vec<(Speaker, &str)> =
        asked[1].messages[1..].iter().map(|message| (message.speaker, message.content.as_str())).collect();
    assert_eq!(told[..2], [(Speaker::User, "First?"), (Speaker::User, "Never mind")]);
    assert_eq!(told.last(), Some(&(Speaker::User, "Second?")));
    assert_eq!(asked[1].messages[0].speaker, Speaker::System);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_fails_is_replaced_and_if_both_fail_a_person_reads_why() {
    let Talk { app: _app, model, ada, session, mut events } = talk().await;
    model.fails(ProviderError::RateLimited);
    model.says(&["From the other one."]);

    let sent = ada.say(&session, "When?").await;
    read_to_end(&mut events, "", sent.run_id).await;

    let messages = ada.messages(&session).await;
    assert!(matches!(&messages[1].sender, Sender::Assistant { model, .. } if model == "large"));
    let asked: Vec<String> = model.asked().into_iter().map(|asked| asked.model).collect();
    assert_eq!(asked, ["small", "large"]);

    model.fails(ProviderError::Faulty { status: 503 });
    model.fails(ProviderError::RateLimited);
    let before = ada.costs().await;
    let sent = ada.say(&session, "And now?").await;
    let (text, state, reason) = read_to_end(&mut events, "", sent.run_id).await;
    assert_eq!((text.as_str(), state), ("", RunState::Failed));
    assert_eq!(reason.unwrap(), "the AI provider has too many requests at the moment: try again in a minute");
    assert_eq!(ada.costs().await, before, "a call that was refused costs nothing");
    assert_eq!(ada.spent().await.1, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_model_is_asked_that_the_budget_does_not_allow() {
    let Talk { app: _app, model, ada, session, mut events } = talk().await;
    let (parts, sent) = begun(&model, &ada, &session, &mut events, "One").await;
    let (_, reserved) = ada.spent().await;
    drop(parts);
    read_to_end(&mut events, "One", sent.run_id).await;
    let (spent, _) = ada.spent().await;
    // Enough for the small model twice, and the large one costs ten times as much.
    let limit = u32::try_from(spent + 2 * reserved).unwrap();
    ada.caller().call::<money::set>(SetBudget { limit_micro_usd: Some(limit.into()) }).await.unwrap();
    model.fails(ProviderError::RateLimited);

    let sent = ada.say(&session, "And now?").await;
    let (_, state, reason) = read_to_end(&mut events, "", sent.run_id).await;

    assert_eq!(state, RunState::Failed);
    assert_eq!(reason.unwrap(), "the AI provider has too many requests at the moment: try again in a minute");
    let asked: Vec<String> = model.asked().into_iter().map(|asked| asked.model).collect();
    assert_eq!(asked, ["small", "small"]);
    assert_eq!(ada.spent().await, (spent, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_breaks_off_keeps_what_it_said() {
    let Talk { app: _app, model, ada, session, mut events } = talk().await;
    let parts = model.answer();
    parts.send(Ok(AnswerPart::Text("Half of".into()))).unwrap();
    drop(parts);

    let sent = ada.say(&session, "Tell me").await;
    let (_, state, reason) = read_to_end(&mut events, "", sent.run_id).await;

    assert_eq!(state, RunState::Failed);
    assert_eq!(reason.unwrap(), "the answer of the AI provider was cut off");
    let messages = ada.messages(&session).await;
    assert!(matches!(messages[1].sender, Sender::Assistant { ending: Ending::Failed, .. }));
    assert_eq!(messages[1].content, "Half of");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_an_instance_that_died_is_ended_by_another_and_paid_once() {
    let Talk { app, model, ada, session, mut events } = talk().await;
    let (_parts, sent) = begun(&model, &ada, &session, &mut events, "One, two").await;
    // What was published is saved within a fifth of the lease.
    tokio::time::sleep(Duration::from_millis(600)).await;

    app.die();
    let _other = app.another(ai(&model)).await;

    let (_, state, reason) = read_to_end(&mut events, "One, two", sent.run_id).await;
    assert_eq!(state, RunState::Failed);
    assert_eq!(reason.unwrap(), "the server that wrote this answer stopped in the middle: ask again");
    assert_eq!(ada.messages(&session).await[1].content, "One, two");
    let (spent, reserved) = ada.spent().await;
    assert_eq!((ada.costs().await, reserved), ((spent, 1), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_which_nobody_has_seen_anything_is_begun_anew_when_its_instance_dies() {
    let Talk { app, model, ada, session, mut events } = talk().await;
    let _silent = model.answer();
    let sent = ada.say(&session, "Count").await;
    while model.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    app.die();
    model.says(&["One, two."]);
    let _other = app.another(ai(&model)).await;

    let (text, state, _) = read_to_end(&mut events, "", sent.run_id).await;
    assert_eq!((text.as_str(), state), ("One, two.", RunState::Done));
    assert_eq!((model.asked().len(), ada.costs().await), (2, (COST, 1)));
    assert_eq!(ada.spent().await, (COST, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_ends_its_answers_and_says_why() {
    let Talk { app, model, ada, session, mut events } = talk().await;
    let (_parts, sent) = begun(&model, &ada, &session, &mut events, "One").await;

    app.stop();

    let (_, state, reason) = read_to_end(&mut events, "One", sent.run_id).await;
    assert_eq!(
        (state, reason.unwrap().as_str()),
        (RunState::Failed, "the server was stopped for an update: ask again")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_beyond_the_budget_is_refused_before_anybody_is_asked() {
    let (app, model) = app().await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;
    ada.caller().call::<money::set>(SetBudget { limit_micro_usd: Some(1_000_u32.into()) }).await.unwrap();

    let refused = error(ada.try_say(&session, "When?", Uuid::now_v7()).await.unwrap_err());

    assert_eq!((&refused["kind"], &refused["limitMicroUsd"]), (&json!("BUDGET_EXCEEDED"), &json!(1_000)));
    assert!(ada.messages(&session).await.is_empty());
    assert_eq!((model.asked().len(), ada.spent().await), (0, (0, 0)));
    ada.caller().call::<money::set>(SetBudget { limit_micro_usd: None }).await.unwrap();
    model.says(&["At nine."]);
    ada.say(&session, "When?").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_is_deleted_ends_its_answer_which_is_paid() {
    let Talk { app: _app, model, ada, session, mut events } = talk().await;
    let (parts, _) = begun(&model, &ada, &session, &mut events, "One").await;

    ada.caller().call::<sessions::delete>(sessions::DeleteSession { id: session.id }).await.unwrap();

    while !matches!(next(&mut events).await.data, ChatEvent::Deleted) {}
    timeout(Duration::from_secs(20), parts.closed()).await.expect("the provider goes on");
    let settled = async {
        while ada.spent().await.1 > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(20), settled).await.expect("money stays set aside");
    assert_eq!(ada.costs().await.1, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_see_who_has_the_conversation_open() {
    let (app, _model) = app().await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;

    let mut events = ada.watch(&session, None).await;
    let here = async {
        loop {
            if let ChatEvent::Presence { presence } = events.next().await.unwrap().unwrap().data {
                return presence;
            }
        }
    };
    let here = timeout(Duration::from_secs(20), here).await.unwrap();

    assert!(matches!(here, PresenceEvent::Here { members } if members[0].data.id == ada.account.user.id));
    let list = async || {
        let input = InSession { session_id: session.id };
        ada.caller().call::<api_contract::chat::presence::list>(input).await.unwrap().viewers
    };
    assert_eq!(list().await.len(), 1);
    drop(events);
    assert!(list().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_must_say_something_and_not_too_much() {
    let (app, model) = app().await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;

    for content in ["", "  \n ", "a\0b", &"x".repeat(32_001)] {
        let failure = ada.try_say(&session, content, Uuid::now_v7()).await.unwrap_err();
        assert!(failure.to_string().contains("content"), "{failure}");
    }
    assert!(model.asked().is_empty());
}

/// An app whose limits the test decides.
async fn limited(change: impl FnOnce(&mut AiLimits)) -> (App, Arc<Scripted>) {
    let model = Arc::new(Scripted::default());
    let mut ai = ai(&model);
    change(&mut ai.limits);
    (App::asking(ai).await, model)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_answers_of_a_conversation_wait_than_are_allowed() {
    let (app, model) = limited(|limits| limits.open_runs = 2).await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;
    let _silent = model.answer();
    ada.say(&session, "First?").await;
    ada.say(&session, "Second?").await;

    let refused = error(ada.try_say(&session, "Third?", Uuid::now_v7()).await.unwrap_err());

    assert_eq!(refused, json!({ "kind": "TOO_MANY_RUNS", "limit": 2 }));
    assert_eq!(ada.messages(&session).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn as_much_of_the_conversation_goes_with_a_question_as_is_allowed() {
    let (app, model) = limited(|limits| {
        limits.history_bytes = 20;
        limits.output_tokens = 7;
        limits.system_prompt = "Be kind.".to_owned();
    })
    .await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;
    let mut events = ada.watch(&session, None).await;
    next(&mut events).await;
    for question in ["A question of many bytes", "Short?", "And now?"] {
        model.says(&["Brief."]);
        let sent = ada.say(&session, question).await;
        read_to_end(&mut events, "", sent.run_id).await;
    }

    let last = model.asked().pop().unwrap();

    let told: Vec<&str> = last.messages.iter().map(|message| message.content.as_str()).collect();
    assert_eq!(told, ["Be kind.", "Brief.", "Short?", "Brief.", "And now?"]);
    assert_eq!(last.max_output_tokens, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_takes_too_long_ends_with_what_it_said() {
    let (app, model) = limited(|limits| limits.answer_time = Duration::from_millis(300)).await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;
    let mut events = ada.watch(&session, None).await;
    next(&mut events).await;
    let (parts, sent) = begun(&model, &ada, &session, &mut events, "One").await;

    let (_, state, reason) = read_to_end(&mut events, "One", sent.run_id).await;

    assert_eq!((state, reason.unwrap().as_str()), (RunState::Failed, "the AI provider was silent for too long"));
    assert!(parts.is_closed(), "the provider goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_wait_for_others_as_long_as_is_allowed() {
    let (app, model) = limited(|limits| limits.delta_time = Duration::from_secs(3_600)).await;
    let ada = app.member("ada@example.com").await;
    let session = ada.conversation().await;
    let mut events = ada.watch(&session, None).await;
    next(&mut events).await;
    let parts = model.answer();
    ada.say(&session, "Count").await;
    for word in ["One ", "two ", "three"] {
        parts.send(Ok(AnswerPart::Text(word.to_owned()))).unwrap();
        // Longer than words wait unless it is said.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    parts.send(Ok(AnswerPart::End(AnswerEnd::Complete))).unwrap();

    let delta = loop {
        if let ChatEvent::Delta { text, .. } = next(&mut events).await.data {
            break text;
        }
    };

    assert_eq!(delta, "One two three");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_writes_no_more_answers_at_a_time_than_it_may() {
    let (app, model) = limited(|limits| limits.concurrent_runs = 1).await;
    let ada = app.member("ada@example.com").await;
    let (first, second) = (ada.conversation().await, ada.conversation().await);
    let mut events = ada.watch(&first, None).await;
    next(&mut events).await;
    let (parts, _) = begun(&model, &ada, &first, &mut events, "One").await;
    let mut of_second = ada.watch(&second, None).await;
    next(&mut of_second).await;
    model.says(&["Two."]);

    let sent = ada.say(&second, "And?").await;
    // Longer than the queue is left alone.
    tokio::time::sleep(Duration::from_millis(1_300)).await;
    assert_eq!(model.asked().len(), 1);
    parts.send(Ok(AnswerPart::End(AnswerEnd::Complete))).unwrap();

    assert_eq!(read_to_end(&mut of_second, "", sent.run_id).await.0, "Two.");
}
