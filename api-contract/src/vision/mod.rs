//! Questions about images.
//!
//! An image is read, made as small as models see it and encoded anew, so nothing that a camera wrote into it leaves the
//! server.
//! A frame that shows the same as the last one about which the same was asked is answered with the same words, and
//! costs nothing.

mod frames;
mod image;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use db::{
    ChatSessionId, DbError, ReservationId,
    chat::sessions,
    money::{Budget, Exceeded, Service},
    vision::{self, Frame},
};
use garde::Validate;
use tintype::{Form, prelude::*, wire::SafeUint};
use tokio::sync::Semaphore;

pub use self::frames::{FrameDetection, FrameSignature};
use self::image::{Prepared, Unusable, prepare};
use crate::{
    AppState,
    auth::Session,
    money::{self, Call, Refused, Used, at_most_tokens, to_wire},
    providers::{ImageType, ProviderError, Usage, Vision, VisionRequest},
    text::{not_blank, storable},
    upload::{NoUpload, first_file},
};

/// What a question about an image may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisionLimits {
    /// Largest file; 10 MiB by default.
    pub image_bytes: usize,
    /// Most pixels; 40 million by default.
    pub image_pixels: u64,
    /// Most tokens of an answer; 500 by default.
    pub output_tokens: u32,
    /// Longest time for an answer; a minute by default.
    pub answer_time: Duration,
    /// Images that are read at the same time, each with up to 640 MB; the number of cores by default, at most 2.
    pub concurrent_images: usize,
    /// How a frame is compared with the one before.
    pub detection: FrameDetection,
}

impl Default for VisionLimits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            image_bytes: 10 * 1024 * 1024,
            image_pixels: 40_000_000,
            output_tokens: 500,
            answer_time: Duration::from_secs(60),
            concurrent_images: cores.min(2),
            detection: FrameDetection::Grid,
        }
    }
}

/// The images that are being read. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Images(Arc<Semaphore>);

impl Images {
    pub(crate) fn new(limits: &VisionLimits) -> Self {
        Self(Arc::new(Semaphore::new(limits.concurrent_images.clamp(1, Semaphore::MAX_PERMITS))))
    }

    /// Reads an image on a thread of its own, when one of the places is free.
    async fn prepare(&self, bytes: Bytes, limits: &VisionLimits) -> Result<(Prepared, FrameSignature), Unusable> {
        let _place = self.0.acquire().await.expect("the semaphore is never closed");
        let (most_pixels, detection) = (limits.image_pixels, limits.detection);
        let read = move || {
            let prepared = prepare(&bytes, most_pixels)?;
            let signature = FrameSignature::of(&prepared.pixels, detection);
            Ok((prepared, signature))
        };
        // A decoder that panics has met an image that nobody thought of.
        let broken = |_| Err(Unusable::Broken { reason: "it cannot be decoded".to_owned() });
        tokio::task::spawn_blocking(read).await.unwrap_or_else(broken)
    }
}

/// A question about an image, which follows as a file.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub struct VisionQuestion {
    /// The conversation to which it belongs.
    #[garde(skip)]
    pub session_id: ChatSessionId,
    /// What is asked, 1 to 4,000 characters.
    #[garde(length(chars, min = 1, max = 4_000), custom(not_blank), custom(storable))]
    pub prompt: String,
}

/// What is to be seen in an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VisionAnalysis {
    /// The answer.
    pub analysis: String,
    /// Who looked.
    pub provider: String,
    /// The model.
    pub model: String,
    /// What was used for it.
    pub usage: VisionUsage,
    /// What it cost, in micro-dollars; `null` if the model has no price.
    pub cost_micro_usd: Option<SafeUint>,
    /// Whether the image shows the same as the last one, and this is the answer about that one.
    pub reused: bool,
}

/// What an answer about an image has used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VisionUsage {
    /// Tokens that went in, those of the image included.
    pub input_tokens: SafeUint,
    /// Tokens that came out.
    pub output_tokens: SafeUint,
    /// Whether the provider did not say it, and this is an estimate.
    pub is_estimate: bool,
}

/// Why an image was not analysed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum VisionError {
    /// No model is configured that looks at images.
    #[error("no model looks at images here: an administrator can set OPENAI_API_KEY and TINTYPE_VISION_MODEL")]
    #[code(PRECONDITION_FAILED)]
    VisionNotConfigured,
    /// The workspace has no such conversation.
    #[error("no conversation {id} in this workspace")]
    #[code(NOT_FOUND)]
    SessionNotFound {
        /// The id that was asked for.
        id: ChatSessionId,
    },
    /// The form has no file.
    #[error("there is no image: send it as a file, after the fields")]
    #[code(BAD_REQUEST)]
    NoImage,
    /// The file is too large.
    #[error("the image has more than {limit_bytes} bytes: send a smaller one")]
    #[code(PAYLOAD_TOO_LARGE)]
    ImageTooHeavy {
        /// Most bytes.
        limit_bytes: SafeUint,
    },
    /// The image has too many pixels.
    #[error("the image has {width} x {height} pixels, and {limit_pixels} are the most: send a smaller one")]
    #[code(PAYLOAD_TOO_LARGE)]
    ImageTooLarge {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// Most pixels.
        limit_pixels: SafeUint,
    },
    /// The file is no PNG, JPEG or WebP, whatever its name says.
    #[error("the file is no PNG, JPEG or WebP: convert it to one of them")]
    #[code(UNSUPPORTED_MEDIA_TYPE)]
    UnsupportedImage {
        /// What it is, where that is known, for example `gif`.
        found: Option<String>,
    },
    /// The image is cut off or damaged.
    #[error("the image cannot be read: {reason}")]
    #[code(UNPROCESSABLE_CONTENT)]
    BrokenImage {
        /// What is wrong with it.
        reason: String,
    },
    /// The answer could cost more than the month's budget leaves.
    #[error(
        "the answer may cost more than this month's budget leaves: an owner can raise the limit, or wait for next month"
    )]
    #[code(PAYMENT_REQUIRED)]
    BudgetExceeded {
        /// The most that the answer may cost, in micro-dollars.
        needed_micro_usd: SafeUint,
        /// The limit of the month, in micro-dollars.
        limit_micro_usd: SafeUint,
        /// What is spent of it, in micro-dollars.
        spent_micro_usd: SafeUint,
        /// What is set aside for answers under way, in micro-dollars.
        reserved_micro_usd: SafeUint,
    },
    /// Whoever looks did not answer.
    #[error("{reason}")]
    #[code(BAD_GATEWAY)]
    ProviderFailed {
        /// Why, for a person.
        reason: String,
    },
    /// The form did not arrive as it should.
    #[error("{reason}")]
    #[code(BAD_REQUEST)]
    BrokenForm {
        /// What is wrong with it.
        reason: String,
    },
    /// The database failed.
    #[error("the image could not be analysed")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
}

/// Says what is to be seen in an image, which is sent as the file of a form.
#[mutation]
pub async fn analyze_vision(
    session: Session,
    state: State<AppState>,
    input: Form<VisionQuestion>,
) -> Result<VisionAnalysis, VisionError> {
    let Form { fields: question, entries } = input;
    let state = state.0;
    let ai = state.ai();
    let (Some(vision), Some(model)) = (&ai.providers.vision, &ai.models.vision) else {
        return Err(VisionError::VisionNotConfigured);
    };
    let db = session.db(&state);
    if !sessions::exists(&db, question.session_id).await? {
        return Err(VisionError::SessionNotFound { id: question.session_id });
    }
    let limits = &ai.vision;
    let image = first_file(entries, limits.image_bytes).await.map_err(|none| match none {
        NoUpload::Missing => VisionError::NoImage,
        NoUpload::TooLarge => VisionError::ImageTooHeavy { limit_bytes: count(limits.image_bytes as u64) },
        NoUpload::Broken { reason } => VisionError::BrokenForm { reason },
    })?;
    let (prepared, signature) =
        state.images().prepare(image.bytes, limits).await.map_err(|error| unusable(error, limits))?;

    let last = vision::last(&db, question.session_id).await?;
    let is_same = |last: &Frame| {
        last.prompt == question.prompt
            && last.model == *model
            && FrameSignature::from_bytes(&last.signature).is_some_and(|last| last.shows_the_same_as(&signature))
    };
    if let Some(last) = last.filter(is_same) {
        return Ok(VisionAnalysis {
            analysis: last.analysis,
            provider: last.provider,
            model: last.model,
            usage: VisionUsage::default(),
            cost_micro_usd: Some(SafeUint::default()),
            reused: true,
        });
    }
    let looking = Looking { state: &state, session: &session, vision: vision.as_ref(), model };
    let (analysis, usage) = looking.look(&question, prepared).await?;
    let frame = Frame {
        prompt: question.prompt,
        model: model.clone(),
        provider: vision.provider().to_owned(),
        signature: signature.to_bytes(),
        analysis,
    };
    let mut tx = db.begin().await?;
    vision::remember(&mut tx, question.session_id, &frame).await?;
    tx.commit().await?;
    let (used, is_estimate) = match usage {
        Used::Nothing => (Usage::default(), false),
        Used::Said(usage) => (usage, false),
        Used::Estimated(usage) => (usage, true),
    };
    Ok(VisionAnalysis {
        analysis: frame.analysis,
        provider: frame.provider,
        model: frame.model,
        usage: VisionUsage {
            input_tokens: count(used.input_tokens),
            output_tokens: count(used.output_tokens),
            is_estimate,
        },
        cost_micro_usd: ai.prices.price(model).map(|price| to_wire(price.cost(used).get())),
        reused: false,
    })
}

fn unusable(error: Unusable, limits: &VisionLimits) -> VisionError {
    match error {
        Unusable::Format { found } => VisionError::UnsupportedImage { found: found.map(str::to_owned) },
        Unusable::Pixels { width, height } => {
            VisionError::ImageTooLarge { width, height, limit_pixels: count(limits.image_pixels) }
        }
        Unusable::Broken { reason } => VisionError::BrokenImage { reason },
    }
}

fn count(count: u64) -> SafeUint {
    to_wire(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A call about an image: money is set aside, the model asked, and what it cost recorded.
struct Looking<'a> {
    state: &'a AppState,
    session: &'a Session,
    vision: &'a dyn Vision,
    model: &'a str,
}

/// Tokens of an image as large as models see it, for a model of which the table of prices does not say it.
const IMAGE_TOKENS: u64 = 2_500;

/// What providers add to a question, in tokens.
const ENVELOPE: u64 = 64;

impl Looking<'_> {
    async fn look(&self, question: &VisionQuestion, image: Prepared) -> Result<(String, Used), VisionError> {
        let ai = self.state.ai();
        let limits = &ai.vision;
        let of_image = ai.prices.price(self.model).map_or(0, |price| price.image_tokens);
        let of_image = if of_image == 0 { IMAGE_TOKENS } else { of_image };
        let call = Call {
            service: Service::Vision,
            provider: self.vision.provider(),
            model: self.model,
            input_tokens: at_most_tokens(question.prompt.len()) + of_image + ENVELOPE,
            output_tokens: limits.output_tokens.into(),
            user: Some(self.session.active.account.user.id),
            session: Some(question.session_id),
            run: None,
            lifetime: limits.answer_time * 2,
        };
        let db = self.session.db(self.state);
        let mut tx = db.begin().await?;
        let reservation = money::reserve(&mut tx, &ai.prices, call.clone()).await.map_err(refused)?;
        tx.commit().await?;
        // If the caller leaves, the call ends with it, and is paid in full when its reservation expires.
        let request = VisionRequest {
            model: self.model.to_owned(),
            prompt: question.prompt.clone(),
            image: image.jpeg,
            image_type: ImageType::Jpeg,
            max_output_tokens: limits.output_tokens,
        };
        let looking = tokio::time::timeout(limits.answer_time, self.vision.analyze(request));
        let looked = looking.await.unwrap_or(Err(ProviderError::TimedOut { after: limits.answer_time }));
        let at_most = Usage { input_tokens: call.input_tokens, cached_tokens: 0, output_tokens: call.output_tokens };
        let used = match &looked {
            Ok(answer) => answer.usage.map_or(Used::Estimated(at_most), Used::Said),
            Err(error) if error.is_free() => Used::Nothing,
            // It may have been answered, and the answer lost.
            Err(_) => Used::Estimated(at_most),
        };
        self.settle(reservation, used).await?;
        match looked {
            Ok(answer) => Ok((answer.text, used)),
            Err(error) => {
                tracing::warn!(%error, detail = ?error, "an image was not analysed");
                Err(VisionError::ProviderFailed { reason: error.to_string() })
            }
        }
    }

    async fn settle(&self, reservation: ReservationId, used: Used) -> Result<(), DbError> {
        let mut tx = self.session.db(self.state).begin().await?;
        money::settle(&mut tx, &self.state.ai().prices, self.model, reservation, used).await?;
        tx.commit().await
    }
}

fn refused(refused: Refused) -> VisionError {
    match refused {
        Refused::Storage(error) => VisionError::Storage(error),
        Refused::Exceeded(Exceeded { amount_micro_usd, budget }) => {
            let Budget { limit_micro_usd, spent_micro_usd, reserved_micro_usd } = budget;
            VisionError::BudgetExceeded {
                needed_micro_usd: to_wire(amount_micro_usd),
                limit_micro_usd: to_wire(limit_micro_usd.unwrap_or(i64::MAX)),
                spent_micro_usd: to_wire(spent_micro_usd),
                reserved_micro_usd: to_wire(reserved_micro_usd),
            }
        }
    }
}
