use bytes::Bytes;
use documents::{Document, Format, Limits, ReadError};
use futures_util::{FutureExt, future::BoxFuture};

/// Reads documents.
pub trait DocumentReader: Send + Sync + 'static {
    /// Reads a document; dropping the future ends the reading.
    fn read(&self, format: Format, bytes: Bytes) -> BoxFuture<'static, Result<Document, ReadError>>;
}

/// Reads documents in this process, on threads for what takes long.
///
/// It keeps no limit of time or memory: what strangers upload belongs into another process.
#[derive(Debug, Clone, Default)]
pub struct HereReader {
    limits: Limits,
}

impl HereReader {
    /// Within these limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits }
    }
}

impl DocumentReader for HereReader {
    fn read(&self, format: Format, bytes: Bytes) -> BoxFuture<'static, Result<Document, ReadError>> {
        let limits = self.limits.clone();
        let reading = tokio::task::spawn_blocking(move || documents::read(format, &bytes, &limits));
        async move { reading.await.unwrap_or_else(|error| Err(ReadError::Died { how: error.to_string() })) }.boxed()
    }
}
