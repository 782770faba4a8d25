//! A model of a few numbers, and what numpy makes of it.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use local_embedder::{LocalEmbedder, OpenError};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A text of the fixture, computed by `tests/fixtures/make.py`.
#[derive(Deserialize)]
struct Expected {
    text: String,
    tokens: usize,
    mean: Vec<f32>,
    first: Vec<f32>,
}

fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny")
}

fn expected() -> Vec<Expected> {
    serde_json::from_slice(&fs::read(tiny().join("expected.json")).unwrap()).unwrap()
}

fn open(folder: &Path) -> Result<LocalEmbedder, OpenError> {
    LocalEmbedder::open(folder, NonZeroUsize::new(3).unwrap())
}

/// The model, with a file of it changed.
fn changed(file: &str, change: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("1_Pooling")).unwrap();
    for name in ["config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json"] {
        fs::copy(tiny().join(name), folder.path().join(name)).unwrap();
    }
    let path = folder.path().join(file);
    match change(fs::read(&path).unwrap_or_default()) {
        Some(bytes) => fs::write(path, bytes).unwrap(),
        None => fs::remove_file(path).unwrap(),
    }
    folder
}

/// The model, with a key of a file of JSON set.
fn with(file: &str, key: &str, value: Value) -> TempDir {
    changed(file, |bytes| {
        let mut json: Value = serde_json::from_slice(&bytes).unwrap_or_else(|_| json!({}));
        json[key] = value;
        Some(serde_json::to_vec(&json).unwrap())
    })
}

fn refused(folder: &TempDir) -> String {
    open(folder.path()).unwrap_err().to_string()
}

#[track_caller]
fn assert_close(vector: &[f32], expected: &[f32], of: &str) {
    assert_eq!(vector.len(), expected.len());
    let far = vector.iter().zip(expected).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
    assert!(far < 1e-5, "{of:?} is {far} off: {vector:?}");
}

#[test]
fn vectors_are_those_that_numpy_computes() {
    let model = open(&tiny()).unwrap();
    let expected = expected();
    let texts: Vec<String> = expected.iter().map(|expected| expected.text.clone()).collect();

    let embedded = model.embed(&texts).unwrap();

    assert_eq!(model.dimensions(), 8);
    assert_eq!(embedded.len(), expected.len());
    for (embedded, expected) in embedded.iter().zip(&expected) {
        assert_eq!(embedded.tokens, expected.tokens, "{:?}", expected.text);
        assert_close(&embedded.vector, &expected.mean, &expected.text);
    }
    assert!(model.embed(&[]).unwrap().is_empty());
}

#[test]
fn a_model_is_called_by_its_folder_and_its_weights() {
    let model = open(&tiny()).unwrap();
    let same = changed("config.json", Some);
    let other = changed("model.safetensors", |mut bytes| {
        *bytes.last_mut().unwrap() ^= 1;
        Some(bytes)
    });
    let weights = |model: &LocalEmbedder| model.name().rsplit_once(':').unwrap().1.to_owned();

    assert_eq!(model.name(), format!("tiny:{}", weights(&model)));
    assert_eq!(weights(&model).len(), 8);
    assert_eq!(weights(&open(same.path()).unwrap()), weights(&model));
    assert_ne!(weights(&open(other.path()).unwrap()), weights(&model));
}

#[test]
fn a_model_may_take_the_first_token_for_the_text() {
    let folder = changed("1_Pooling/config.json", |_| Some(br#"{"pooling_mode_cls_token": true}"#.to_vec()));
    let model = open(folder.path()).unwrap();

    for expected in expected() {
        let embedded = model.embed(std::slice::from_ref(&expected.text)).unwrap();
        assert_close(&embedded[0].vector, &expected.first, &expected.text);
    }
}

#[test]
fn a_text_is_read_up_to_the_longest_that_the_model_knows() {
    let text = ["the cat sleeps. the dog sleeps.".to_owned()];
    let tokens = |folder: &Path| open(folder).unwrap().embed(&text).unwrap()[0].tokens;
    let shorter = with("sentence_bert_config.json", "max_seq_length", json!(4));
    let longer = with("sentence_bert_config.json", "max_seq_length", json!(4_000));

    assert_eq!(tokens(shorter.path()), 4);
    assert_eq!(tokens(longer.path()), 6, "there are six positions");
}

#[test]
fn a_folder_that_is_no_model_names_the_file_and_what_is_wrong() {
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        let missing = refused(&changed(file, |_| None));
        assert!(missing.contains(file) && missing.contains("sentence-transformers"), "{missing}");
        let damaged = refused(&changed(file, |bytes| Some(bytes[..bytes.len() / 2].to_vec())));
        assert!(damaged.contains(file), "{damaged}");
    }
    for (key, value, names) in [
        ("model_type", json!("t5"), ["\"t5\"", "\"bert\""]),
        ("hidden_act", json!("relu"), ["\"relu\"", "\"gelu\""]),
        ("position_embedding_type", json!("relative_key"), ["relative_key", "absolute"]),
        ("num_attention_heads", json!(3), ["3 heads", "8 dimensions"]),
        ("max_position_embeddings", json!(2), ["2 tokens", "no words"]),
        ("max_position_embeddings", json!(7), ["position_embeddings", "[7, 8]"]),
        ("num_hidden_layers", json!(3), ["encoder.layer.2", "no tensor"]),
        ("hidden_size", json!(16), ["[10, 8]", "16"]),
    ] {
        let refused = refused(&with("config.json", key, value));
        assert!(names.iter().all(|name| refused.contains(name)), "{refused}");
    }
    let pooling = refused(&with("1_Pooling/config.json", "pooling_mode_cls_token", json!(true)));
    assert!(pooling.contains("1_Pooling") && pooling.contains("one of them"), "{pooling}");
}

#[test]
fn numbers_of_another_type_are_refused_by_name() {
    let halved = changed("model.safetensors", |bytes| Some(replaced(&bytes, b"\"F32\"", b"\"I32\"")));

    let refused = refused(&halved);

    assert!(refused.contains("I32") && refused.contains("float32"), "{refused}");
}

#[test]
fn tokens_that_the_model_does_not_know_are_an_error() {
    let folder = changed("tokenizer.json", |bytes| Some(replaced(&bytes, b"\"dog\": 8", b"\"dog\": 99")));
    let model = open(folder.path()).unwrap();

    let error = model.embed(&["the cat".to_owned(), "the dog".to_owned()]).unwrap_err().to_string();

    assert!(error.contains("99") && error.contains("10"), "{error}");
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut place = 0;
    while let Some(found) = bytes[place..].windows(from.len()).position(|window| window == from) {
        place += found;
        bytes.splice(place..place + from.len(), to.iter().copied());
        place += to.len();
    }
    bytes
}
