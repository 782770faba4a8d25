use std::{any::TypeId, cell::RefCell, fmt, sync::LazyLock};

use futures_util::{
    future::{self, BoxFuture},
    stream::BoxStream,
};
use serde::{
    Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
    ser::Error as _,
};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::error::Failure;

/// A value as JSON, apart from what is not known yet.
pub(crate) enum Encoded {
    /// JavaScript's `undefined`.
    Nothing,
    /// JSON, whole.
    Json(Vec<u8>),
    /// The value itself comes later.
    Part(Part),
    /// An object some of whose fields come later.
    Object(Vec<(String, Field)>),
}

/// A value some of whose parts come later, as the answer of a call.
#[derive(Debug)]
pub struct InParts(pub(crate) Encoded);

/// A field of an object that is known in part.
pub(crate) enum Field {
    Json(Box<RawValue>),
    Part(Part),
}

/// Something that comes later.
pub(crate) enum Part {
    /// One value.
    Promise(BoxFuture<'static, Result<Encoded, Failure>>),
    /// Values one after the other, and a last one.
    Iterable(BoxStream<'static, Result<Step, Failure>>),
}

/// What an iterable gives.
pub(crate) enum Step {
    Item(Encoded),
    /// Its end; nothing comes after it.
    Return(Encoded),
}

thread_local! {
    /// The parts of the value that this thread is encoding.
    static PARTS: RefCell<Option<Vec<Part>>> = const { RefCell::new(None) };
}

/// Marks the placeholders of this process; nobody outside can guess it and put a placeholder into a text.
static MARK: LazyLock<String> = LazyLock::new(|| format!("part-{}-", Uuid::new_v4()));

/// Encodes `value` to the end of `buffer`, which is returned if nothing of the value comes later.
pub(crate) fn encode<T: Serialize + 'static>(value: &T, mut buffer: Vec<u8>) -> Result<Encoded, Failure> {
    if TypeId::of::<T>() == TypeId::of::<()>() {
        return Ok(Encoded::Nothing);
    }
    let before = buffer.len();
    let outer = PARTS.replace(Some(Vec::new()));
    let written = serde_json::to_writer(&mut buffer, value);
    let parts = PARTS.replace(outer).unwrap_or_default();
    written.map_err(Failure::unexpected)?;
    if parts.is_empty() {
        return Ok(Encoded::Json(buffer));
    }
    place(&buffer[before..], parts)
}

/// Puts each part at its placeholder.
fn place(json: &[u8], parts: Vec<Part>) -> Result<Encoded, Failure> {
    let mut parts: Vec<Option<Part>> = parts.into_iter().map(Some).collect();
    let mut take = |json: &str| {
        let index = json.strip_prefix('"')?.strip_suffix('"')?.strip_prefix(MARK.as_str())?;
        parts.get_mut(index.parse::<usize>().ok()?)?.take()
    };
    let whole = std::str::from_utf8(json).map_err(Failure::unexpected)?;
    let encoded = match take(whole) {
        Some(part) => Encoded::Part(part),
        None => {
            let fields = fields(json).map_err(Failure::unexpected)?;
            let field = |(name, json): (String, Box<RawValue>)| match take(json.get()) {
                Some(part) => (name, Field::Part(part)),
                None => (name, Field::Json(json)),
            };
            Encoded::Object(fields.into_iter().map(field).collect())
        }
    };
    if parts.iter().any(Option::is_some) {
        return Err(Failure::unexpected(
            "a deferred or streamed part stands inside of an array or of an inner object: only the answer itself and \
             its direct fields can come later",
        ));
    }
    Ok(encoded)
}

/// The fields of an object in their order.
fn fields(json: &[u8]) -> serde_json::Result<Vec<(String, Box<RawValue>)>> {
    struct Fields;

    impl<'de> Visitor<'de> for Fields {
        type Value = Vec<(String, Box<RawValue>)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut fields = Vec::new();
            while let Some(field) = map.next_entry()? {
                fields.push(field);
            }
            Ok(fields)
        }

        // An array with placeholders in it; that they stand at the wrong place is said by the caller.
        fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            while items.next_element::<de::IgnoredAny>()?.is_some() {}
            Ok(Vec::new())
        }
    }

    serde_json::Deserializer::from_slice(json).deserialize_any(Fields)
}

/// Writes a placeholder and keeps `part` for [`encode`].
pub(super) fn serialize_part<S: Serializer>(part: Option<Part>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(part) = part else { return Err(S::Error::custom("a part that comes later can be sent once only")) };
    let index = PARTS.with_borrow_mut(|parts| {
        let parts = parts.as_mut()?;
        parts.push(part);
        Some(parts.len() - 1)
    });
    match index {
        Some(index) => serializer.serialize_str(&format!("{}{index}", MARK.as_str())),
        None => Err(S::Error::custom("only the answer of a query or mutation can have parts that come later")),
    }
}

/// Waits for everything that comes later, for a client that cannot receive parts, and writes it behind `buffer`.
///
/// # Errors
///
/// The failure of the first part that fails; `streams` says that an iterable cannot be sent.
pub(crate) async fn settle(encoded: Encoded, mut buffer: Vec<u8>, streams: &Failure) -> Result<Vec<u8>, Failure> {
    match encoded {
        Encoded::Json(json) => buffer.extend_from_slice(&json),
        // Inside of a value there is no `undefined`.
        Encoded::Nothing => buffer.extend_from_slice(b"null"),
        Encoded::Part(part) => return settle_part(part, buffer, streams).await,
        Encoded::Object(fields) => {
            let settled = fields.into_iter().map(|(name, field)| async move {
                let json = match field {
                    Field::Json(json) => json.get().as_bytes().to_vec(),
                    Field::Part(part) => settle_part(part, Vec::new(), streams).await?,
                };
                Ok::<_, Failure>((name, json))
            });
            // Side by side, as they would come to a client that receives parts.
            let settled = future::try_join_all(settled).await?;
            buffer.push(b'{');
            for (index, (name, json)) in settled.iter().enumerate() {
                if index > 0 {
                    buffer.push(b',');
                }
                serde_json::to_writer(&mut buffer, name).map_err(Failure::unexpected)?;
                buffer.push(b':');
                buffer.extend_from_slice(json);
            }
            buffer.push(b'}');
        }
    }
    Ok(buffer)
}

async fn settle_part(part: Part, buffer: Vec<u8>, streams: &Failure) -> Result<Vec<u8>, Failure> {
    match part {
        Part::Promise(value) => Box::pin(settle(value.await?, buffer, streams)).await,
        Part::Iterable(_) => Err(streams.clone()),
    }
}

impl Encoded {
    /// Whether a client must be able to receive parts: it is a stream of values, or a field of it comes later.
    pub(crate) fn is_stream(&self) -> bool {
        match self {
            Self::Nothing | Self::Json(_) | Self::Part(Part::Promise(_)) => false,
            Self::Part(Part::Iterable(_)) => true,
            Self::Object(fields) => fields.iter().any(|(_, field)| matches!(field, Field::Part(_))),
        }
    }
}

impl fmt::Debug for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Json(json) => f.debug_tuple("Json").field(&String::from_utf8_lossy(json)).finish(),
            Self::Part(_) => f.write_str("Part"),
            Self::Object(fields) => f.debug_set().entries(fields.iter().map(|(name, _)| name)).finish(),
        }
    }
}
