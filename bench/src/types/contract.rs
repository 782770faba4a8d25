//! The API as the contract that a Rust server would have.

use tintype::contract::{
    Contract, Field, Ids, Input, IntegerKind, Kind, Literal, NamedType, Procedure, Source, Type, Usage, Variant,
};

use super::fixture::{Fixture, Place};

impl Fixture {
    pub(crate) fn contract(self) -> Contract {
        let mut procedures: Vec<Procedure> = self.procedures().map(procedure).collect();
        procedures.sort_by(|one, other| one.path.cmp(&other.path));
        let mut types: Vec<NamedType> = self.procedures().flat_map(named_types).collect();
        types.sort_by(|one, other| one.name.cmp(&other.name));
        Contract { version: Contract::VERSION, hash: "0123456789abcdef".to_owned(), procedures, types }
    }
}

fn procedure(place: Place) -> Procedure {
    let named = |name: &str| Type::Reference { name: format!("{name}{}", place.index), arguments: Vec::new() };
    Procedure {
        path: place.path(),
        kind: place.kind,
        docs: format!("What procedure {} is for.", place.index),
        deprecated: None,
        flags: Vec::new(),
        invalidates: Vec::new(),
        input: Some(Input { ty: named("Input"), optional: false }),
        output: Some(named("Output")),
        ids: (place.kind == Kind::Subscription).then_some(Ids::Untracked),
        error: Some(named("Failure")),
        source: source(place),
    }
}

fn named_types(place: Place) -> [NamedType; 3] {
    let named = |name: &str, usage: Usage, ty: Type| NamedType {
        name: format!("{name}{}", place.index),
        rust: format!("{}::{name}{}", place.namespace(), place.index),
        parameters: Vec::new(),
        docs: String::new(),
        deprecated: None,
        usage,
        brand: None,
        ty,
        source: source(place),
    };
    [
        named("Input", Usage::Input, input(place)),
        named("Output", Usage::Output, output(place)),
        named("Failure", Usage::Output, failure()),
    ]
}

fn input(place: Place) -> Type {
    let range = object([("from", number()), ("to", number())]);
    let sorted = object([("by", string()), ("descending", Type::Boolean)]);
    object([
        ("id", string()),
        (&format!("label{}", place.index), string()),
        ("count", number()),
        ("filter", object([("text", string()), ("range", range)])),
        ("tags", list(string())),
        ("order", union(None, [("newest", literal("newest")), ("oldest", literal("oldest")), ("sorted", sorted)])),
    ])
}

fn output(place: Place) -> Type {
    let draft = object([("kind", literal("draft"))]);
    let live = object([("kind", literal("live")), ("since", string()), ("views", number())]);
    object([
        ("id", string()),
        (&format!("name{}", place.index), string()),
        ("owner", object([("id", string()), ("name", string()), ("email", string())])),
        ("tags", list(string())),
        ("parts", list(object([("sku", string()), ("amount", number())]))),
        ("state", union(Some("kind"), [("draft", draft), ("live", live)])),
    ])
}

fn failure() -> Type {
    let missing = object([("kind", literal("missing")), ("id", string())]);
    let taken = object([("kind", literal("taken")), ("by", string())]);
    union(Some("kind"), [("missing", missing), ("taken", taken)])
}

fn string() -> Type {
    Type::String { format: None }
}

fn number() -> Type {
    Type::Integer { kind: IntegerKind::I32 }
}

fn literal(text: &str) -> Type {
    Type::Literal { value: Literal::String(text.to_owned()) }
}

fn list(item: Type) -> Type {
    Type::Array { item: Box::new(item), unique: false, length: None }
}

fn object<const N: usize>(fields: [(&str, Type); N]) -> Type {
    let field = |(name, ty): (&str, Type)| Field {
        name: name.to_owned(),
        ty,
        optional: false,
        docs: String::new(),
        deprecated: None,
        rules: Vec::new(),
    };
    Type::Object { fields: fields.into_iter().map(field).collect(), closed: false }
}

fn union<const N: usize>(tag: Option<&str>, variants: [(&str, Type); N]) -> Type {
    let variant =
        |(name, ty): (&str, Type)| Variant { name: name.to_owned(), ty, docs: String::new(), deprecated: None };
    Type::Union { tag: tag.map(str::to_owned), variants: variants.into_iter().map(variant).collect() }
}

fn source(place: Place) -> Source {
    let line = u32::try_from(place.index).unwrap_or(u32::MAX).saturating_add(1);
    Source { file: format!("{}.rs", place.namespace()), line, column: 1 }
}
