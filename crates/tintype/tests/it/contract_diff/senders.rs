//! Random values, as a sender of a type sends them.

use std::collections::BTreeMap;

use tintype::contract::{IntegerKind, Literal, Rule, StringFormat, Type};

use super::values::{
    Closed, Meaning, Member, Shape, Taker, Value, bounds, has_no_twins, is_required, keeps, literal_value,
};

/// Seeded, so that a failure can be repeated: splitmix64.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }

    fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Deeper values are not sent.
const DEEPEST: usize = 6;

/// Values of more parts are not sent: those of some recursive types would never end.
const LARGEST: usize = 200;

pub(super) struct Sender<'m, 'c> {
    meaning: &'m Meaning<'c>,
    /// Clients keep the rules of what they send to a server.
    taker: Taker,
    random: Random,
    /// How many parts the value may still have.
    parts: usize,
}

impl<'m, 'c> Sender<'m, 'c> {
    pub(super) fn new(meaning: &'m Meaning<'c>, taker: Taker, seed: u64) -> Self {
        Self { meaning, taker, random: Random(seed), parts: 0 }
    }
}

impl<'c> Sender<'_, 'c> {
    /// A value of the type; `None` if none was found, as for recursion without an end.
    pub(super) fn send(&mut self, closed: &Closed<'c>) -> Option<Value> {
        self.parts = LARGEST;
        self.value(closed, &[], 0)
    }

    fn value(&mut self, closed: &Closed<'c>, rules: &[Rule], depth: usize) -> Option<Value> {
        self.parts = self.parts.saturating_sub(1);
        if depth > DEEPEST || self.parts == 0 {
            return None;
        }
        let meaning = self.meaning;
        let closed = meaning.follow(closed);
        match closed.ty {
            Type::Union { .. } | Type::Nullable { .. } => {
                let mut alternatives = meaning.alternatives(&closed);
                while !alternatives.is_empty() {
                    let chosen = alternatives.swap_remove(self.random.below(alternatives.len()));
                    if let Some(value) = self.value(&chosen, rules, depth) {
                        return Some(value);
                    }
                }
                None
            }
            Type::Object { .. } | Type::Map { .. } | Type::Intersection { .. } => {
                let shapes = meaning.shapes(&closed);
                if shapes.is_empty() {
                    return None;
                }
                let shape = shapes[self.random.below(shapes.len())].clone();
                self.object(&shape, depth)
            }
            Type::Array { item, unique, length } => {
                let item = meaning.inside(&closed, item);
                let length = length.unwrap_or_else(|| self.length(rules));
                let mut items: Vec<Value> = Vec::new();
                for _ in 0..length * 4 {
                    let Some(value) = (items.len() < length).then(|| self.value(&item, &[], depth + 1)) else { break };
                    items.push(value?);
                    if *unique && !has_no_twins(&items) {
                        items.pop();
                    }
                }
                (items.len() == length || closed_length(closed.ty).is_none()).then_some(Value::Array(items))
            }
            Type::Entries { key, value } => {
                let (key, value) = (meaning.inside(&closed, key), meaning.inside(&closed, value));
                let length = self.random.below(3);
                let pairs = (0..length).map(|_| {
                    Some(Value::Array(vec![self.value(&key, &[], depth + 1)?, self.value(&value, &[], depth + 1)?]))
                });
                Some(Value::Array(pairs.collect::<Option<_>>()?))
            }
            Type::Tuple { items } => {
                let items = items.iter().map(|item| self.value(&meaning.inside(&closed, item), &[], depth + 1));
                Some(Value::Array(items.collect::<Option<_>>()?))
            }
            Type::Deferred { of } => {
                let value = self.value(&meaning.inside(&closed, of), &[], depth + 1)?;
                Some(Value::Later(Box::new(value)))
            }
            ty => Some(self.scalar(ty, rules)),
        }
    }

    fn object(&mut self, shape: &Shape<'c>, depth: usize) -> Option<Value> {
        let mut members = BTreeMap::new();
        for (name, member) in &shape.members {
            let is_required = self.taker == Taker::Server && is_required(&member.field.rules);
            let may_be_absent = member.field.optional && !is_required;
            if may_be_absent && self.random.below(2) == 0 {
                continue;
            }
            match self.member(member, depth) {
                Some(value) => drop(members.insert((*name).to_owned(), value)),
                None if may_be_absent => {}
                None => return None,
            }
        }
        if let Some((key, rest)) = &shape.rest {
            for _ in 0..self.random.below(4) {
                let name = self.key(key.as_ref());
                if shape.members.contains_key(name.as_str()) {
                    continue;
                }
                let value = match rest {
                    Some(rest) => self.value(rest, &[], depth + 1),
                    None => Some(self.anything()),
                };
                members.extend(value.map(|value| (name, value)));
            }
        }
        Some(Value::Object(members))
    }

    fn member(&mut self, member: &Member<'c>, depth: usize) -> Option<Value> {
        let rules = if self.taker == Taker::Server { &member.field.rules[..] } else { &[] };
        (0..24).find_map(|_| self.value(&member.ty, rules, depth + 1).filter(|value| keeps(value, rules)))
    }

    fn key(&mut self, key: Option<&Closed<'c>>) -> String {
        const NAMES: [&str; 8] = ["a", "b", "c", "d", "kind", "new", "x", ""];
        let Some(key) = key else { return (*self.random.one_of(&NAMES)).to_owned() };
        let alternatives = self.meaning.alternatives(key);
        let chosen = alternatives[self.random.below(alternatives.len())].clone();
        match chosen.ty {
            Type::Integer { kind } | Type::BigInt { kind } => match self.scalar(&Type::BigInt { kind: *kind }, &[]) {
                Value::Text(text) => text,
                _ => unreachable!("integers as text are text"),
            },
            Type::Literal { value: Literal::Integer(value) } => value.to_string(),
            Type::Literal { value: Literal::Boolean(value) } => value.to_string(),
            Type::Literal { value: Literal::String(value) } => value.clone(),
            Type::String { format: Some(format) } => self.formatted(*format),
            _ => (*self.random.one_of(&NAMES)).to_owned(),
        }
    }

    fn scalar(&mut self, ty: &Type, rules: &[Rule]) -> Value {
        match ty {
            Type::Any => self.anything(),
            Type::Null => Value::Null,
            Type::Boolean => Value::Boolean(self.random.below(2) == 0),
            Type::String { format: None } => Value::Text(self.text(rules)),
            Type::String { format: Some(format) } => Value::Text(self.formatted(*format)),
            Type::Integer { kind } => self.integer(*kind, rules),
            Type::Number => match self.random.below(3) {
                0 => Value::Double(*self.random.one_of(&[0.5, -1.25, 1e300, 149.5])),
                _ => self.integer(IntegerKind::Safe, rules),
            },
            Type::Float => match self.random.below(4) {
                0 => Value::Text((*self.random.one_of(&["NaN", "Infinity", "-Infinity"])).to_owned()),
                1 => Value::Double(-0.75),
                _ => self.integer(IntegerKind::Safe, rules),
            },
            Type::BigInt { kind } => match self.integer(*kind, &[]) {
                Value::Integer { negative, magnitude } => {
                    Value::Text(format!("{}{magnitude}", if negative { "-" } else { "" }))
                }
                _ => unreachable!("integers are integers"),
            },
            Type::Literal { value } => literal_value(value),
            Type::ByteStream => Value::Bytes,
            ty => panic!("{ty:?} is no scalar"),
        }
    }

    fn integer(&mut self, kind: IntegerKind, rules: &[Rule]) -> Value {
        let (below, above) = bounds(kind);
        let mut candidates = vec![(true, below), (false, above), (false, 0), (false, above.min(1))];
        for rule in rules {
            if let Rule::Range { min, max } = rule {
                candidates.extend([min, max].into_iter().flatten().map(|it| (*it < 0.0, it.abs() as u128)));
            }
        }
        candidates.push((false, self.random.below(400) as u128));
        candidates.retain(|(negative, magnitude)| *magnitude <= if *negative { below } else { above });
        let (negative, magnitude) = *self.random.one_of(&candidates);
        Value::Integer { negative: negative && magnitude > 0, magnitude }
    }

    fn length(&mut self, rules: &[Rule]) -> usize {
        let mut candidates = vec![0, 1, 2, 3];
        for rule in rules {
            if let Rule::Length { min, max, .. } = rule {
                let bounds = [min, max].into_iter().flatten();
                candidates.extend(bounds.map(|it| usize::try_from(*it).unwrap().min(20)));
            }
        }
        *self.random.one_of(&candidates)
    }

    fn text(&mut self, rules: &[Rule]) -> String {
        let filler = *self.random.one_of(&['a', 'a', 'z', '7', ' ', 'é', '🦀']);
        let mut length = self.length(rules);
        let mut text = String::new();
        for rule in rules {
            if let Rule::Prefix { text: part } | Rule::Contains { text: part } = rule {
                text.push_str(part);
            }
        }
        let suffix: String = rules
            .iter()
            .filter_map(|rule| if let Rule::Suffix { text } = rule { Some(text.as_str()) } else { None })
            .collect();
        length = length.saturating_sub(text.len() + suffix.len());
        text.extend(std::iter::repeat_n(filler, length));
        text + &suffix
    }

    fn formatted(&mut self, format: StringFormat) -> String {
        let samples: &[&str] = match format {
            StringFormat::Uuid => &["018f4c1e-7b1a-7c3d-9e2f-0123456789ab"],
            StringFormat::DateTime => &["2026-11-25T18:00:00Z", "2026-11-25T18:00:00.5+02:00"],
            StringFormat::LocalDateTime => &["2026-11-25T18:00:00"],
            StringFormat::Date => &["2026-11-25"],
            StringFormat::Time => &["18:00:00"],
            StringFormat::Duration => &["PT1.5S"],
            StringFormat::Decimal => &["12.50", "-7"],
            StringFormat::Bytes => &["aGVsbG8="],
            StringFormat::Char => &["a", "🦀"],
            StringFormat::Ip => &["127.0.0.1", "::1"],
            StringFormat::Ipv4 => &["127.0.0.1"],
            StringFormat::Ipv6 => &["::1"],
            StringFormat::Url => &["https://example.com/"],
        };
        (*self.random.one_of(samples)).to_owned()
    }

    fn anything(&mut self) -> Value {
        let member = |value| Value::Object(BTreeMap::from([("a".to_owned(), value)]));
        match self.random.below(7) {
            0 => Value::Null,
            1 => Value::Boolean(true),
            2 => Value::integer(-5),
            3 => Value::Double(2.5),
            4 => Value::Text("text".to_owned()),
            5 => Value::Array(vec![Value::Null]),
            _ => member(Value::Boolean(false)),
        }
    }
}

fn closed_length(ty: &Type) -> Option<usize> {
    match ty {
        Type::Array { length, .. } => *length,
        _ => None,
    }
}
