use std::{collections::BTreeMap, fmt, fs, path::PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::{Quality, Way, folder};

/// How well questions are answered, by the way in which answers are found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report(BTreeMap<Way, Quality>);

/// What is no difference, in either direction.
const TOLERANCE: f64 = 0.000_5;

impl Report {
    /// The figures that are kept, from which no change may lose.
    ///
    /// # Errors
    ///
    /// If there are none.
    pub fn read() -> anyhow::Result<Self> {
        let path = path();
        let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Keeps these figures.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn write(&self) -> anyhow::Result<()> {
        Ok(fs::write(path(), serde_json::to_string_pretty(self)? + "\n")?)
    }

    /// Adds how well a way finds.
    pub fn insert(&mut self, way: Way, quality: Quality) {
        self.0.insert(way, quality);
    }

    /// What is found worse than in an older report, in words; a way that only one of them has is not compared.
    #[must_use]
    pub fn losses(&self, older: &Self) -> Vec<String> {
        let mut losses = Vec::new();
        for (way, quality) in &self.0 {
            let Some(older) = older.0.get(way) else { continue };
            for ((name, is), (_, was)) in quality.goods().into_iter().zip(older.goods()) {
                if is < was - TOLERANCE {
                    losses.push(format!("{way}, {name}: {is:.3} and was {was:.3}"));
                }
            }
        }
        losses
    }

    /// The table of the documentation.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = "| found by | recall@5: all | same words | other words | MRR: all | same words | other words \
                         | told: right | wrong |\n\
                         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
            .to_owned();
        for (way, Quality { words, paraphrase, all, told }) in &self.0 {
            table.push_str(&format!(
                "| {way} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.2} | {:.2} |\n",
                all.recall, words.recall, paraphrase.recall, all.mrr, words.mrr, paraphrase.mrr, told.right, told.wrong
            ));
        }
        table
    }
}

impl Quality {
    /// Figures that are better when they are larger.
    fn goods(&self) -> [(&'static str, f64); 6] {
        [
            ("recall@5 in the same words", self.words.recall),
            ("recall@5 in other words", self.paraphrase.recall),
            ("recall@5", self.all.recall),
            ("MRR", self.all.mrr),
            ("answers that are told the right passage", self.told.right),
            ("answers that are told nothing wrong", 1.0 - self.told.wrong),
        ]
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keyword => "words",
            Self::Vector => "meaning",
            Self::Fused => "both",
            Self::Reranked => "both, reranked",
        })
    }
}

fn path() -> PathBuf {
    folder().join("quality.json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Figures, Told};

    fn report(recall: f64, wrong: f64) -> Report {
        let figures = Figures { recall, mrr: 0.5 };
        let quality = Quality { words: figures, paraphrase: figures, all: figures, told: Told { right: 0.5, wrong } };
        Report(BTreeMap::from([(Way::Keyword, quality)]))
    }

    #[test]
    fn a_loss_is_named_with_both_figures() {
        assert!(report(0.6, 0.1).losses(&report(0.6, 0.1)).is_empty());
        assert!(report(0.7, 0.0).losses(&report(0.6, 0.1)).is_empty());
        let losses = report(0.5, 0.2).losses(&report(0.6, 0.1));
        assert_eq!(losses.len(), 4, "{losses:?}");
        assert!(losses[0].contains("words") && losses[0].contains("0.500") && losses[0].contains("0.600"));
        assert!(report(0.5, 0.2).losses(&Report::default()).is_empty());
    }
}
