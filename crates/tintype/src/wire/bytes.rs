use std::fmt;

use base64::{Engine, display::Base64Display, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use specta::{Type, Types, datatype::DataType};

use super::WireForm;

/// Bytes, sent as base 64 with padding (section 4 of RFC 4648): four characters for three bytes.
///
/// Large ones belong into a body of their own: [`ByteStream`](crate::ByteStream) and [`Form`](crate::Form) read it
/// while it arrives.
///
/// ```
/// use tintype::wire::Bytes;
///
/// assert_eq!(serde_json::to_string(&Bytes(vec![0, 255]))?, "\"AP8=\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        bytes.0
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(&self.0, &STANDARD))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64).map(Self)
    }
}

struct Base64;

impl Visitor<'_> for Base64 {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes as text in base 64 with padding")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<u8>, E> {
        // The text may be large, so the message says what is wrong with it and not the whole of it.
        STANDARD.decode(text).map_err(|error| E::custom(format!("not bytes in base 64 with padding: {error}")))
    }
}

impl Type for Bytes {
    fn definition(_: &mut Types) -> DataType {
        WireForm::Bytes.describe()
    }
}
