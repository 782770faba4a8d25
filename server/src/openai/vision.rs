//! Questions about images.

use api_contract::providers::{AnswerPart, ProviderError, Vision, VisionAnswer, VisionRequest};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::{FutureExt, StreamExt, future::BoxFuture};
use serde_json::json;

use super::{OpenAi, TokenLimit, answers};

/// Longest answer, in bytes: a server that never ends one must not fill the memory.
const ANSWER_BYTES: usize = 256 * 1024;

impl Vision for OpenAi {
    fn provider(&self) -> &str {
        "openai"
    }

    fn analyze(&self, request: VisionRequest) -> BoxFuture<'static, Result<VisionAnswer, ProviderError>> {
        let provider = self.clone();
        let asking = async move {
            let body = body(&request, provider.0.options.token_limit);
            let response = provider.call(&provider.0.completions, &body).await?;
            let mut parts = Box::pin(answers::parts(provider, response));
            let (mut text, mut usage) = (String::new(), None);
            while let Some(part) = parts.next().await {
                match part? {
                    AnswerPart::Text(more) if text.len() + more.len() > ANSWER_BYTES => {
                        let detail = format!("an answer of more than {ANSWER_BYTES} bytes");
                        return Err(ProviderError::Nonsense { detail });
                    }
                    AnswerPart::Text(more) => text.push_str(&more),
                    AnswerPart::Usage(used) => usage = Some(used),
                    AnswerPart::End(_) => break,
                }
            }
            Ok(VisionAnswer { text, usage })
        };
        asking.boxed()
    }
}

fn body(request: &VisionRequest, limit: TokenLimit) -> serde_json::Value {
    let url = format!("data:{};base64,{}", request.image_type.media_type(), STANDARD.encode(&request.image));
    json!({
        "model": request.model,
        "messages": [{
            "role": "user",
            "content": [
                { "type": "text", "text": request.prompt },
                { "type": "image_url", "image_url": { "url": url, "detail": "high" } },
            ],
        }],
        limit.name(): request.max_output_tokens,
        "stream": true,
        "stream_options": { "include_usage": true },
    })
}
