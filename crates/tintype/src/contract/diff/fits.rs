use std::{collections::HashMap, rc::Rc};

use crate::contract::{
    Literal,
    diff::{rules, scalar},
    shape::{Head, Member, Record, Shape},
    universe::{TypeId, Universe},
};

/// Which way values travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Flow {
    /// A server takes what its contract says: it checks rules, and it makes a set of a list.
    ToServer,
    /// A client relies on what its contract says.
    ToClient,
}

/// Whether all that is sent as one type is taken as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Question {
    sent: TypeId,
    taken: TypeId,
    flow: Flow,
}

/// So many questions are answered exactly; the answer to more is no.
///
/// A contract of a thousand procedures with ten thousand types asks some ten thousand.
const MAX_QUESTIONS: usize = 4_000_000;

/// Answers which types fit which: the greatest relation that the rules of [`Fits::holds`] allow.
///
/// Every question is believed until one of the answers that it rests on turns out to be no. That is what makes a
/// recursive type fit itself, and it needs no recursion here, however deep the types are.
#[derive(Debug)]
pub(super) struct Fits<'c> {
    pub(super) types: Universe<'c>,
    numbers: HashMap<Question, usize>,
    states: Vec<State>,
    /// The questions to be looked at again.
    open: Vec<usize>,
}

#[derive(Debug)]
struct State {
    question: Question,
    holds: bool,
    /// The questions that rest on this one.
    dependents: Vec<usize>,
}

impl<'c> Fits<'c> {
    pub(super) fn new(types: Universe<'c>) -> Self {
        Self { types, numbers: HashMap::new(), states: Vec::new(), open: Vec::new() }
    }

    /// Whether all that is sent as `sent` is taken as `taken`.
    pub(super) fn fits(&mut self, sent: TypeId, taken: TypeId, flow: Flow) -> bool {
        let question = Question { sent, taken, flow };
        if sent == taken {
            return true;
        }
        let Some(number) = self.number(question) else { return false };
        while let Some(open) = self.open.pop() {
            if self.states[open].holds && !self.holds(open) {
                self.states[open].holds = false;
                let dependents = std::mem::take(&mut self.states[open].dependents);
                self.open.extend(dependents);
            }
        }
        self.states[number].holds
    }

    /// The same for errors, whose receiver has to expect some that it does not know.
    pub(super) fn error_fits(&mut self, sent: TypeId, taken: TypeId) -> bool {
        match &*self.types.head(sent) {
            Head::One(_) => self.fits(sent, taken, Flow::ToClient) || self.is_foreign(sent, taken),
            Head::Choice { alternatives, .. } => {
                alternatives.iter().all(|it| self.fits(it.id, taken, Flow::ToClient) || self.is_foreign(it.id, taken))
            }
        }
    }

    /// Whether a receiver of `taken` notices at once that an alternative of an error is none of those it knows.
    fn is_foreign(&mut self, sent: TypeId, taken: TypeId) -> bool {
        let Head::One(sent) = &*self.types.head(sent) else { return false };
        let taken = self.shapes(taken);
        let mut known = Vec::new();
        for shape in &taken {
            match shape {
                Shape::Record(record) => known.push(record),
                Shape::Literal(_) | Shape::Null => {}
                _ => return false,
            }
        }
        match sent {
            Shape::Literal(_) => {
                let is_tagged = known.iter().any(|known| known.members.iter().any(|it| self.is_tag(it)));
                !is_tagged && !taken.iter().any(|taken| scalar::fits(sent, taken))
            }
            Shape::Record(sent) => self.is_foreign_record(sent, &known, taken.is_empty()),
            _ => false,
        }
    }

    fn is_foreign_record(&mut self, sent: &Record<'c>, known: &[&Record<'c>], knows_nothing: bool) -> bool {
        // The only member of what serde calls externally tagged is the name of the variant.
        if let ([only], None) = (&sent.members[..], sent.rest)
            && !only.optional
            && !self.is_tag(only)
        {
            return known.iter().all(|known| known.rest.is_none() && known.get(only.name).is_none());
        }
        if known.is_empty() && !knows_nothing {
            return false;
        }
        sent.members.iter().filter(|member| !member.optional).any(|member| {
            self.literal(member.id).is_some_and(|sent| {
                known.iter().all(|known| {
                    let tag = known.get(member.name).filter(|member| !member.optional);
                    tag.and_then(|tag| self.literal(tag.id)).is_some_and(|known| known != sent)
                })
            })
        })
    }

    fn is_tag(&mut self, member: &Member<'c>) -> bool {
        !member.optional && self.literal(member.id).is_some()
    }

    /// The shapes that a type may have.
    pub(super) fn shapes(&mut self, id: TypeId) -> Vec<Shape<'c>> {
        match &*self.types.head(id) {
            Head::One(shape) => vec![shape.clone()],
            Head::Choice { alternatives, .. } => {
                alternatives.iter().flat_map(|alternative| self.shapes(alternative.id)).collect()
            }
        }
    }

    fn literal(&mut self, id: TypeId) -> Option<Literal> {
        match &*self.types.head(id) {
            Head::One(Shape::Literal(literal)) => Some(literal.clone()),
            _ => None,
        }
    }

    fn number(&mut self, question: Question) -> Option<usize> {
        if let Some(number) = self.numbers.get(&question) {
            return Some(*number);
        }
        let number = self.states.len();
        if number >= MAX_QUESTIONS {
            return None;
        }
        self.numbers.insert(question, number);
        self.states.push(State { question, holds: true, dependents: Vec::new() });
        self.open.push(number);
        Some(number)
    }

    /// The present answer to a question that `dependent` rests on.
    fn ask(&mut self, dependent: usize, sent: TypeId, taken: TypeId) -> bool {
        if sent == taken {
            return true;
        }
        let flow = self.states[dependent].question.flow;
        let Some(number) = self.number(Question { sent, taken, flow }) else { return false };
        let state = &mut self.states[number];
        if state.holds && state.dependents.last() != Some(&dependent) {
            state.dependents.push(dependent);
        }
        state.holds
    }

    /// The rules: whether a question holds if what is believed of others is true.
    fn holds(&mut self, number: usize) -> bool {
        let Question { sent, taken, .. } = self.states[number].question;
        let (sent_head, taken_head) = (self.types.head(sent), self.types.head(taken));
        match (&*sent_head, &*taken_head) {
            (Head::Choice { alternatives, .. }, _) => alternatives.iter().all(|it| self.ask(number, it.id, taken)),
            (Head::One(shape), Head::Choice { tag, alternatives }) => {
                let some = |fits: &mut Self, shape: &Shape<'c>| {
                    alternatives.iter().any(|it| {
                        let head = fits.types.head(it.id);
                        let Head::One(other) = &*head else { return false };
                        !fits.is_ruled_out(shape, other, *tag) && fits.ask(number, sent, it.id)
                    })
                };
                match shape {
                    Shape::Boolean => some(self, shape) || self.is_both_booleans(taken),
                    shape => some(self, shape),
                }
            }
            (Head::One(sent), Head::One(taken_shape)) => self.shape_holds(number, sent, taken_shape, taken),
        }
    }

    /// A quick no: asking about every pair of variants of two large unions would take its time.
    fn is_ruled_out(&mut self, sent: &Shape<'c>, taken: &Shape<'c>, tag: Option<&str>) -> bool {
        match (sent, taken) {
            (Shape::Literal(sent), Shape::Literal(taken)) => sent != taken,
            (Shape::Record(sent), Shape::Record(taken)) => {
                let Some(tag) = tag else { return false };
                let (Some(sent), Some(taken)) = (sent.get(tag), taken.get(tag)) else { return false };
                let (sent, taken) = (sent.id, taken.id);
                matches!((self.literal(sent), self.literal(taken)), (Some(sent), Some(taken)) if sent != taken)
            }
            _ => false,
        }
    }

    fn is_both_booleans(&mut self, taken: TypeId) -> bool {
        let shapes = self.shapes(taken);
        [true, false].map(|value| Shape::Literal(Literal::Boolean(value))).iter().all(|value| shapes.contains(value))
    }

    fn shape_holds(&mut self, number: usize, sent: &Shape<'c>, taken: &Shape<'c>, taken_id: TypeId) -> bool {
        let relies_on_uniqueness = self.states[number].question.flow == Flow::ToClient;
        match (sent, taken) {
            (sent, Shape::Any) => self.is_json(number, sent, taken_id),
            (
                Shape::Array { item: sent, unique: sent_unique, length: sent_length },
                Shape::Array { item: taken, unique, length },
            ) => {
                let at_most_one = sent_length.is_some_and(|length| length < 2);
                let length = length.is_none() || sent_length == length;
                let unique = !unique || !relies_on_uniqueness || *sent_unique || at_most_one;
                length && unique && (*sent_length == Some(0) || self.ask(number, *sent, *taken))
            }
            (Shape::Tuple(sent), Shape::Array { item, unique, length }) => {
                let length = length.is_none_or(|length| length == sent.len());
                let unique = !unique || !relies_on_uniqueness || sent.len() < 2;
                length && unique && sent.iter().all(|sent| self.ask(number, *sent, *item))
            }
            (Shape::Array { item, length, .. }, Shape::Tuple(taken)) => {
                *length == Some(taken.len()) && taken.iter().all(|taken| self.ask(number, *item, *taken))
            }
            (Shape::Tuple(sent), Shape::Tuple(taken)) => {
                sent.len() == taken.len() && sent.iter().zip(taken).all(|(sent, taken)| self.ask(number, *sent, *taken))
            }
            (Shape::Record(sent), Shape::Record(taken)) => self.record_holds(number, sent, taken),
            (Shape::Deferred(sent), Shape::Deferred(taken)) => self.ask(number, *sent, *taken),
            (Shape::Streamed { item: sent, end: sent_end }, Shape::Streamed { item: taken, end }) => {
                let ends = match (sent_end, end) {
                    (_, None) => true,
                    (None, Some(_)) => false,
                    (Some(sent), Some(taken)) => self.ask(number, *sent, *taken),
                };
                ends && self.ask(number, *sent, *taken)
            }
            (Shape::FormData(sent), Shape::FormData(taken)) => match (sent, taken) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(sent), Some(taken)) => self.ask(number, *sent, *taken),
            },
            (
                Shape::JavaScript { name: sent, arguments: sent_arguments },
                Shape::JavaScript { name: taken, arguments },
            ) => {
                sent == taken
                    && sent_arguments.len() == arguments.len()
                    && sent_arguments.iter().zip(arguments).all(|(sent, taken)| self.ask(number, *sent, *taken))
            }
            (sent, taken) => scalar::fits(sent, taken),
        }
    }

    /// Whether it is JSON through and through; `any` is [`Shape::Any`].
    fn is_json(&mut self, number: usize, sent: &Shape<'c>, any: TypeId) -> bool {
        match sent {
            Shape::Array { item, .. } => self.ask(number, *item, any),
            Shape::Tuple(items) => items.iter().all(|item| self.ask(number, *item, any)),
            Shape::Record(record) => {
                let rest = record.rest.is_none_or(|(_, value)| self.ask(number, value, any));
                rest && record.members.iter().all(|member| self.ask(number, member.id, any))
            }
            Shape::Deferred(_)
            | Shape::Streamed { .. }
            | Shape::FormData(_)
            | Shape::ByteStream
            | Shape::JavaScript { .. }
            | Shape::Unknown { .. } => false,
            _ => true,
        }
    }

    fn record_holds(&mut self, number: usize, sent: &Record<'c>, taken: &Record<'c>) -> bool {
        let flow = self.states[number].question.flow;
        let checks_rules = flow == Flow::ToServer;
        for member in &taken.members {
            let fits = match sent.get(member.name) {
                Some(sent) => {
                    (member.optional || !sent.optional)
                        && (!checks_rules || rules::imply(sent, member, &mut self.types))
                        && self.ask(number, sent.id, member.id)
                }
                None => {
                    let by_chance = sent.rest.filter(|(key, _)| self.key_may_be(member.name, *key));
                    rules::may_be_missing(member, flow)
                        && by_chance.is_none_or(|(_, value)| self.ask(number, value, member.id))
                }
            };
            if !fits {
                return false;
            }
        }
        let mut others = sent.members.iter().filter(|member| taken.get(member.name).is_none());
        let members_fit = others.all(|member| match taken.rest {
            Some((key, value)) => self.key_is(member.name, key) && self.ask(number, member.id, value),
            None => !taken.closed,
        });
        members_fit
            && match (sent.rest, taken.rest) {
                (Some((key, value)), Some((taken_key, taken_value))) => {
                    self.key_fits(key, taken_key) && self.ask(number, value, taken_value)
                }
                (Some(_), None) => !taken.closed,
                (None, _) => true,
            }
    }

    /// Whether all texts that are keys of one map are keys of another.
    pub(super) fn key_fits(&mut self, sent: TypeId, taken: TypeId) -> bool {
        let (sent, taken) = (self.keys(sent), self.keys(taken));
        sent.iter().all(|sent| {
            let fits = |taken: &Option<Shape<'_>>| match (sent, taken) {
                (Some(_), Some(Shape::Any)) => true,
                (Some(Shape::Any), Some(Shape::Text(None))) => true,
                (Some(sent), Some(taken)) => scalar::fits(sent, taken),
                _ => false,
            };
            taken.iter().any(fits)
        })
    }

    pub(super) fn key_is(&mut self, name: &str, key: TypeId) -> bool {
        let name = Shape::Literal(Literal::String(name.to_owned()));
        let keys = self.keys(key);
        keys.iter().flatten().any(|key| matches!(key, Shape::Any) || scalar::fits(&name, key))
    }

    /// Whether a name is not known to be no key.
    pub(super) fn key_may_be(&mut self, name: &str, key: TypeId) -> bool {
        self.key_is(name, key) || self.keys(key).iter().any(|key| matches!(key, None | Some(Shape::Text(Some(_)))))
    }

    fn keys(&mut self, key: TypeId) -> Vec<Option<Shape<'c>>> {
        let texts = ["true", "false"].map(|text| Some(Shape::Literal(Literal::String(text.to_owned()))));
        let keys = self.shapes(key).into_iter().flat_map(|shape| match shape {
            Shape::Boolean => texts.to_vec(),
            shape => vec![scalar::as_key(&shape)],
        });
        keys.collect()
    }

    pub(super) fn head(&mut self, id: TypeId) -> Rc<Head<'c>> {
        self.types.head(id)
    }
}
