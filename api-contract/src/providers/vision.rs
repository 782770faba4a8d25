use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{ProviderError, Usage};

/// Says what is to be seen in an image.
pub trait Vision: Send + Sync + 'static {
    /// Who looks, as it is recorded beside costs.
    fn provider(&self) -> &str;

    /// Looks at an image; dropping the future cancels the call.
    fn analyze(&self, request: VisionRequest) -> BoxFuture<'static, Result<VisionAnswer, ProviderError>>;
}

/// What is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisionRequest {
    /// The model, by the provider's name for it.
    pub model: String,
    /// What is asked about the image.
    pub prompt: String,
    /// The image in its file format.
    pub image: Bytes,
    /// The format.
    pub image_type: ImageType,
    /// Most tokens of the answer.
    pub max_output_tokens: u32,
}

/// Format of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageType {
    /// `image/jpeg`.
    Jpeg,
    /// `image/png`.
    Png,
    /// `image/webp`.
    WebP,
}

impl ImageType {
    /// The media type, for example `image/png`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// What is to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisionAnswer {
    /// The answer.
    pub text: String,
    /// What the call used, if the provider said it.
    pub usage: Option<Usage>,
}
