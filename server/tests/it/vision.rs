//! Questions about images, over HTTP to a scripted provider.

use std::io::Cursor;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Request, header};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use crate::{
    account::Account,
    client::{Answer, full, send},
    process::Server,
    scripted::{Script, Scripted, Step, text},
};

/// A server with a provider, somebody who is signed in, and a conversation.
struct Scene {
    provider: Scripted,
    // Stops when it is dropped.
    _server: Server,
    account: Account,
    session: Value,
}

impl Scene {
    async fn new(variables: &[(&str, &str)]) -> Self {
        let provider = Scripted::start().await;
        let url = provider.url();
        let always = [("OPENAI_BASE_URL", url.as_str()), ("OPENAI_API_KEY", "sk"), ("TINTYPE_AI_RETRIES", "0")];
        let server = Server::start_with(&[&always[..], variables].concat()).await;
        let account = Account::register(server.address, "ada@example.com").await;
        let session = account.mutate("chat.sessions.create", &json!({})).await.data()["id"].clone();
        Self { provider, _server: server, account, session }
    }

    async fn ask(&self, prompt: &str, file: &[u8]) -> Answer {
        ask(&self.account, &self.session, prompt, Some(file)).await
    }

    /// What the workspace has spent and set aside.
    async fn money(&self) -> (Value, Value) {
        let budget = self.account.query("budget.get", None).await.data();
        (budget["spentMicroUsd"].clone(), budget["reservedMicroUsd"].clone())
    }
}

async fn ask(account: &Account, session: &Value, prompt: &str, file: Option<&[u8]>) -> Answer {
    let mut body = Vec::new();
    for (name, value) in [("sessionId", session.as_str().unwrap()), ("prompt", prompt)] {
        let field = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(field.as_bytes());
    }
    if let Some(file) = file {
        // What the client says of it is not believed.
        let head = "--edge\r\ncontent-disposition: form-data; name=\"image\"; filename=\"notes.txt\"\r\n\
                    content-type: text/plain\r\n\r\n";
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    let request = Request::post("/trpc/ai.analyzeVision")
        .header(header::COOKIE, &account.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    send(account.address, request.body(full(body)).unwrap()).await
}

/// A screen with a window at `x`.
fn screen(x: u32) -> RgbImage {
    RgbImage::from_fn(1_600, 1_000, |column, row| {
        let is_window = (x..x + 300).contains(&column) && (200..600).contains(&row);
        Rgb(if is_window { [20, 20, 20] } else { [230, 230, 240] })
    })
}

fn encoded(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn kind(answer: &Answer) -> (u16, Value) {
    (answer.status.as_u16(), answer.json()["error"]["data"]["error"]["kind"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_looked_at_made_small_and_paid_for() {
    let scene = Scene::new(&[]).await;
    scene.provider.says(&["A dark ", "window."]);

    let answer = scene.ask("What is there?", &encoded(&screen(100), ImageFormat::WebP)).await.data();

    // 1,000 tokens in, 200 of them from the cache, and 100 out, with the prices of gpt-4.1-mini.
    assert_eq!(
        answer,
        json!({
            "analysis": "A dark window.", "provider": "openai", "model": "gpt-4.1-mini",
            "usage": { "inputTokens": 1_000, "outputTokens": 100, "isEstimate": false },
            "costMicroUsd": 500, "reused": false,
        })
    );
    assert_eq!(scene.money().await, (json!(500), json!(0)));
    let costs = json!({ "startDate": "2026-01-01", "endDate": "2027-12-31", "groupBy": "service" });
    let costs = scene.account.query("analytics.getCostMetrics", Some(&costs)).await.data();
    assert_eq!(costs["series"][0]["key"], "vision");
    let (request, _) = scene.provider.requests().remove(0);
    assert_eq!((&request["model"], &request["max_completion_tokens"]), (&json!("gpt-4.1-mini"), &json!(500)));
    let content = &request["messages"][0]["content"];
    assert_eq!(content[0], json!({ "type": "text", "text": "What is there?" }));
    let url = content[1]["image_url"]["url"].as_str().unwrap();
    let jpeg = STANDARD.decode(url.strip_prefix("data:image/jpeg;base64,").unwrap()).unwrap();
    let shown = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap();
    assert_eq!((shown.width(), shown.height()), (1_229, 768));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_shows_the_same_is_answered_for_nothing() {
    let scene = Scene::new(&[]).await;
    let ask = async |prompt: &str, image: &RgbImage, format| {
        let answer = scene.ask(prompt, &encoded(image, format)).await.data();
        (answer["analysis"].clone(), answer["reused"].clone(), answer["costMicroUsd"].clone())
    };
    scene.provider.says(&["first"]);
    assert_eq!(ask("What?", &screen(100), ImageFormat::Png).await, (json!("first"), json!(false), json!(500)));

    // In another format, as a camera or a codec would have it.
    assert_eq!(ask("What?", &screen(100), ImageFormat::Jpeg).await, (json!("first"), json!(true), json!(0)));

    for (prompt, x, said) in [("Where?", 100, "other question"), ("Where?", 700, "other picture")] {
        scene.provider.says(&[said]);
        assert_eq!(ask(prompt, &screen(x), ImageFormat::Png).await, (json!(said), json!(false), json!(500)));
    }
    assert_eq!(ask("Where?", &screen(700), ImageFormat::Png).await.1, json!(true));
    assert_eq!(scene.provider.requests().len(), 3);
    assert_eq!(scene.money().await, (json!(1_500), json!(0)));

    // Another conversation has its own frames.
    let session = scene.account.mutate("chat.sessions.create", &json!({})).await.data()["id"].clone();
    scene.provider.says(&["elsewhere"]);
    let file = encoded(&screen(700), ImageFormat::Png);
    let elsewhere = self::ask(&scene.account, &session, "Where?", Some(&file)).await.data();
    assert_eq!(elsewhere["analysis"], "elsewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_usable_image_is_refused_before_anybody_is_asked() {
    let scene = Scene::new(&[("TINTYPE_IMAGE_BYTES", "200000"), ("TINTYPE_IMAGE_PIXELS", "2000000")]).await;
    let whole = encoded(&screen(100), ImageFormat::Png);
    let large = encoded(&RgbImage::new(2_000, 1_001), ImageFormat::Png);
    let noise =
        RgbImage::from_fn(500, 500, |x, y| Rgb([(x * y % 251) as u8, (x * 7 % 253) as u8, (y * 13 % 247) as u8]));
    let heavy = encoded(&noise, ImageFormat::Bmp);

    let refused = async |file: &[u8]| kind(&scene.ask("What?", file).await);
    assert_eq!(refused(b"").await, (415, json!("UNSUPPORTED_IMAGE")));
    assert_eq!(refused(b"<svg onload=alert(1)>").await, (415, json!("UNSUPPORTED_IMAGE")));
    assert_eq!(refused(&encoded(&RgbImage::new(9, 9), ImageFormat::Bmp)).await, (415, json!("UNSUPPORTED_IMAGE")));
    assert_eq!(refused(&large).await, (413, json!("IMAGE_TOO_LARGE")));
    assert_eq!(refused(&heavy).await, (413, json!("IMAGE_TOO_HEAVY")));
    assert_eq!(refused(&whole[..whole.len() / 2]).await, (422, json!("BROKEN_IMAGE")));
    assert_eq!(kind(&ask(&scene.account, &scene.session, "What?", None).await), (400, json!("NO_IMAGE")));
    for prompt in ["", " \t ", &"x".repeat(4_001)] {
        let answer = scene.ask(prompt, &whole).await;
        assert_eq!(answer.json()["error"]["data"]["validation"][0]["path"], json!(["prompt"]), "{}", answer.text);
    }
    let nowhere = json!("01990000-0000-7000-8000-000000000000");
    let answer = ask(&scene.account, &nowhere, "What?", Some(&whole)).await;
    assert_eq!(kind(&answer), (404, json!("SESSION_NOT_FOUND")));

    assert_eq!(scene.provider.requests().len(), 0);
    assert_eq!(scene.money().await, (json!(0), json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_is_named_and_paid_only_for_what_it_may_have_done() {
    let scene = Scene::new(&[("TINTYPE_AI_SILENCE_MS", "300"), ("TINTYPE_AI_FAILURES", "100")]).await;
    let file = encoded(&screen(100), ImageFormat::Png);
    let failed = async |script: Script| {
        scene.provider.next(script);
        let answer = scene.ask("What?", &file).await;
        assert_eq!(kind(&answer), (502, json!("PROVIDER_FAILED")), "{}", answer.text);
        answer.json()["error"]["data"]["error"]["reason"].as_str().unwrap().to_owned()
    };

    assert!(failed(Script::Status(500, String::new(), None)).await.contains("status 500"));
    assert!(failed(Script::Status(401, String::new(), None)).await.contains("OPENAI_API_KEY"));
    assert_eq!(scene.money().await, (json!(0), json!(0)));
    // It has begun to answer, and nobody knows how far it came: what was set aside is taken.
    assert!(failed(Script::Stream(vec![text("A da"), Step::Cut])).await.contains("cut off"));
    let (spent, reserved) = scene.money().await;
    assert_eq!(reserved, json!(0));
    assert!(spent.as_u64().unwrap() > 0);
    assert!(failed(Script::Stream(vec![Step::Stall])).await.contains("silent"));

    // Nothing of it is remembered as an answer.
    scene.provider.says(&["well"]);
    assert_eq!(scene.ask("What?", &file).await.data()["reused"], json!(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_that_does_not_suffice_refuses_before_anybody_is_asked() {
    let scene = Scene::new(&[]).await;
    scene.account.mutate("budget.set", &json!({ "limitMicroUsd": 1_000 })).await.data();

    let answer = scene.ask("What?", &encoded(&screen(100), ImageFormat::Png)).await;

    assert_eq!(kind(&answer), (402, json!("BUDGET_EXCEEDED")));
    assert_eq!(scene.provider.requests().len(), 0);
    assert_eq!(scene.money().await, (json!(0), json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_model_that_looks_says_so() {
    let server = Server::start().await;
    let account = Account::register(server.address, "ada@example.com").await;
    let session = account.mutate("chat.sessions.create", &json!({})).await.data()["id"].clone();

    let answer = ask(&account, &session, "What?", Some(&encoded(&screen(1), ImageFormat::Png))).await;

    assert_eq!(kind(&answer), (412, json!("VISION_NOT_CONFIGURED")));
}
