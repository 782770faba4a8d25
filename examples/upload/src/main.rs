//! A file in a form: fields with types and rules, and the file as a stream that is never in memory as a whole.

use garde::Validate;
use tintype::{
    Form, FormError, Rules,
    prelude::*,
    typescript::{Bindings, Options},
};
use tintype_axum::RpcService;

/// What comes before the file.
#[derive(Deserialize, Type, Validate, Rules)]
struct About {
    /// What it is called, 1 to 80 characters.
    #[garde(length(chars, min = 1, max = 80))]
    title: String,
}

/// A file that was read.
#[derive(Serialize, Type)]
struct Counted {
    title: String,
    name: Option<String>,
    bytes: u32,
    lines: u32,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
enum UploadError {
    /// There is none.
    #[error("there is no file: send it after the fields")]
    #[code(BAD_REQUEST)]
    NoFile,
    /// It is too large.
    #[error("the file has more than {limit_bytes} bytes: split it")]
    #[code(PAYLOAD_TOO_LARGE)]
    TooLarge {
        /// Most bytes.
        limit_bytes: u32,
    },
    /// The form did not arrive as it should.
    #[error("{reason}")]
    #[code(BAD_REQUEST)]
    Broken {
        /// What is wrong with it.
        reason: String,
    },
}

impl From<FormError> for UploadError {
    fn from(error: FormError) -> Self {
        Self::Broken { reason: error.to_string() }
    }
}

/// Largest file, in bytes.
const MOST: u32 = 100_000;

/// Counts the lines of a file.
#[mutation(state = ())]
async fn count(input: Form<About>) -> Result<Counted, UploadError> {
    let Form { fields, mut entries } = input;
    let mut file = entries.next().await?.ok_or(UploadError::NoFile)?;
    let name = file.file_name().map(str::to_owned);
    let mut counted = Counted { title: fields.title, name, bytes: 0, lines: 0 };
    while let Some(chunk) = file.chunk().await? {
        counted.bytes = counted.bytes.saturating_add(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
        if counted.bytes > MOST {
            return Err(UploadError::TooLarge { limit_bytes: MOST });
        }
        counted.lines += chunk.iter().map(|byte| u32::from(*byte == b'\n')).sum::<u32>();
    }
    Ok(counted)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let router: Router<()> = router! { files: [count] };
    let generated = concat!(env!("CARGO_MANIFEST_DIR"), "/generated");
    Bindings::generate(&router, &Options::default())?.write_to(generated.as_ref())?;
    let app = axum::Router::new().nest_service("/trpc", RpcService::builder(router, ()).build()?);
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    axum::serve(tokio::net::TcpListener::bind(address).await?, app).await?;
    Ok(())
}
