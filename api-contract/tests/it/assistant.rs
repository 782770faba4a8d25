//! A model whose every word the test decides.

use std::sync::{Arc, Mutex};

use api_contract::{
    ai::{Ai, AiLimits, Models},
    knowledge::Knowledge,
    money::{Price, PriceTable},
    providers::{
        AnswerEnd, AnswerPart, AnswerRequest, Assistant, ProviderError, Providers, Usage, Vision, VisionAnswer,
        VisionRequest,
    },
    vision::VisionLimits,
};
use futures_util::{StreamExt, future::BoxFuture, stream::BoxStream};
use tokio::sync::mpsc;

/// A part of an answer, or why there is no more.
pub(crate) type Part = Result<AnswerPart, ProviderError>;

/// Gives answers that are prepared, in their order.
#[derive(Default)]
pub(crate) struct Scripted {
    answers: Mutex<Vec<mpsc::UnboundedReceiver<Part>>>,
    asked: Mutex<Vec<AnswerRequest>>,
}

impl Scripted {
    /// Prepares the next answer, which goes on as long as what is returned lives.
    pub(crate) fn answer(&self) -> mpsc::UnboundedSender<Part> {
        let (parts, answer) = mpsc::unbounded_channel();
        self.answers.lock().unwrap().push(answer);
        parts
    }

    /// Prepares a whole answer.
    pub(crate) fn says(&self, words: &[&str]) {
        let parts = self.answer();
        words.iter().for_each(|word| parts.send(Ok(AnswerPart::Text((*word).to_owned()))).unwrap());
        parts.send(Ok(AnswerPart::Usage(USED))).unwrap();
        parts.send(Ok(AnswerPart::End(AnswerEnd::Complete))).unwrap();
    }

    /// Prepares a call that fails at once.
    pub(crate) fn fails(&self, error: ProviderError) {
        self.answer().send(Err(error)).unwrap();
    }

    /// What it was asked.
    pub(crate) fn asked(&self) -> Vec<AnswerRequest> {
        self.asked.lock().unwrap().clone()
    }
}

impl Assistant for Scripted {
    fn provider(&self) -> &str {
        "scripted"
    }

    fn answer(&self, request: AnswerRequest) -> BoxStream<'static, Part> {
        self.asked.lock().unwrap().push(request);
        let mut answer = self.answers.lock().unwrap().remove(0);
        futures_util::stream::poll_fn(move |cx| answer.poll_recv(cx)).boxed()
    }
}

/// What a prepared answer uses: 1,000 tokens in and 100 out.
pub(crate) const USED: Usage = Usage { input_tokens: 1_000, cached_tokens: 0, output_tokens: 100 };

/// What that costs with the small model, in micro-dollars.
pub(crate) const COST: u64 = 1_200;

/// AI with this model; a lease is short, so that tests of dead instances are.
pub(crate) fn ai(assistant: &Arc<Scripted>) -> Ai {
    let small = Price { input: 1_000_000, cached_input: 500_000, output: 2_000_000, image_tokens: 0 };
    let large = Price { input: 10_000_000, ..small };
    Ai {
        providers: Providers { assistant: Arc::clone(assistant) as Arc<dyn Assistant>, vision: None, embedder: None },
        models: Models { small: "small".into(), large: "large".into(), vision: None, embedding: None },
        prices: Arc::new(PriceTable::new("of the test", [("small".into(), small), ("large".into(), large)])),
        limits: AiLimits { lease: std::time::Duration::from_millis(1_000), ..AiLimits::default() },
        vision: VisionLimits::default(),
        knowledge: Knowledge::default(),
    }
}

/// AI without a model for answers, and with one that looks at images and that nobody may ask.
pub(crate) fn looking() -> Ai {
    let mut ai = Ai::without_model();
    ai.providers.vision = Some(Arc::new(Unasked));
    ai.models.vision = Some("eyes".into());
    ai
}

struct Unasked;

impl Vision for Unasked {
    fn provider(&self) -> &str {
        "unasked"
    }

    fn analyze(&self, request: VisionRequest) -> BoxFuture<'static, Result<VisionAnswer, ProviderError>> {
        panic!("it was asked {:?}", request.prompt)
    }
}
