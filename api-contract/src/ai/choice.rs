use db::model_policies::ModelSize;

use super::Models;

/// The model that answers, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) model: String,
    pub(crate) reason: String,
}

/// Longer questions are taken for hard ones, in characters: more than a paragraph.
const LONG: usize = 1_200;

/// Words of questions that want more than a fact.
const DEMANDING: [&str; 16] = [
    "analyse",
    "analyze",
    "architecture",
    "compare",
    "debug",
    "derive",
    "design",
    "evaluate",
    "optimise",
    "optimize",
    "plan",
    "prove",
    "refactor",
    "review",
    "step by step",
    "trade-off",
];

/// The model for a question, unless the tenant wants one for all.
pub(crate) fn choose(models: &Models, wanted: Option<ModelSize>, question: &str) -> Choice {
    let (size, reason) = match wanted {
        Some(size) => (size, "the workspace wants this model for every question".to_owned()),
        None => by_question(question),
    };
    let model = match size {
        ModelSize::Small => &models.small,
        ModelSize::Large => &models.large,
    };
    Choice { model: model.clone(), reason }
}

fn by_question(question: &str) -> (ModelSize, String) {
    if question.contains("```") {
        return (ModelSize::Large, "the question has code in it".to_owned());
    }
    let length = question.chars().count();
    if length > LONG {
        return (ModelSize::Large, format!("the question is long: {length} characters"));
    }
    let lower = question.to_lowercase();
    match DEMANDING.iter().find(|word| has_word(&lower, word)) {
        Some(word) => (ModelSize::Large, format!("the question asks to {word:?}")),
        None => (ModelSize::Small, "the question is short and plain".to_owned()),
    }
}

/// Whether `word` is in `text` and not a part of a longer word's beginning.
fn has_word(text: &str, word: &str) -> bool {
    let starts = |index: usize| !text[..index].ends_with(char::is_alphanumeric);
    text.match_indices(word).any(|(index, _)| starts(index))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models() -> Models {
        Models { small: "mini".into(), large: "maxi".into(), vision: None, embedding: None }
    }

    #[test]
    fn a_question_decides_unless_the_tenant_does() {
        let chosen = |wanted, question: &str| choose(&models(), wanted, question).model;

        assert_eq!(chosen(None, "When does the shop open?"), "mini");
        assert_eq!(chosen(None, "Explain:\n```rust\nfn main() {}\n```"), "maxi");
        assert_eq!(chosen(None, &"word ".repeat(300)), "maxi");
        assert_eq!(chosen(None, "Compare the two offers"), "maxi");
        assert_eq!(chosen(None, "Who explained it?"), "mini", "no word begins with plan");
        assert_eq!(chosen(Some(ModelSize::Small), "Compare the two offers"), "mini");
        assert_eq!(chosen(Some(ModelSize::Large), "When?"), "maxi");
    }

    #[test]
    fn a_choice_has_a_reason() {
        let reason = |question: &str| choose(&models(), None, question).reason;

        assert_eq!(reason("Please review this"), "the question asks to \"review\"");
        assert_eq!(reason(&"x".repeat(1_201)), "the question is long: 1201 characters");
    }
}
