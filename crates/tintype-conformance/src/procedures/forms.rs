//! Inputs that are no JSON.

use futures_util::TryStreamExt;
use serde_json::{Value, json};
use tintype::{ByteStream, FormEntries, FormError, prelude::*};

#[mutation]
pub(crate) async fn submit(input: FormEntries) -> Result<Value, FormError> {
    let mut form = input;
    let mut entries = Vec::new();
    while let Some(entry) = form.next().await? {
        let name = entry.name().to_owned();
        let Some(filename) = entry.file_name().map(str::to_owned) else {
            entries.push(json!({ "name": name, "kind": "text", "value": entry.text().await? }));
            continue;
        };
        // Browsers give a file without a type this one.
        let media_type = entry.content_type().unwrap_or("application/octet-stream").to_owned();
        let size = entry.bytes().await?.len();
        entries.push(json!({ "name": name, "kind": "file", "filename": filename, "type": media_type, "size": size }));
    }
    Ok(json!({ "entries": entries }))
}

#[mutation]
pub(crate) async fn octet(input: ByteStream) -> Result<Value, Failure> {
    let mut bytes = input;
    let (mut length, mut sum) = (0, 0);
    while let Some(piece) = bytes.try_next().await? {
        length += piece.len();
        sum += piece.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    }
    Ok(json!({ "length": length, "sum": sum }))
}
