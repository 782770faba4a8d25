//! Which rules make sure of which others.

use crate::contract::{
    LengthUnit, Rule,
    diff::{fits::Flow, scalar::range},
    shape::{Head, Member, Shape},
    universe::Universe,
};

/// Whether what keeps the rules of `sent` keeps those of `taken` too.
pub(super) fn imply(sent: &Member<'_>, taken: &Member<'_>, types: &mut Universe<'_>) -> bool {
    let known = Known { rules: sent.rules.clone(), range: integer_range(sent, types), is_there: is_there(sent, types) };
    taken.rules.iter().all(|rule| known.implies(rule))
        && customs(sent.rules.iter().copied()) >= customs(taken.rules.iter().copied())
}

/// Whether a receiver takes an object without this member: a rule may ask for what the type leaves out.
pub(super) fn may_be_missing(member: &Member<'_>, flow: Flow) -> bool {
    let is_asked_for = flow == Flow::ToServer && member.rules.contains(&&Rule::Required);
    member.optional && !is_asked_for
}

/// What is known of the values that a field is sent with.
struct Known<'a> {
    rules: Vec<&'a Rule>,
    range: Option<(f64, f64)>,
    is_there: bool,
}

impl Known<'_> {
    fn implies(&self, rule: &Rule) -> bool {
        match rule {
            Rule::Length { unit, min, max } => {
                let lengths = || {
                    self.rules.iter().filter_map(|known| match known {
                        Rule::Length { unit, min, max } => Some((*unit, min.unwrap_or(0), max.unwrap_or(u64::MAX))),
                        _ => None,
                    })
                };
                let min = min.unwrap_or(0);
                let max = max.unwrap_or(u64::MAX);
                // A text has no more graphemes than characters, no more of those than UTF-16 units, and so on.
                let long_enough =
                    min == 0 || lengths().any(|(known, least, _)| min <= least && size(known) <= size(*unit));
                let short_enough =
                    max == u64::MAX || lengths().any(|(known, _, most)| most <= max && size(*unit) <= size(known));
                long_enough && short_enough
            }
            Rule::Range { min, max } => {
                let (least, most) = self.range();
                min.is_none_or(|min| min <= least) && max.is_none_or(|max| most <= max)
            }
            Rule::Contains { text } => self.rules.iter().any(|known| match known {
                Rule::Contains { text: known } | Rule::Prefix { text: known } | Rule::Suffix { text: known } => {
                    known.contains(text)
                }
                _ => false,
            }),
            Rule::Prefix { text } => {
                self.rules.iter().any(|known| matches!(known, Rule::Prefix { text: known } if known.starts_with(text)))
            }
            Rule::Suffix { text } => {
                self.rules.iter().any(|known| matches!(known, Rule::Suffix { text: known } if known.ends_with(text)))
            }
            Rule::Ascii => self.rules.iter().any(|known| matches!(known, Rule::Ascii | Rule::Alphanumeric)),
            Rule::Required => self.is_there || self.rules.contains(&rule),
            Rule::Inner { rules } => {
                let inner = self.rules.iter().filter_map(|known| match known {
                    Rule::Inner { rules } => Some(rules),
                    _ => None,
                });
                let known = Known { rules: inner.flatten().collect(), range: None, is_there: false };
                rules.iter().all(|rule| known.implies(rule)) && customs(known.rules.iter().copied()) >= customs(rules)
            }
            // Counted as a whole: what they check is not known.
            Rule::Custom => true,
            // An address of one version is an address.
            Rule::Ip => [Rule::Ip, Rule::Ipv4, Rule::Ipv6].iter().any(|stricter| self.rules.contains(&stricter)),
            Rule::Email | Rule::Url | Rule::Ipv4 | Rule::Ipv6 | Rule::Pattern { .. } | Rule::Alphanumeric => {
                self.rules.contains(&rule)
            }
        }
    }

    fn range(&self) -> (f64, f64) {
        let mut range = self.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        for rule in &self.rules {
            if let Rule::Range { min, max } = rule {
                range.0 = min.map_or(range.0, |min| range.0.max(min));
                range.1 = max.map_or(range.1, |max| range.1.min(max));
            }
        }
        range
    }
}

fn customs<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> usize {
    rules.into_iter().filter(|rule| matches!(rule, Rule::Custom)).count()
}

/// Orders the units by how many of them a text has.
fn size(unit: LengthUnit) -> u8 {
    match unit {
        LengthUnit::Graphemes => 0,
        LengthUnit::Chars => 1,
        LengthUnit::Utf16 => 2,
        LengthUnit::Bytes | LengthUnit::Simple => 3,
    }
}

/// The range that the type alone allows. The casts round outwards or not at all where rules can tell.
fn integer_range(member: &Member<'_>, types: &mut Universe<'_>) -> Option<(f64, f64)> {
    match &*types.head(member.id) {
        Head::One(Shape::Integer(kind)) => {
            let (min, max) = range(*kind);
            Some((min as f64, max as f64))
        }
        _ => None,
    }
}

fn is_there(member: &Member<'_>, types: &mut Universe<'_>) -> bool {
    let is_null = |types: &mut Universe<'_>, id| matches!(&*types.head(id), Head::One(Shape::Null | Shape::Any));
    let nullable = match &*types.head(member.id) {
        Head::One(shape) => matches!(shape, Shape::Null | Shape::Any),
        Head::Choice { alternatives, .. } => alternatives.iter().any(|it| is_null(types, it.id)),
    };
    !member.optional && !nullable
}
