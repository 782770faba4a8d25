//! What a type of the contract is in JavaScript, as far as JSON alone does not say it.

use std::collections::HashMap;

use specta::{
    Format, Types,
    datatype::{DataType, Enum, Fields, Generic, NamedReference, NamedReferenceType, Primitive, Reference},
};
use specta_serde::{Phase, PhasesFormat, select_phase_datatype};

/// A type of the contract, derived once and asked for every value.
///
/// Its parts refer to each other by index, so that recursive types have an end.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(super) parts: Vec<Part>,
    pub(super) root: usize,
}

/// One type within a [`Shape`].
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// Nothing that JSON does not say; the sort tells the members of a union apart.
    Plain(Plain),
    Literal(String),
    Date,
    BigInt,
    Bytes,
    Set(usize),
    List(usize),
    Tuple(Vec<usize>),
    Map {
        key: Key,
        value: usize,
    },
    Object(Vec<Member>),
    /// All of them describe the same object.
    Merged(Vec<usize>),
    /// One of them describes the value.
    Union(Vec<usize>),
    /// Or null.
    Nullable(usize),
}

/// What the keys of a map are, which are text in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Text,
    Number,
    BigInt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Anything,
    Text,
    Number,
    Bool,
    Null,
}

#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) part: usize,
    /// Whether it is left out when there is nothing to say; JavaScript then sees `undefined`.
    pub(super) optional: bool,
}

impl Shape {
    /// The shape of what `describe` describes, as serde writes it.
    ///
    /// `None` if JSON says everything about it, which is so for most types.
    pub(crate) fn of(describe: impl FnOnce(&mut Types) -> Option<DataType>) -> Option<Self> {
        let mut types = Types::default();
        let ty = describe(&mut types)?;
        // What serde's attributes make of the types; a contradiction among them is the generator's to report.
        let types = PhasesFormat.map_types(&types).ok()?.into_owned();
        let mut builder = Builder { types: &types, parts: Vec::new(), known: HashMap::new() };
        let root = builder.part(&ty, &[]);
        let shape = Self { parts: builder.parts, root };
        shape.says_more_than_json().then_some(shape)
    }

    fn says_more_than_json(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Date | Part::BigInt | Part::Bytes | Part::Set(_) | Part::Map { .. } => true,
            Part::Object(members) => members.iter().any(|member| member.optional),
            _ => false,
        })
    }

    pub(super) fn part(&self, index: usize) -> &Part {
        &self.parts[index]
    }

    /// The same shape as the member at `path` of objects that are plain otherwise.
    pub(crate) fn inside(mut self, path: &[&str]) -> Self {
        for name in path.iter().rev() {
            let member = Member { name: (*name).to_owned(), part: self.root, optional: false };
            self.parts.push(Part::Object(vec![member]));
            self.root = self.parts.len() - 1;
        }
        self
    }
}

/// Types by the names of the parameters that stand for them.
type Generics<'a> = &'a [(Generic, DataType)];

struct Builder<'a> {
    types: &'a Types,
    parts: Vec<Part>,
    /// Named types that have a part, with their arguments.
    known: HashMap<(NamedReference, Vec<(Generic, DataType)>), usize>,
}

impl Builder<'_> {
    fn add(&mut self, part: Part) -> usize {
        self.parts.push(part);
        self.parts.len() - 1
    }

    fn plain(&mut self, plain: Plain) -> usize {
        self.add(Part::Plain(plain))
    }

    fn part(&mut self, ty: &DataType, generics: Generics<'_>) -> usize {
        match ty {
            DataType::Primitive(primitive) => self.add(of_primitive(primitive)),
            DataType::Generic(generic) => match generics.iter().find(|(name, _)| name == generic) {
                Some((_, ty)) => self.part(&ty.clone(), &[]),
                None => self.plain(Plain::Anything),
            },
            DataType::Nullable(inner) => {
                let inner = self.part(inner, generics);
                self.add(Part::Nullable(inner))
            }
            DataType::List(list) => {
                if !list.unique && matches!(*list.ty, DataType::Primitive(Primitive::u8)) {
                    return self.add(Part::Bytes);
                }
                let element = self.part(&list.ty, generics);
                self.add(if list.unique { Part::Set(element) } else { Part::List(element) })
            }
            DataType::Map(map) => {
                let key = self.part(map.key_ty(), generics);
                let key = match self.parts[key] {
                    Part::Plain(Plain::Number) => Key::Number,
                    Part::BigInt => Key::BigInt,
                    _ => Key::Text,
                };
                let value = self.part(map.value_ty(), generics);
                self.add(Part::Map { key, value })
            }
            DataType::Tuple(tuple) if tuple.elements.is_empty() => self.plain(Plain::Null),
            DataType::Tuple(tuple) => {
                let elements = tuple.elements.iter().map(|ty| self.part(ty, generics)).collect();
                self.add(Part::Tuple(elements))
            }
            DataType::Struct(object) => self.fields(&object.fields, generics),
            DataType::Enum(union) => self.union(union, generics),
            DataType::Intersection(parts) => {
                let parts = parts.iter().map(|ty| self.part(ty, generics)).collect();
                self.add(Part::Merged(parts))
            }
            DataType::Reference(Reference::Opaque(_)) => {
                let selected = select_phase_datatype(ty, self.types, Phase::Serialize);
                if &selected == ty { self.plain(Plain::Anything) } else { self.part(&selected, generics) }
            }
            DataType::Reference(Reference::Named(reference)) => self.named(reference, generics),
        }
    }

    fn named(&mut self, reference: &NamedReference, generics: Generics<'_>) -> usize {
        if let Some(named) = self.types.get(reference) {
            let is_of = |name: &str, module: &str| named.name == name && named.module_path.starts_with(module);
            if is_of("DateTime", "chrono") {
                return self.add(Part::Date);
            }
            if is_of("Value", "serde_json") {
                return self.plain(Plain::Anything);
            }
        }
        let arguments: Vec<(Generic, DataType)> = match &reference.inner {
            NamedReferenceType::Inline { dt, .. } => return self.part(dt, generics),
            NamedReferenceType::Recursive(recursive) => recursive.generics().to_vec(),
            NamedReferenceType::Reference { generics, .. } => generics.clone(),
        };
        let arguments: Vec<(Generic, DataType)> =
            arguments.into_iter().map(|(name, ty)| (name, substituted(ty, generics))).collect();
        let whole = DataType::Reference(Reference::Named(reference.clone()));
        let selected = match select_phase_datatype(&whole, self.types, Phase::Serialize) {
            DataType::Reference(Reference::Named(selected)) => selected,
            _ => reference.clone(),
        };
        let Some(body) = self.types.get(&selected).and_then(|named| named.ty.clone()) else {
            return self.plain(Plain::Anything);
        };
        let key = (selected, arguments);
        if let Some(part) = self.known.get(&key) {
            return *part;
        }
        // The place is taken before its parts are known: one of them may be the type itself.
        let place = self.add(Part::Plain(Plain::Anything));
        self.known.insert(key.clone(), place);
        let part = self.part(&body, &key.1);
        self.parts[place] = Part::Union(vec![part]);
        place
    }

    fn fields(&mut self, fields: &Fields, generics: Generics<'_>) -> usize {
        match fields {
            Fields::Unit => self.plain(Plain::Null),
            Fields::Unnamed(fields) => {
                let types: Vec<&DataType> = fields.fields.iter().filter_map(|field| field.ty.as_ref()).collect();
                if let ([ty], 1) = (types.as_slice(), fields.fields.len()) {
                    return self.part(ty, generics);
                }
                let elements = types.into_iter().map(|ty| self.part(ty, generics)).collect();
                self.add(Part::Tuple(elements))
            }
            Fields::Named(fields) => {
                let members = fields
                    .fields
                    .iter()
                    .filter_map(|(name, field)| {
                        let part = self.part(field.ty.as_ref()?, generics);
                        Some(Member { name: name.to_string(), part, optional: field.optional })
                    })
                    .collect();
                self.add(Part::Object(members))
            }
        }
    }

    fn union(&mut self, union: &Enum, generics: Generics<'_>) -> usize {
        let variants = union
            .variants
            .iter()
            .filter(|(_, variant)| !variant.skip)
            .map(|(name, variant)| match &variant.fields {
                Fields::Unit => self.add(Part::Literal(name.to_string())),
                fields => self.fields(fields, generics),
            })
            .collect();
        self.add(Part::Union(variants))
    }
}

/// Arguments may themselves be parameters of the type around them.
fn substituted(ty: DataType, generics: Generics<'_>) -> DataType {
    match &ty {
        DataType::Generic(generic) => {
            generics.iter().find(|(name, _)| name == generic).map_or(ty.clone(), |(_, argument)| argument.clone())
        }
        DataType::Nullable(inner) => DataType::Nullable(Box::new(substituted((**inner).clone(), generics))),
        DataType::List(list) => {
            let mut list = list.clone();
            *list.ty = substituted((*list.ty).clone(), generics);
            DataType::List(list)
        }
        DataType::Map(map) => {
            let mut map = map.clone();
            map.set_value_ty(substituted(map.value_ty().clone(), generics));
            DataType::Map(map)
        }
        DataType::Tuple(tuple) => {
            let mut tuple = tuple.clone();
            tuple.elements.iter_mut().for_each(|ty| *ty = substituted(ty.clone(), generics));
            DataType::Tuple(tuple)
        }
        DataType::Reference(Reference::Named(reference)) => {
            let mut reference = reference.clone();
            if let NamedReferenceType::Reference { generics: arguments, .. } = &mut reference.inner {
                arguments.iter_mut().for_each(|(_, ty)| *ty = substituted(ty.clone(), generics));
            }
            DataType::Reference(Reference::Named(reference))
        }
        _ => ty,
    }
}

fn of_primitive(primitive: &Primitive) -> Part {
    match primitive {
        Primitive::i64 | Primitive::i128 | Primitive::isize => Part::BigInt,
        Primitive::u64 | Primitive::u128 | Primitive::usize => Part::BigInt,
        Primitive::bool => Part::Plain(Plain::Bool),
        Primitive::str | Primitive::char => Part::Plain(Plain::Text),
        _ => Part::Plain(Plain::Number),
    }
}
