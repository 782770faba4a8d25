//! Text in pieces, some of which lead to a Rust source.

use super::source_map::MappedText;
use crate::contract::Source;

/// Some text.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Name { name: String, source: Source },
}

impl Pieces {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self(vec![Piece::Text(text.into())])
    }

    pub(super) fn push(&mut self, text: impl Into<String>) {
        self.0.push(Piece::Text(text.into()));
    }

    /// Adds a name that stands at `source`.
    pub(super) fn push_name(&mut self, name: impl Into<String>, source: Source) {
        self.0.push(Piece::Name { name: name.into(), source });
    }

    pub(super) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The pieces with `separator` between them.
    pub(super) fn join(all: impl IntoIterator<Item = Self>, separator: &str) -> Self {
        let mut joined = Self::default();
        for (index, pieces) in all.into_iter().enumerate() {
            if index > 0 {
                joined.push(separator);
            }
            joined.append(pieces);
        }
        joined
    }

    /// How many characters it has, or `None` if it has several lines.
    pub(super) fn width(&self) -> Option<usize> {
        let widths = self.0.iter().map(|piece| match piece {
            Piece::Text(text) | Piece::Name { name: text, .. } => (!text.contains('\n')).then(|| text.chars().count()),
        });
        widths.sum()
    }

    pub(super) fn write_to(self, text: &mut MappedText) {
        for piece in self.0 {
            match piece {
                Piece::Text(piece) => text.push(&piece),
                Piece::Name { name, source } => text.push_name(&name, &source.file, source.line, source.column),
            }
        }
    }
}

impl std::fmt::Display for Pieces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) | Piece::Name { name: text, .. } => f.write_str(text),
        })
    }
}
