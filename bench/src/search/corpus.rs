use std::{fs, ops::Range, path::Path};

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::folder;

/// A document that questions are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusDocument {
    /// Its path in the corpus, for example `types/slice.md`.
    pub path: String,
    /// Its first heading.
    pub title: String,
    /// The document, in Markdown.
    pub markdown: String,
}

/// A question, and what answers it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What somebody types.
    pub question: String,
    /// How it was asked.
    pub kind: Kind,
    /// Each of these answers it alone; empty if nothing does.
    #[serde(default)]
    pub passages: Vec<Quote>,
}

/// How a question was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// In the words of the document.
    Words,
    /// In other words.
    Paraphrase,
    /// About something that no document says.
    Unanswerable,
}

/// Words of a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The path of the document in the corpus.
    pub document: String,
    /// Its words, without marks and with single blanks.
    pub quote: String,
}

/// Every document, by path.
///
/// # Errors
///
/// If the files cannot be read, or one has no heading.
pub fn documents() -> anyhow::Result<Vec<CorpusDocument>> {
    let root = folder().join("corpus/rust-reference");
    let mut documents = Vec::new();
    read(&root, &root, &mut documents)?;
    documents.sort_by(|one, other| one.path.cmp(&other.path));
    ensure!(!documents.is_empty(), "{} has no documents", root.display());
    Ok(documents)
}

fn read(root: &Path, folder: &Path, documents: &mut Vec<CorpusDocument>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            read(root, &path, documents)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let markdown = fs::read_to_string(&path)?;
            let heading = markdown.lines().find_map(|line| line.strip_prefix("# "));
            let title = heading.with_context(|| format!("{} has no heading", path.display()))?.replace('`', "");
            let path = path.strip_prefix(root)?.to_string_lossy().into_owned();
            documents.push(CorpusDocument { path, title, markdown });
        }
    }
    Ok(())
}

/// Every question.
///
/// # Errors
///
/// If the file cannot be read, or a line is no question.
pub fn questions() -> anyhow::Result<Vec<Question>> {
    let path = folder().join("questions.jsonl");
    let lines = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let question = |line| serde_json::from_str(line).with_context(|| format!("no question: {line}"));
    lines.lines().map(question).collect()
}

/// Where words are in a text, in characters, whatever blanks are between them; `None` unless they are there once.
#[must_use]
pub fn place(text: &str, words: &str) -> Option<Range<i32>> {
    let mut joined = String::with_capacity(text.len());
    // The place of each byte of `joined`.
    let mut places = Vec::with_capacity(text.len());
    for (place, character) in (0..).zip(text.chars()) {
        let character = if character.is_whitespace() { ' ' } else { character };
        if character == ' ' && joined.ends_with(' ') {
            continue;
        }
        joined.push(character);
        places.extend(std::iter::repeat_n(place, character.len_utf8()));
    }
    let begin = joined.find(words)?;
    let end = begin + words.len();
    let is_once = !words.is_empty() && joined.rfind(words) == Some(begin);
    is_once.then(|| places[begin]..places[end - 1] + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_over_blanks_and_only_where_they_are_once() {
        assert_eq!(place("né  in\n the\tsea, in", "in the sea"), Some(4..15));
        assert_eq!(place("in and in", "in"), None);
        assert_eq!(place("in", "out"), None);
        assert_eq!(place("in", ""), None);
    }
}
