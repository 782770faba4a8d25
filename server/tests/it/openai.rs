//! Answers of a provider over real HTTP, whatever the provider does.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

use api_contract::providers::{
    AnswerEnd, AnswerPart, AnswerRequest, Assistant, PromptMessage, ProviderError, Speaker, Usage,
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use server::openai::{OpenAi, OpenAiOptions};
use socket2::{Domain, Socket, Type};
use tokio::time::timeout;

use crate::{
    account::Account,
    process::Server,
    scripted::{Script, Scripted, Step, done, end, text, usage},
};

/// Times that no test waits for in vain.
fn options(provider: &Scripted) -> OpenAiOptions {
    OpenAiOptions {
        retry_delay: Duration::from_millis(1),
        silence: Duration::from_millis(300),
        api_key: Some("sk-secret".into()),
        ..OpenAiOptions::new(provider.url().parse().unwrap())
    }
}

fn request() -> AnswerRequest {
    let message = |speaker, content: &str| PromptMessage { speaker, content: content.to_owned() };
    AnswerRequest {
        model: "small".into(),
        messages: vec![message(Speaker::System, "Be brief."), message(Speaker::User, "When?")],
        passages: Vec::new(),
        max_output_tokens: 77,
    }
}

/// The text, what else came, and the error if there was one.
async fn ask(provider: &OpenAi) -> (String, Vec<AnswerPart>, Option<ProviderError>) {
    let mut parts = provider.answer(request());
    let (mut said, mut others) = (String::new(), Vec::new());
    loop {
        let part = timeout(Duration::from_secs(20), parts.next()).await.expect("the answer hangs");
        match part {
            None => return (said, others, None),
            Some(Ok(AnswerPart::Text(text))) => said.push_str(&text),
            Some(Ok(other)) => others.push(other),
            Some(Err(error)) => {
                assert!(parts.next().await.is_none(), "it goes on after {error:?}");
                return (said, others, Some(error));
            }
        }
    }
}

async fn error_of(script: Script) -> ProviderError {
    let scripted = Scripted::start().await;
    scripted.next(script);
    let provider = OpenAi::new(OpenAiOptions { retries: 0, ..options(&scripted) }).unwrap();
    ask(&provider).await.2.expect("the answer is complete")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_in_its_order_with_what_it_used() {
    let scripted = Scripted::start().await;
    scripted.says(&["It opens ", "at nine 🕘", "."]);
    let provider = OpenAi::new(options(&scripted)).unwrap();

    let (said, others, error) = ask(&provider).await;

    assert_eq!((said.as_str(), error), ("It opens at nine 🕘.", None));
    let used = Usage { input_tokens: 1_000, cached_tokens: 200, output_tokens: 100 };
    assert_eq!(others, [AnswerPart::Usage(used), AnswerPart::End(AnswerEnd::Complete)]);
    let (body, key) = scripted.requests().remove(0);
    assert_eq!(key.as_deref(), Some("Bearer sk-secret"));
    assert_eq!(
        (&body["model"], &body["max_completion_tokens"], &body["stream"]),
        (&json!("small"), &json!(77), &json!(true))
    );
    assert_eq!(body["stream_options"]["include_usage"], true);
    assert_eq!(body["messages"][0], json!({ "role": "system", "content": "Be brief." }));
}

#[tokio::test(flavor = "multi_thread")]
async fn characters_that_arrive_in_pieces_are_whole_and_comments_are_not_text() {
    let scripted = Scripted::start().await;
    let Step::Bytes(bytes) = text("Ключ 🔑") else { unreachable!() };
    let pieces = bytes.chunks(3).flat_map(|piece| [Step::Bytes(piece.to_vec()), Step::Pause(Duration::from_millis(1))]);
    let comment = Step::Bytes(b": keep-alive\n\n".to_vec());
    scripted.next(Script::Stream([comment].into_iter().chain(pieces).chain([end("length"), done()]).collect()));

    let (said, others, error) = ask(&OpenAi::new(options(&scripted)).unwrap()).await;

    assert_eq!((said.as_str(), error), ("Ключ 🔑", None));
    assert_eq!(others, [AnswerPart::End(AnswerEnd::Length)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_provider_does_has_a_reason_that_a_person_can_read() {
    let stream = |steps: Vec<Step>| Script::Stream(steps);
    let refused = json!({ "error": { "message": "the context is too long" } }).to_string();
    let error = error_of(Script::Status(400, refused, None)).await;
    assert_eq!(error.to_string(), "the AI provider refused the request: the context is too long");
    assert_eq!(
        error_of(Script::Status(404, "<html>".into(), None)).await,
        ProviderError::Refused { reason: "status 404".into() }
    );
    assert_eq!(
        error_of(Script::Status(401, String::new(), None)).await,
        ProviderError::Unauthorized { setting: "OPENAI_API_KEY" }
    );
    assert_eq!(error_of(Script::Status(429, String::new(), None)).await, ProviderError::RateLimited);
    assert_eq!(error_of(Script::Status(503, String::new(), None)).await, ProviderError::Faulty { status: 503 });
    // A redirect would take the key elsewhere.
    assert!(matches!(error_of(Script::Status(307, String::new(), None)).await, ProviderError::Refused { .. }));
    assert_eq!(error_of(stream(vec![text("Half"), Step::Cut])).await, ProviderError::CutOff);
    // It ends as if all were well, and never said that it is at its end.
    assert_eq!(error_of(stream(vec![text("Half"), done()])).await, ProviderError::CutOff);
    assert_eq!(error_of(stream(vec![text("Half")])).await, ProviderError::CutOff);
    assert!(matches!(error_of(stream(vec![text("Half"), Step::Stall])).await, ProviderError::TimedOut { .. }));
    for garbage in [&b"data: {\"choices\":[{]\n\n"[..], b"data: \xff\xfe\n\n", b"data: 7\n\n"] {
        let error = error_of(stream(vec![text("Half"), Step::Bytes(garbage.to_vec())])).await;
        assert!(matches!(error, ProviderError::Nonsense { .. }), "{error:?}");
    }
    let in_the_middle = Step::Bytes(b"data: {\"error\":{\"message\":\"out of memory\"}}\n\n".to_vec());
    assert_eq!(error_of(stream(vec![in_the_middle])).await, ProviderError::Refused { reason: "out of memory".into() });
    // An event that never ends does not fill the memory.
    let endless = error_of(stream(vec![Step::Forever(vec![b'x'; 64 * 1024])])).await;
    assert!(matches!(endless, ProviderError::Nonsense { .. }), "{endless:?}");

    let nobody = OpenAiOptions { retries: 0, ..OpenAiOptions::new("http://127.0.0.1:1/v1".parse().unwrap()) };
    let (_, _, error) = ask(&OpenAi::new(nobody).unwrap()).await;
    assert!(matches!(error, Some(ProviderError::Unreachable { .. })), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passing_refusal_is_tried_again_and_an_answer_that_has_begun_is_not() {
    let scripted = Scripted::start().await;
    scripted.next(Script::Status(429, String::new(), Some(0)));
    scripted.next(Script::Status(500, String::new(), None));
    scripted.says(&["At nine."]);
    scripted.next(Script::Stream(vec![text("Half"), Step::Cut]));
    scripted.next(Script::Status(429, String::new(), Some(3_600)));
    let provider = OpenAi::new(options(&scripted)).unwrap();

    assert_eq!(ask(&provider).await.0, "At nine.");
    assert_eq!(scripted.requests().len(), 3);
    assert_eq!(ask(&provider).await.2, Some(ProviderError::CutOff));
    assert_eq!(scripted.requests().len(), 4);
    assert_eq!(ask(&provider).await.2, Some(ProviderError::RateLimited), "nobody waits for an hour");
    assert_eq!(scripted.requests().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_long_for_a_connection() {
    // Nobody accepts, and a place in the queue is all that there is: further connections are not answered.
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let mut queue = Vec::new();
    while let Ok(waiting) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
        queue.push(waiting);
    }
    let provider = OpenAi::new(OpenAiOptions {
        connect_time: Duration::from_millis(50),
        silence: Duration::from_secs(3_600),
        retries: 0,
        ..OpenAiOptions::new(format!("http://{address}/v1").parse().unwrap())
    });

    let (_, _, error) = timeout(Duration::from_secs(60), ask(&provider.unwrap())).await.expect("it gives up");

    assert!(matches!(error, Some(ProviderError::Unreachable { .. })), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_reading_is_noticed_by_the_provider_at_once() {
    let scripted = Scripted::start().await;
    scripted.next(Script::Stream(vec![text("One"), Step::Stall]));
    let provider = OpenAi::new(OpenAiOptions { silence: Duration::from_secs(60), ..options(&scripted) }).unwrap();
    let mut parts = provider.answer(request());
    assert_eq!(parts.next().await, Some(Ok(AnswerPart::Text("One".into()))));

    drop(parts);

    scripted.left(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_again_and_again_is_given_a_rest() {
    let scripted = Scripted::start().await;
    for _ in 0..2 {
        scripted.next(Script::Status(500, String::new(), None));
    }
    let calm = OpenAiOptions { retries: 0, failures: 2, rest: Duration::from_millis(200), ..options(&scripted) };
    let provider = OpenAi::new(calm).unwrap();
    for _ in 0..2 {
        assert_eq!(ask(&provider).await.2, Some(ProviderError::Faulty { status: 500 }));
    }

    assert!(matches!(ask(&provider).await.2, Some(ProviderError::Resting { .. })));
    assert_eq!(scripted.requests().len(), 2);
    scripted.says(&["Back."]);
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert_eq!(ask(&provider).await.0, "Back.");
}

/// The server as it is deployed: configured by its environment, called over HTTP.
#[tokio::test(flavor = "multi_thread")]
async fn a_configured_model_answers_and_its_costs_are_those_of_the_price_list() {
    let scripted = Scripted::start().await;
    let url = scripted.url();
    let server = Server::start_with(&[("OPENAI_BASE_URL", &url), ("OPENAI_API_KEY", "sk-secret")]).await;
    let ada = Account::register(server.address, "ada@example.com").await;
    let session = ada.mutate("chat.sessions.create", &json!({})).await.data();
    scripted.next(Script::Status(500, String::new(), None));
    scripted.next(Script::Stream(vec![text("At "), text("nine."), end("stop"), usage(1_000, 200, 100), done()]));

    let question = json!({
        "sessionId": session["id"],
        "content": "When does it open?",
        "clientMessageId": "01990000-0000-7000-8000-000000000000",
    });
    let sent = ada.mutate("chat.sendMessage", &question).await.data();

    let history = json!({ "sessionId": session["id"] });
    let answer = loop {
        let page = ada.query("chat.history", Some(&history)).await.data();
        if let Some(answer) = page["items"].get(1) {
            break answer.clone();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((&answer["content"], &answer["runId"]), (&json!("At nine."), &sent["runId"]));
    assert_eq!((&answer["provider"], &answer["model"]), (&json!("openai"), &json!("gpt-4.1-mini")));
    // 800 fresh tokens at 0.40, 200 cached ones at 0.10, and 100 at 1.60 dollars for a million.
    let budget = ada.query("budget.get", None).await.data();
    let cost = 320 + 20 + 160;
    assert_eq!(budget, json!({ "limitMicroUsd": null, "spentMicroUsd": cost, "reservedMicroUsd": 0 }));
    let (body, _) = scripted.requests().pop().unwrap();
    let roles: Vec<&Value> = body["messages"].as_array().unwrap().iter().map(|message| &message["role"]).collect();
    assert_eq!(roles, ["system", "user"]);
}
