use crate::{
    Document, Limits, ReadError,
    draft::{Draft, Gap},
    encoding,
};

/// Reads plain text: one section, without a title.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let text = encoding::decode(bytes, None)?;
    encoding::refuse_binary(&text)?;
    let mut draft = Draft::new(limits);
    draft.block(Gap::Paragraph, &text)?;
    draft.finish(None)
}
