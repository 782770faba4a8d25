use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::DeserializeOwned};
use tokenizers::Tokenizer;

/// Why a folder is no model that can be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A file is missing, or cannot be read.
    #[error("{} cannot be read: name a folder as sentence-transformers writes it", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what its name says.
    #[error("{} is not as expected: {detail}", .path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
}

impl OpenError {
    pub(crate) fn invalid(path: PathBuf, detail: impl ToString) -> Self {
        Self::Invalid { path, detail: detail.to_string() }
    }

    pub(crate) fn tokenizer(folder: &Path, detail: impl ToString) -> Self {
        Self::invalid(folder.join(TOKENIZER), detail)
    }
}

const CONFIG: &str = "config.json";
const TOKENIZER: &str = "tokenizer.json";

/// What must be known of a model.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    pub(crate) width: usize,
    pub(crate) epsilon: f32,
    /// Most tokens of a text.
    pub(crate) longest: usize,
    pub(crate) pooling: Pooling,
}

/// How the vectors of tokens become that of their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pooling {
    Mean,
    First,
}

/// `config.json`, as the Transformers library writes it.
#[derive(Deserialize)]
struct BertConfig {
    model_type: String,
    hidden_act: String,
    #[serde(default = "absolute")]
    position_embedding_type: String,
    hidden_size: usize,
    num_attention_heads: usize,
    num_hidden_layers: usize,
    max_position_embeddings: usize,
    layer_norm_eps: f32,
}

fn absolute() -> String {
    "absolute".to_owned()
}

/// `sentence_bert_config.json`.
#[derive(Deserialize)]
struct SentenceConfig {
    max_seq_length: Option<usize>,
}

/// `1_Pooling/config.json`.
#[derive(Deserialize)]
struct PoolingConfig {
    #[serde(default)]
    pooling_mode_cls_token: bool,
    #[serde(default)]
    pooling_mode_mean_tokens: bool,
}

impl Config {
    pub(crate) fn read(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join(CONFIG);
        let bert: BertConfig = json(&path)?.ok_or_else(|| missing(&path))?;
        for (key, is, can) in [
            ("model_type", &bert.model_type, "bert"),
            ("hidden_act", &bert.hidden_act, "gelu"),
            ("position_embedding_type", &bert.position_embedding_type, "absolute"),
        ] {
            if is != can {
                return Err(OpenError::invalid(path, format!("{key} is {is:?}, and only {can:?} can be computed")));
            }
        }
        let (width, heads) = (bert.hidden_size, bert.num_attention_heads);
        if width == 0 || heads == 0 || !width.is_multiple_of(heads) {
            return Err(OpenError::invalid(path, format!("{heads} heads cannot share {width} dimensions")));
        }
        let sentence: Option<SentenceConfig> = json(&folder.join("sentence_bert_config.json"))?;
        let longest = sentence.and_then(|sentence| sentence.max_seq_length).unwrap_or(usize::MAX);
        let longest = longest.min(bert.max_position_embeddings);
        // Each text has a token before and one after it.
        if longest < 3 {
            return Err(OpenError::invalid(path, format!("texts of {longest} tokens have no words")));
        }
        Ok(Self {
            layers: bert.num_hidden_layers,
            heads,
            width,
            epsilon: bert.layer_norm_eps,
            longest,
            pooling: pooling(folder)?,
        })
    }
}

fn pooling(folder: &Path) -> Result<Pooling, OpenError> {
    let path = folder.join("1_Pooling").join(CONFIG);
    match json::<PoolingConfig>(&path)? {
        None | Some(PoolingConfig { pooling_mode_mean_tokens: true, pooling_mode_cls_token: false }) => {
            Ok(Pooling::Mean)
        }
        Some(PoolingConfig { pooling_mode_mean_tokens: false, pooling_mode_cls_token: true }) => Ok(Pooling::First),
        Some(_) => {
            let detail = "only pooling_mode_mean_tokens or pooling_mode_cls_token can be computed, one of them";
            Err(OpenError::invalid(path, detail))
        }
    }
}

pub(crate) fn tokenizer(folder: &Path) -> Result<Tokenizer, OpenError> {
    let path = folder.join(TOKENIZER);
    let bytes = fs::read(&path).map_err(|source| OpenError::Read { path: path.clone(), source })?;
    Tokenizer::from_bytes(bytes).map_err(|error| OpenError::invalid(path, error))
}

/// What a file of JSON says; `None` if there is no such file.
fn json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, OpenError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(OpenError::Read { path: path.to_owned(), source }),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| OpenError::invalid(path.to_owned(), error))
}

fn missing(path: &Path) -> OpenError {
    OpenError::Read { path: path.to_owned(), source: io::ErrorKind::NotFound.into() }
}
