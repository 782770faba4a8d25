use std::collections::HashMap;

use super::{IntegerKind, Literal, Rule, StringFormat, universe::TypeId};

/// What a closed type is at its outermost level.
#[derive(Debug)]
pub(super) enum Head<'c> {
    One(Shape<'c>),
    /// One of several, each of which is a [`Head::One`].
    Choice {
        /// The member that tells them apart.
        tag: Option<&'c str>,
        alternatives: Vec<Alternative<'c>>,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Alternative<'c> {
    /// The name of the variant, or nothing.
    pub(super) name: String,
    pub(super) id: TypeId,
    pub(super) deprecated: Option<&'c str>,
}

/// A type that is no union.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape<'c> {
    Any,
    Null,
    Boolean,
    Text(Option<StringFormat>),
    Integer(IntegerKind),
    Number,
    Float,
    BigInt(IntegerKind),
    Literal(Literal),
    /// Entries are arrays of pairs.
    Array {
        item: TypeId,
        unique: bool,
        length: Option<usize>,
    },
    Tuple(Vec<TypeId>),
    /// Objects, maps, and intersections of them.
    Record(Record<'c>),
    Deferred(TypeId),
    Streamed {
        item: TypeId,
        end: Option<TypeId>,
    },
    FormData(Option<TypeId>),
    ByteStream,
    JavaScript {
        name: &'c str,
        arguments: Vec<TypeId>,
    },
    /// What cannot be looked into: the same as what is written in the same way, and as nothing else.
    Unknown {
        text: String,
        why: Obstacle,
    },
}

/// Why a type cannot be looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// It refers to what is not there, to itself and nothing else, or to what never ends.
    Lost,
    /// Too many unions and intersections lie in one another.
    Levels,
    /// It may be too many types.
    Alternatives,
    /// It is one object of parts that are none.
    NoObject,
}

/// A JSON object.
#[derive(Debug, Clone)]
pub(super) struct Record<'c> {
    pub(super) members: Vec<Member<'c>>,
    positions: HashMap<&'c str, usize>,
    /// Key and value of all other members; without it there are none.
    pub(super) rest: Option<(TypeId, TypeId)>,
    /// Whether other members are refused, if there is no `rest` that describes them.
    pub(super) closed: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member<'c> {
    pub(super) name: &'c str,
    pub(super) id: TypeId,
    pub(super) optional: bool,
    pub(super) rules: Vec<&'c Rule>,
    pub(super) deprecated: Option<&'c str>,
}

impl<'c> Record<'c> {
    pub(super) fn new(members: Vec<Member<'c>>, rest: Option<(TypeId, TypeId)>, closed: bool) -> Self {
        let mut record = Self { members: Vec::new(), positions: HashMap::new(), rest, closed };
        members.into_iter().for_each(|member| record.insert(member));
        record
    }

    pub(super) fn get(&self, name: &str) -> Option<&Member<'c>> {
        self.positions.get(name).map(|position| &self.members[*position])
    }

    /// Adds a member, or replaces the one of its name.
    pub(super) fn insert(&mut self, member: Member<'c>) {
        match self.positions.get(member.name) {
            Some(position) => self.members[*position] = member,
            None => {
                self.positions.insert(member.name, self.members.len());
                self.members.push(member);
            }
        }
    }
}

impl PartialEq for Record<'_> {
    fn eq(&self, other: &Self) -> bool {
        (&self.members, self.rest, self.closed) == (&other.members, other.rest, other.closed)
    }
}

impl Shape<'_> {
    /// The types directly in it.
    pub(super) fn inner(&self) -> Vec<TypeId> {
        match self {
            Shape::Array { item, .. } | Shape::Deferred(item) => vec![*item],
            Shape::Tuple(items) => items.clone(),
            Shape::Record(record) => {
                let rest = record.rest.into_iter().flat_map(|(key, value)| [key, value]);
                record.members.iter().map(|member| member.id).chain(rest).collect()
            }
            Shape::Streamed { item, end } => std::iter::once(*item).chain(*end).collect(),
            Shape::FormData(fields) => fields.iter().copied().collect(),
            Shape::JavaScript { arguments, .. } => arguments.clone(),
            _ => Vec::new(),
        }
    }
}
