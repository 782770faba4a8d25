use std::collections::{HashMap, HashSet};

use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};

use super::{AnswerEnd, AnswerPart, AnswerRequest, Assistant, Passage, ProviderError, Speaker, Usage};

/// Answers without a model: quotes what the workspace knows about the question, and says that no model is configured.
///
/// A sentence counts for what it has in common with the question: for each word the logarithm of how rare it is among
/// all sentences, divided by the square root of the sentence's length, so that long ones do not win by their length.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extractive;

/// Its name as a provider and as a model.
pub const EXTRACTIVE: &str = "extractive";

/// Sentences that are quoted at most.
const QUOTES: usize = 4;

impl Assistant for Extractive {
    fn provider(&self) -> &str {
        EXTRACTIVE
    }

    fn answer(&self, request: AnswerRequest) -> BoxStream<'static, Result<AnswerPart, ProviderError>> {
        let words: Vec<String> = answer(&request).split_inclusive(' ').map(str::to_owned).collect();
        let end = [AnswerPart::Usage(Usage::default()), AnswerPart::End(AnswerEnd::Complete)];
        stream::iter(words.into_iter().map(AnswerPart::Text).chain(end).map(Ok)).boxed()
    }
}

fn answer(request: &AnswerRequest) -> String {
    let question = request.messages.iter().rev().find(|message| message.speaker == Speaker::User);
    let quotes = quotes(question.map_or("", |question| &question.content), &request.passages);
    if quotes.is_empty() {
        return "No model is configured, and nothing that this workspace knows is about the question. An administrator \
                can set OPENAI_API_KEY, and answers will be written by a model."
            .to_owned();
    }
    let quoted: Vec<String> =
        quotes.iter().map(|quote| format!("> {} [{}]", quote.sentence, quote.passage + 1)).collect();
    // Which documents these are, the message's citations say.
    format!("No model is configured; this is what the workspace's documents say:\n\n{}", quoted.join("\n\n"))
}

/// A sentence that answers.
struct Quote<'a> {
    /// Which passage it is from.
    passage: usize,
    sentence: &'a str,
}

/// The sentences that have most in common with a question, in the order of the passages.
fn quotes<'a>(question: &str, passages: &'a [Passage]) -> Vec<Quote<'a>> {
    let sentences: Vec<Quote<'a>> = passages
        .iter()
        .enumerate()
        .flat_map(|(passage, text)| sentences(&text.text).map(move |sentence| Quote { passage, sentence }))
        .collect();
    let words: Vec<HashSet<String>> = sentences.iter().map(|quote| words(quote.sentence)).collect();
    let mut frequencies: HashMap<&str, usize> = HashMap::new();
    words.iter().flatten().for_each(|word| *frequencies.entry(word).or_default() += 1);
    let asked = self::words(question);
    let total = count(sentences.len());
    let score = |words: &HashSet<String>| -> f64 {
        let common = words.intersection(&asked).filter_map(|word| frequencies.get(word.as_str()));
        let rarity: f64 = common.map(|frequency| (1.0 + total / count(*frequency)).ln()).sum();
        rarity / count(words.len()).sqrt()
    };
    let mut scored: Vec<(f64, usize)> = words.iter().map(score).zip(0..).filter(|(score, _)| *score > 0.0).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.truncate(QUOTES);
    let chosen: HashSet<usize> = scored.into_iter().map(|(_, index)| index).collect();
    sentences.into_iter().enumerate().filter(|(index, _)| chosen.contains(index)).map(|(_, quote)| quote).collect()
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

/// The words of a text that say what it is about: those of three letters or more.
fn words(text: &str) -> HashSet<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| word.chars().count() > 2).map(str::to_lowercase).collect()
}

#[allow(clippy::cast_precision_loss)] // Nobody has 2^52 sentences.
fn count(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::{super::PromptMessage, *};

    async fn ask(question: &str, passages: &[(&str, &str)]) -> String {
        let passages = passages.iter().map(|(title, text)| Passage { title: (*title).into(), text: (*text).into() });
        let question = PromptMessage { speaker: Speaker::User, content: question.into() };
        let request = AnswerRequest {
            model: EXTRACTIVE.into(),
            messages: vec![question],
            passages: passages.collect(),
            max_output_tokens: 100,
        };
        let parts: Vec<_> = Extractive.answer(request).map(Result::unwrap).collect().await;
        assert!(
            matches!(parts[..], [.., AnswerPart::Usage(usage), AnswerPart::End(AnswerEnd::Complete)] if usage == Usage::default())
        );
        let text = parts.into_iter().filter_map(|part| match part {
            AnswerPart::Text(text) => Some(text),
            _ => None,
        });
        text.collect()
    }

    #[tokio::test]
    async fn the_sentence_that_answers_is_quoted_with_its_source() {
        let hours = ("Opening hours", "The shop is in Leith. It opens at nine on weekdays. Dogs are welcome.");
        let prices = ("Prices", "A plate costs forty pounds. Shipping is free.");

        let answer = ask("When does it open on weekdays?", &[prices, hours]).await;

        assert!(answer.starts_with("No model is configured"), "{answer}");
        assert!(answer.contains("> It opens at nine on weekdays. [2]"), "{answer}");
        assert!(answer.ends_with("[2]"), "{answer}");
        assert!(!answer.contains("forty pounds"), "{answer}");
    }

    #[tokio::test]
    async fn without_anything_to_quote_it_says_what_to_do() {
        for passages in [&[][..], &[("Prices", "Shipping is free.")]] {
            let answer = ask("When does it open?", passages).await;
            assert!(answer.contains("OPENAI_API_KEY"), "{answer}");
        }
    }
}
