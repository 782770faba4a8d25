//! Random types, random edits of them, and random values of a sender.

use proptest::{prelude::*, sample::Index};
use tintype::contract::{
    Contract, Field, Input, IntegerKind, Kind, LengthUnit, Literal, NamedType, Procedure, Rule, Source, StringFormat,
    Type, Usage, Variant,
};

const INTEGERS: [IntegerKind; 12] = [
    IntegerKind::I8,
    IntegerKind::I16,
    IntegerKind::I32,
    IntegerKind::I64,
    IntegerKind::I128,
    IntegerKind::U8,
    IntegerKind::U16,
    IntegerKind::U32,
    IntegerKind::U64,
    IntegerKind::U128,
    IntegerKind::Safe,
    IntegerKind::SafeUnsigned,
];

const FORMATS: [StringFormat; 13] = [
    StringFormat::Uuid,
    StringFormat::DateTime,
    StringFormat::LocalDateTime,
    StringFormat::Date,
    StringFormat::Time,
    StringFormat::Duration,
    StringFormat::Decimal,
    StringFormat::Bytes,
    StringFormat::Char,
    StringFormat::Ip,
    StringFormat::Ipv4,
    StringFormat::Ipv6,
    StringFormat::Url,
];

/// Names of members; parts of an intersection take them from different ends.
const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

pub(super) fn text() -> Type {
    Type::String { format: None }
}

fn literal(text: &str) -> Type {
    Type::Literal { value: Literal::String(text.to_owned()) }
}

pub(super) fn reference(name: &str, arguments: Vec<Type>) -> Type {
    Type::Reference { name: name.to_owned(), arguments }
}

pub(super) fn field(name: &str, ty: Type, optional: bool) -> Field {
    Field { name: name.to_owned(), ty, optional, docs: String::new(), deprecated: None, rules: Vec::new() }
}

pub(super) fn variant(name: &str, ty: Type) -> Variant {
    Variant { name: name.to_owned(), ty, docs: String::new(), deprecated: None }
}

pub(super) fn object(fields: Vec<Field>, closed: bool) -> Type {
    Type::Object { fields, closed }
}

fn scalar() -> impl Strategy<Value = Type> {
    prop_oneof![
        1 => Just(Type::Any),
        1 => Just(Type::Null),
        3 => Just(Type::Boolean),
        4 => Just(text()),
        3 => proptest::sample::select(&FORMATS[..]).prop_map(|format| Type::String { format: Some(format) }),
        4 => proptest::sample::select(&INTEGERS[..]).prop_map(|kind| Type::Integer { kind }),
        2 => Just(Type::Number),
        2 => Just(Type::Float),
        2 => proptest::sample::select(&INTEGERS[..]).prop_map(|kind| Type::BigInt { kind }),
        1 => any::<bool>().prop_map(|value| Type::Literal { value: Literal::Boolean(value) }),
        1 => (-3_i64..300).prop_map(|value| Type::Literal { value: Literal::Integer(value) }),
        1 => Just(Type::ByteStream),
    ]
}

fn leaf() -> impl Strategy<Value = Type> {
    prop_oneof![
        8 => scalar(),
        1 => Just(reference("A", Vec::new())),
        1 => Just(reference("B", Vec::new())),
        1 => scalar().prop_map(|argument| reference("Page", vec![argument])),
    ]
}

fn key() -> impl Strategy<Value = Type> {
    prop_oneof![
        3 => Just(text()),
        1 => Just(Type::String { format: Some(StringFormat::Uuid) }),
        1 => proptest::sample::select(&INTEGERS[..]).prop_map(|kind| Type::Integer { kind }),
        1 => enumeration(),
    ]
}

fn enumeration() -> impl Strategy<Value = Type> {
    proptest::sample::subsequence(NAMES.to_vec(), 1..4).prop_map(|names| Type::Union {
        tag: None,
        variants: names.into_iter().map(|name| variant(name, literal(name))).collect(),
    })
}

fn fields(names: &'static [&'static str], inner: impl Strategy<Value = Type>) -> impl Strategy<Value = Vec<Field>> {
    let fields = proptest::collection::vec((any::<bool>(), inner, any::<u8>()), 0..=names.len().min(3));
    fields.prop_map(|fields| {
        let named = names.iter().zip(fields);
        named
            .map(|(name, (optional, ty, pick))| Field {
                rules: if pick % 4 == 0 { rules_for(&ty, pick / 4) } else { Vec::new() },
                ..field(name, ty, optional)
            })
            .collect()
    })
}

/// Rules that a field of this type may have.
fn rules_for(ty: &Type, pick: u8) -> Vec<Rule> {
    let (min, max) = (u64::from(pick % 3), u64::from(pick % 5) + 3);
    match ty {
        Type::String { format: None } => match pick % 8 {
            0 => vec![Rule::Length { unit: LengthUnit::Chars, min: Some(min), max: Some(max) }],
            1 => vec![Rule::Length { unit: LengthUnit::Bytes, min: None, max: Some(max) }],
            2 => vec![Rule::Length { unit: LengthUnit::Utf16, min: Some(min), max: None }],
            3 => vec![Rule::Prefix { text: "ab"[..usize::from(pick) % 2 + 1].to_owned() }],
            4 => vec![Rule::Suffix { text: "ba"[usize::from(pick / 8) % 2..].to_owned() }],
            5 => vec![Rule::Contains { text: "a".to_owned() }],
            6 => vec![Rule::Ascii],
            _ => vec![Rule::Alphanumeric],
        },
        Type::Integer { .. } | Type::Number => {
            let min = pick.is_multiple_of(2).then(|| f64::from(pick % 7) - 3.0);
            vec![Rule::Range { min, max: (!pick.is_multiple_of(3)).then(|| f64::from(pick % 7) * 50.0) }]
        }
        Type::Array { length: None, .. } => vec![Rule::Length { unit: LengthUnit::Simple, min: None, max: Some(max) }],
        Type::Nullable { .. } => vec![Rule::Required],
        _ => Vec::new(),
    }
}

pub(super) fn ty() -> impl Strategy<Value = Type> {
    leaf().prop_recursive(3, 14, 3, |inner| {
        let inner = inner.boxed();
        let variants = proptest::collection::vec(fields(&NAMES[..2], inner.clone()), 1..4);
        let tagged = variants
            .prop_map(|variants| {
                let variants = variants.into_iter().zip(["x", "y", "z"]).map(|(mut fields, name)| {
                    fields.insert(0, field("kind", literal(name), false));
                    variant(name, object(fields, false))
                });
                Type::Union { tag: Some("kind".to_owned()), variants: variants.collect() }
            })
            .boxed();
        let untagged = proptest::collection::vec(inner.clone(), 1..4).prop_map(|types| {
            let variants = types.into_iter().zip(["X", "Y", "Z"]).map(|(ty, name)| variant(name, ty));
            Type::Union { tag: None, variants: variants.collect() }
        });
        let external = proptest::collection::vec(inner.clone(), 1..3).prop_map(|types| {
            let unit = variant("off", literal("off"));
            let data = types.into_iter().zip(["on", "dim"]);
            let data = data.map(|(ty, name)| variant(name, object(vec![field(name, ty, false)], true)));
            Type::Union { tag: None, variants: std::iter::once(unit).chain(data).collect() }
        });
        let plain = (fields(&NAMES[..3], inner.clone()), any::<Index>());
        let plain = plain.prop_map(|(fields, closed)| object(fields, closed.index(4) == 0));
        let rest = (key(), inner.clone()).prop_map(|(key, value)| map(key, value)).boxed();
        let flattened = prop_oneof![tagged.clone(), rest.clone()];
        let intersection = (fields(&NAMES[3..], inner.clone()), flattened)
            .prop_map(|(fields, other)| Type::Intersection { parts: vec![object(fields, false), other] });
        prop_oneof![
            2 => (inner.clone(), any::<bool>(), proptest::option::weighted(0.2, 0_usize..3))
                .prop_map(|(item, unique, length)| Type::Array { item: Box::new(item), unique, length }),
            1 => proptest::collection::vec(inner.clone(), 0..3).prop_map(|items| Type::Tuple { items }),
            1 => rest,
            1 => (inner.clone(), inner.clone())
                .prop_map(|(key, value)| Type::Entries { key: Box::new(key), value: Box::new(value) }),
            4 => plain,
            2 => tagged,
            1 => untagged,
            1 => external,
            1 => enumeration(),
            1 => intersection,
            2 => inner.clone().prop_map(nullable),
            1 => inner.prop_map(|of| Type::Deferred { of: Box::new(of) }),
        ]
    })
}

fn map(key: Type, value: Type) -> Type {
    Type::Map { key: Box::new(key), value: Box::new(value) }
}

pub(super) fn nullable(of: Type) -> Type {
    Type::Nullable { of: Box::new(of) }
}

/// A contract whose procedures `input`, `output` and `error` have the same type.
pub(super) fn contract() -> impl Strategy<Value = Contract> {
    (ty(), ty(), ty()).prop_map(|(root, a, b)| contract_of(root, vec![("A", a), ("B", b)]))
}

pub(super) fn contract_of(root: Type, types: Vec<(&str, Type)>) -> Contract {
    let source = Source { file: "lib.rs".to_owned(), line: 1, column: 1 };
    let procedure = |path: &str| Procedure {
        path: path.to_owned(),
        kind: Kind::Query,
        docs: String::new(),
        deprecated: None,
        flags: Vec::new(),
        invalidates: Vec::new(),
        input: None,
        output: None,
        ids: None,
        error: None,
        source: source.clone(),
    };
    let named = |name: &str, parameters: Vec<String>, ty| NamedType {
        name: name.to_owned(),
        rust: format!("types::{name}"),
        parameters,
        docs: String::new(),
        deprecated: None,
        usage: Usage::Both,
        brand: None,
        ty,
        source: source.clone(),
    };
    let parameter = Type::Parameter { name: "T".to_owned() };
    let again = nullable(reference("Page", vec![parameter.clone()]));
    let items = Type::Array { item: Box::new(parameter), unique: false, length: None };
    let page = object(vec![field("items", items, false), field("next", again, true)], false);
    let page = named("Page", vec!["T".to_owned()], page);
    Contract {
        version: Contract::VERSION,
        hash: "0123456789abcdef".to_owned(),
        procedures: vec![
            Procedure { error: Some(root.clone()), ..procedure("error") },
            Procedure { input: Some(Input { ty: root.clone(), optional: false }), ..procedure("input") },
            Procedure { output: Some(root), ..procedure("output") },
        ],
        types: types.into_iter().map(|(name, ty)| named(name, Vec::new(), ty)).chain([page]).collect(),
    }
}

/// A change of one type somewhere in a contract.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    place: Index,
    pick: u16,
    ty: Type,
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    (any::<Index>(), any::<u16>(), leaf()).prop_map(|(place, pick, ty)| Edit { place, pick, ty })
}

impl Edit {
    pub(super) fn apply(&self, contract: &mut Contract) {
        let mut root = contract.procedures[0].error.clone().unwrap();
        let mut count = 0;
        for ty in roots(&mut root, contract) {
            each(ty, &mut |_| count += 1);
        }
        let chosen = self.place.index(count);
        let mut position = 0;
        for ty in roots(&mut root, contract) {
            each(ty, &mut |ty| {
                if position == chosen {
                    self.change(ty);
                }
                position += 1;
            });
            each(ty, &mut repair);
        }
        contract.procedures[0].error = Some(root.clone());
        contract.procedures[1].input.as_mut().unwrap().ty = root.clone();
        contract.procedures[2].output = Some(root);
    }

    fn change(&self, ty: &mut Type) {
        let pick = usize::from(self.pick / 8);
        let is_odd = pick % 2 == 1;
        match (self.pick % 8, &mut *ty) {
            (0, ty) => *ty = self.ty.clone(),
            (1, ty) => *ty = nullable(ty.clone()),
            (_, Type::Object { fields, closed }) => {
                let position = pick / 8 % fields.len().max(1);
                match (pick % 8, fields.get_mut(position)) {
                    (0, _) => *closed = !*closed,
                    (1 | 2, _) => fields.push(field("new", self.ty.clone(), is_odd)),
                    (3, Some(_)) => drop(fields.remove(position)),
                    (4, Some(field)) => field.optional = !field.optional,
                    (5, Some(field)) => {
                        field.optional = true;
                        field.ty = nullable(field.ty.clone());
                    }
                    (_, Some(field)) => {
                        let [pick, _] = self.pick.to_le_bytes();
                        field.rules = rules_for(&field.ty, pick / 7);
                    }
                    (_, None) => {}
                }
            }
            (_, Type::Union { tag, variants }) => match pick % 3 {
                0 if variants.len() > 1 => drop(variants.remove(pick / 3 % variants.len())),
                1 => variants.reverse(),
                _ => variants.push(match tag {
                    Some(tag) => {
                        let tag = field(tag, literal("new"), false);
                        variant("new", object(vec![tag, field("extra", self.ty.clone(), is_odd)], false))
                    }
                    None if is_odd => variant("new", object(vec![field("new", self.ty.clone(), false)], false)),
                    None => variant("new", literal("new")),
                }),
            },
            (_, Type::Integer { kind } | Type::BigInt { kind }) => *kind = INTEGERS[pick % INTEGERS.len()],
            (_, Type::String { format }) => *format = FORMATS.get(pick % (FORMATS.len() + 2)).copied(),
            (_, Type::Array { unique, .. }) if is_odd => *unique = !*unique,
            (_, Type::Array { length, .. }) => *length = [None, Some(1), Some(2)][pick % 3],
            (_, Type::Tuple { items }) if is_odd => drop(items.pop()),
            (_, Type::Tuple { items }) => items.push(self.ty.clone()),
            (_, Type::Map { key, .. }) => {
                **key = if is_odd { text() } else { Type::Integer { kind: INTEGERS[pick % 12] } }
            }
            (_, Type::Nullable { of } | Type::Deferred { of }) => *ty = (**of).clone(),
            (_, Type::Literal { value }) => *value = Literal::String(NAMES[pick % NAMES.len()].to_owned()),
            (_, ty) => *ty = self.ty.clone(),
        }
    }
}

fn roots<'a>(root: &'a mut Type, contract: &'a mut Contract) -> impl Iterator<Item = &'a mut Type> {
    std::iter::once(root).chain(contract.types.iter_mut().map(|named| &mut named.ty))
}

/// Calls `visit` with a type and with those in it.
fn each(ty: &mut Type, visit: &mut dyn FnMut(&mut Type)) {
    visit(ty);
    match ty {
        Type::Array { item: of, .. } | Type::Nullable { of } | Type::Deferred { of } => each(of, visit),
        Type::Tuple { items } | Type::Intersection { parts: items } => items.iter_mut().for_each(|it| each(it, visit)),
        Type::Map { value, .. } => each(value, visit),
        Type::Entries { key, value } => {
            each(key, visit);
            each(value, visit);
        }
        Type::Object { fields, .. } => fields.iter_mut().for_each(|field| each(&mut field.ty, visit)),
        Type::Union { variants, .. } => variants.iter_mut().for_each(|variant| each(&mut variant.ty, visit)),
        _ => {}
    }
}

/// A union whose variants have lost the tag has none.
fn repair(ty: &mut Type) {
    let Type::Union { tag: Some(tag), variants } = ty else { return };
    let has_tag = |variant: &Variant| match &variant.ty {
        Type::Object { fields, .. } => {
            fields.iter().any(|it| it.name == *tag && !it.optional && matches!(it.ty, Type::Literal { .. }))
        }
        _ => false,
    };
    if !variants.iter().all(has_tag) {
        let Type::Union { tag, .. } = ty else { return };
        *tag = None;
    }
}
