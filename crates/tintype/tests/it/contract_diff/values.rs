//! What the types of a contract mean, value by value, written from the documentation of the model.

use std::{collections::BTreeMap, rc::Rc};

use tintype::contract::{Contract, Field, IntegerKind, LengthUnit, Literal, NamedType, Rule, StringFormat, Type};

/// JSON with integers of any size, and what only streams and bodies have.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    Integer { negative: bool, magnitude: u128 },
    Double(f64),
    Text(String),
    Array(Vec<Value>),
    Object(BTreeMap<String, Value>),
    Later(Box<Value>),
    Bytes,
}

impl Value {
    pub(super) fn integer(value: i128) -> Self {
        Self::Integer { negative: value < 0, magnitude: value.unsigned_abs() }
    }
}

/// Who takes a value, and so how it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taker {
    Server,
    Client,
}

/// A type together with what its parameters stand for.
#[derive(Debug, Clone)]
pub(super) struct Closed<'c> {
    pub(super) ty: &'c Type,
    scope: Rc<Vec<(&'c str, Closed<'c>)>>,
}

/// A member of an object.
#[derive(Debug, Clone)]
pub(super) struct Member<'c> {
    pub(super) ty: Closed<'c>,
    pub(super) field: &'c Field,
}

/// What an object may be; of a union in an intersection there are several.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape<'c> {
    pub(super) members: BTreeMap<&'c str, Member<'c>>,
    pub(super) rest: Option<(Option<Closed<'c>>, Option<Closed<'c>>)>,
    pub(super) closed: bool,
}

/// The meaning of the types of one contract.
#[derive(Debug)]
pub(super) struct Meaning<'c> {
    types: BTreeMap<&'c str, &'c NamedType>,
}

impl<'c> Meaning<'c> {
    pub(super) fn of(contract: &'c Contract) -> Self {
        Self { types: contract.types.iter().map(|named| (named.name.as_str(), named)).collect() }
    }

    pub(super) fn close(&self, ty: &'c Type) -> Closed<'c> {
        Closed { ty, scope: Rc::default() }
    }

    pub(super) fn inside(&self, outer: &Closed<'c>, ty: &'c Type) -> Closed<'c> {
        match ty {
            Type::Parameter { name } => outer.scope.iter().find(|(it, _)| it == name).unwrap().1.clone(),
            ty => Closed { ty, scope: Rc::clone(&outer.scope) },
        }
    }

    /// What a reference refers to, or the type itself.
    pub(super) fn follow(&self, closed: &Closed<'c>) -> Closed<'c> {
        let Type::Reference { name, arguments } = closed.ty else { return closed.clone() };
        let named = self.types[name.as_str()];
        let arguments = arguments.iter().map(|argument| self.inside(closed, argument));
        let scope = named.parameters.iter().map(String::as_str).zip(arguments).collect();
        let body = Closed { ty: &named.ty, scope: Rc::new(scope) };
        let body = self.inside(&body, body.ty);
        self.follow(&body)
    }

    /// The members of a union within unions, and `null`.
    pub(super) fn alternatives(&self, closed: &Closed<'c>) -> Vec<Closed<'c>> {
        const NULL: &Type = &Type::Null;
        let closed = self.follow(closed);
        match closed.ty {
            Type::Union { variants, .. } => {
                variants.iter().flat_map(|variant| self.alternatives(&self.inside(&closed, &variant.ty))).collect()
            }
            Type::Nullable { of } => {
                let mut all = self.alternatives(&self.inside(&closed, of));
                all.push(Closed { ty: NULL, scope: Rc::default() });
                all
            }
            _ => vec![closed],
        }
    }

    /// The objects that a type may be.
    pub(super) fn shapes(&self, closed: &Closed<'c>) -> Vec<Shape<'c>> {
        let closed = self.follow(closed);
        match closed.ty {
            Type::Object { fields, closed: is_closed } => {
                let member = |field: &'c Field| Member { ty: self.inside(&closed, &field.ty), field };
                let members = fields.iter().map(|field| (field.name.as_str(), member(field))).collect();
                vec![Shape { members, rest: None, closed: *is_closed }]
            }
            Type::Map { key, value } => {
                let rest = Some((Some(self.inside(&closed, key)), Some(self.inside(&closed, value))));
                vec![Shape { rest, ..Shape::default() }]
            }
            // `None` flattened into an object has no members, and any JSON may have any.
            Type::Null => vec![Shape::default()],
            Type::Any => vec![Shape { rest: Some((None, None)), ..Shape::default() }],
            Type::Union { .. } | Type::Nullable { .. } => {
                self.alternatives(&closed).iter().flat_map(|it| self.shapes(it)).collect()
            }
            Type::Intersection { parts } => {
                let mut all = vec![Shape::default()];
                for part in parts {
                    let shapes = self.shapes(&self.inside(&closed, part));
                    all = all.iter().flat_map(|one| shapes.iter().map(|other| merge(one, other))).collect();
                }
                all
            }
            _ => Vec::new(),
        }
    }

    /// Whether a receiver takes a value as this type.
    pub(super) fn takes(&self, closed: &Closed<'c>, value: &Value, taker: Taker) -> bool {
        let closed = self.follow(closed);
        let inner = |ty: &'c Type, value: &Value| self.takes(&self.inside(&closed, ty), value, taker);
        match (closed.ty, value) {
            (Type::Any, Value::Bytes | Value::Later(_)) => false,
            (Type::Any, Value::Array(items)) => items.iter().all(|item| self.takes(&closed, item, taker)),
            (Type::Any, Value::Object(members)) => members.values().all(|it| self.takes(&closed, it, taker)),
            (Type::Any, _) => true,
            (Type::Null, value) => *value == Value::Null,
            (Type::Boolean, value) => matches!(value, Value::Boolean(_)),
            (Type::String { format: None }, value) => matches!(value, Value::Text(_)),
            (Type::String { format: Some(format) }, Value::Text(text)) => is_of_format(text, *format),
            (Type::Integer { kind }, Value::Integer { negative, magnitude }) => {
                is_in_range(*negative, *magnitude, *kind)
            }
            (Type::Number, value) => is_number(value),
            (Type::Float, value) => {
                let is_text = |it: &str| ["NaN", "Infinity", "-Infinity"].contains(&it);
                is_number(value) || matches!(value, Value::Text(text) if is_text(text))
            }
            (Type::BigInt { kind }, Value::Text(text)) => {
                digits(text).is_some_and(|(negative, magnitude)| is_in_range(negative, magnitude, *kind))
            }
            (Type::Literal { value: literal }, value) => *value == literal_value(literal),
            (Type::Array { item, unique, length }, Value::Array(items)) => {
                let is_unique = !unique || taker == Taker::Server || has_no_twins(items);
                length.is_none_or(|length| length == items.len())
                    && is_unique
                    && items.iter().all(|value| inner(item, value))
            }
            (Type::Tuple { items: types }, Value::Array(items)) => {
                types.len() == items.len() && types.iter().zip(items).all(|(ty, value)| inner(ty, value))
            }
            (Type::Entries { key, value }, Value::Array(items)) => items.iter().all(|item| match item {
                Value::Array(pair) => matches!(&pair[..], [one, other] if inner(key, one) && inner(value, other)),
                _ => false,
            }),
            (Type::Union { .. } | Type::Nullable { .. }, value) => {
                self.alternatives(&closed).iter().any(|it| self.takes(it, value, taker))
            }
            (Type::Object { .. } | Type::Map { .. } | Type::Intersection { .. }, Value::Object(members)) => {
                self.shapes(&closed).iter().any(|shape| self.takes_object(shape, members, taker))
            }
            (Type::Deferred { of }, Value::Later(value)) => inner(of, value),
            (Type::ByteStream, Value::Bytes) => true,
            _ => false,
        }
    }

    fn takes_object(&self, shape: &Shape<'c>, members: &BTreeMap<String, Value>, taker: Taker) -> bool {
        let named = shape.members.iter().all(|(name, member)| match members.get(*name) {
            None => member.field.optional && !(taker == Taker::Server && is_required(&member.field.rules)),
            Some(value) => {
                self.takes(&member.ty, value, taker) && (taker == Taker::Client || keeps(value, &member.field.rules))
            }
        });
        let mut others = members.iter().filter(|(name, _)| !shape.members.contains_key(name.as_str()));
        named
            && others.all(|(name, value)| match &shape.rest {
                Some((key, rest)) => {
                    key.as_ref().is_none_or(|key| self.is_key(key, name))
                        && rest.as_ref().is_none_or(|rest| self.takes(rest, value, taker))
                }
                None => !shape.closed,
            })
    }

    /// Whether a text is a key of a map.
    fn is_key(&self, key: &Closed<'c>, name: &str) -> bool {
        self.alternatives(key).iter().any(|key| match key.ty {
            Type::Integer { kind } | Type::BigInt { kind } => {
                digits(name).is_some_and(|(negative, magnitude)| is_in_range(negative, magnitude, *kind))
            }
            Type::Literal { value: Literal::Integer(value) } => value.to_string() == name,
            Type::Literal { value: Literal::Boolean(value) } => value.to_string() == name,
            _ => self.takes(key, &Value::Text(name.to_owned()), Taker::Server),
        })
    }

    /// Whether a client takes a value as an error of this type, or knows that it does not know it.
    pub(super) fn takes_error(&self, closed: &Closed<'c>, value: &Value) -> bool {
        self.takes(closed, value, Taker::Client) || self.is_foreign(closed, value)
    }

    fn is_foreign(&self, closed: &Closed<'c>, value: &Value) -> bool {
        let mut known = Vec::new();
        let alternatives = self.alternatives(closed);
        for alternative in &alternatives {
            match alternative.ty {
                Type::Literal { .. } | Type::Null => {}
                Type::Object { .. } | Type::Map { .. } | Type::Intersection { .. } => {
                    known.extend(self.shapes(alternative));
                }
                _ => return false,
            }
        }
        let tag_of = |shape: &Shape<'c>, name: &str| {
            let member = shape.members.get(name).filter(|member| !member.field.optional)?;
            match self.follow(&member.ty).ty {
                Type::Literal { value } => Some(literal_value(value)),
                _ => None,
            }
        };
        let is_tagged = |shape: &Shape<'c>| shape.members.keys().any(|name| tag_of(shape, name).is_some());
        match value {
            Value::Object(members) => {
                let is_named_otherwise =
                    |name: &str| known.iter().all(|shape| shape.rest.is_none() && !shape.members.contains_key(name));
                if members.len() == 1 && members.keys().all(|name| is_named_otherwise(name)) {
                    return true;
                }
                let is_told_apart = |name: &str, value: &Value| {
                    known.iter().all(|shape| tag_of(shape, name).is_some_and(|tag| tag != *value))
                };
                (!known.is_empty() || alternatives.is_empty())
                    && members.iter().any(|(name, value)| is_told_apart(name, value))
            }
            Value::Text(_) | Value::Boolean(_) | Value::Integer { .. } => !known.iter().any(is_tagged),
            _ => false,
        }
    }
}

fn merge<'c>(one: &Shape<'c>, other: &Shape<'c>) -> Shape<'c> {
    let mut merged = one.clone();
    merged.members.extend(other.members.iter().map(|(name, member)| (*name, member.clone())));
    merged.rest = one.rest.clone().or_else(|| other.rest.clone());
    merged.closed |= other.closed;
    merged
}

pub(super) fn literal_value(literal: &Literal) -> Value {
    match literal {
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::Integer(value) => Value::integer(i128::from(*value)),
        Literal::String(text) => Value::Text(text.clone()),
    }
}

/// A number that a double holds with all its digits.
fn is_number(value: &Value) -> bool {
    match value {
        Value::Double(_) => true,
        Value::Integer { magnitude, .. } => *magnitude < 1 << 53,
        _ => false,
    }
}

pub(super) fn has_no_twins(items: &[Value]) -> bool {
    items.iter().enumerate().all(|(position, item)| !items[..position].contains(item))
}

fn digits(text: &str) -> Option<(bool, u128)> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let magnitude = digits.parse().ok()?;
    (u128::to_string(&magnitude) == digits && !(negative && magnitude == 0)).then_some((negative, magnitude))
}

/// The greatest magnitudes below and above zero.
pub(super) fn bounds(kind: IntegerKind) -> (u128, u128) {
    const SAFE: u128 = (1 << 53) - 1;
    let signed = |bits: u32| (1 << (bits - 1), (1 << (bits - 1)) - 1);
    match kind {
        IntegerKind::I8 => signed(8),
        IntegerKind::I16 => signed(16),
        IntegerKind::I32 => signed(32),
        IntegerKind::I64 => signed(64),
        IntegerKind::I128 => signed(128),
        IntegerKind::U8 => (0, u8::MAX.into()),
        IntegerKind::U16 => (0, u16::MAX.into()),
        IntegerKind::U32 => (0, u32::MAX.into()),
        IntegerKind::U64 => (0, u64::MAX.into()),
        IntegerKind::U128 => (0, u128::MAX),
        IntegerKind::Safe => (SAFE, SAFE),
        IntegerKind::SafeUnsigned => (0, SAFE),
    }
}

fn is_in_range(negative: bool, magnitude: u128, kind: IntegerKind) -> bool {
    let (below, above) = bounds(kind);
    magnitude <= if negative { below } else { above }
}

fn is_of_format(text: &str, format: StringFormat) -> bool {
    match format {
        StringFormat::Uuid => text.len() == 36 && uuid::Uuid::parse_str(text).is_ok(),
        StringFormat::DateTime => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        StringFormat::LocalDateTime => text.parse::<chrono::NaiveDateTime>().is_ok(),
        StringFormat::Date => text.parse::<chrono::NaiveDate>().is_ok(),
        StringFormat::Time => text.parse::<chrono::NaiveTime>().is_ok(),
        StringFormat::Duration => text.starts_with('P'),
        StringFormat::Decimal => {
            let body = text.strip_prefix('-').unwrap_or(text);
            !body.is_empty() && body.chars().all(|it| it.is_ascii_digit() || it == '.')
        }
        StringFormat::Bytes => text.len().is_multiple_of(4) && text.ends_with('='),
        StringFormat::Char => text.chars().count() == 1,
        StringFormat::Ip => text.parse::<std::net::IpAddr>().is_ok(),
        StringFormat::Ipv4 => text.parse::<std::net::Ipv4Addr>().is_ok(),
        StringFormat::Ipv6 => text.parse::<std::net::Ipv6Addr>().is_ok(),
        StringFormat::Url => text.contains("://"),
    }
}

pub(super) fn is_required(rules: &[Rule]) -> bool {
    rules.contains(&Rule::Required)
}

/// Whether a value keeps rules, as garde checks them: what a rule is not about keeps it.
pub(super) fn keeps(value: &Value, rules: &[Rule]) -> bool {
    rules.iter().all(|rule| match (rule, value) {
        (Rule::Required, value) => *value != Value::Null,
        (Rule::Length { unit, min, max }, value) => {
            let length = match value {
                Value::Text(text) => match unit {
                    LengthUnit::Simple | LengthUnit::Bytes => text.len(),
                    // Combining characters are not among the texts that are tried.
                    LengthUnit::Chars | LengthUnit::Graphemes => text.chars().count(),
                    LengthUnit::Utf16 => text.encode_utf16().count(),
                },
                Value::Array(items) => items.len(),
                _ => return true,
            } as u64;
            min.is_none_or(|min| min <= length) && max.is_none_or(|max| length <= max)
        }
        (Rule::Range { min, max }, Value::Integer { negative, magnitude }) => {
            let value = *magnitude as f64 * if *negative { -1.0 } else { 1.0 };
            min.is_none_or(|min| min <= value) && max.is_none_or(|max| value <= max)
        }
        (Rule::Range { min, max }, Value::Double(value)) => {
            min.is_none_or(|min| min <= *value) && max.is_none_or(|max| *value <= max)
        }
        (Rule::Contains { text }, Value::Text(value)) => value.contains(text),
        (Rule::Prefix { text }, Value::Text(value)) => value.starts_with(text),
        (Rule::Suffix { text }, Value::Text(value)) => value.ends_with(text),
        (Rule::Ascii, Value::Text(value)) => value.is_ascii(),
        (Rule::Alphanumeric, Value::Text(value)) => value.chars().all(|it| it.is_ascii_alphanumeric()),
        (Rule::Inner { rules }, Value::Array(items)) => items.iter().all(|item| keeps(item, rules)),
        _ => true,
    })
}
