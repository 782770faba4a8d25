//! Which parts of an answer are more in JavaScript than in JSON, in a form that a client follows quickly.
//!
//! The metadata is a list of nodes, which `@tintype/client/rich` documents.
//! A union whose variants no literal tells apart is left as it is on the wire: there is no telling which node applies.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    convert::Infallible,
};

use crate::contract::{Contract, Literal, NamedType, StringFormat, Type, Variant, is_identifier};

/// The named types with something in them that JSON does not say.
#[derive(Debug)]
pub(super) struct Richness<'a> {
    named: BTreeSet<&'a str>,
}

impl<'a> Richness<'a> {
    pub(super) fn of(contract: &'a Contract) -> Self {
        let mut richness = Self { named: BTreeSet::new() };
        loop {
            let found: Vec<&str> = contract
                .types
                .iter()
                .filter(|named| !richness.named.contains(named.name.as_str()) && richness.is_rich(&named.ty))
                .map(|named| named.name.as_str())
                .collect();
            if found.is_empty() {
                return richness;
            }
            richness.named.extend(found);
        }
    }

    /// Whether something in `ty` is decoded.
    pub(super) fn is_rich(&self, ty: &Type) -> bool {
        match ty {
            Type::String { format: Some(StringFormat::DateTime | StringFormat::Bytes) } => true,
            Type::BigInt { .. } | Type::Float | Type::Entries { .. } => true,
            Type::Reference { name, arguments } => {
                self.named.contains(name.as_str()) || arguments.iter().any(|ty| self.is_rich(ty))
            }
            Type::Array { item, .. } => self.is_rich(item),
            Type::Nullable { of } | Type::Deferred { of } => self.is_rich(of),
            Type::Streamed { item, .. } => self.is_rich(item),
            Type::Map { value, .. } => self.is_rich(value),
            Type::Tuple { items } => items.iter().any(|ty| self.is_rich(ty)),
            Type::Intersection { parts } => parts.iter().any(|ty| self.is_rich(ty)),
            Type::Object { fields, .. } => fields.iter().any(|field| self.is_rich(&field.ty)),
            Type::Union { tag, variants } => {
                variants.iter().any(|variant| self.is_rich(&variant.ty)) && can_be_told_apart(tag.as_deref(), variants)
            }
            _ => false,
        }
    }
}

/// Whether a client can tell which variant a value is.
pub(super) fn can_be_told_apart(tag: Option<&str>, variants: &[Variant]) -> bool {
    tag.is_some() || variants.iter().all(|variant| matches!(variant.ty, Type::Literal { .. }) || is_external(variant))
}

/// An object whose only member is the name of the variant: serde's default.
fn is_external(variant: &Variant) -> bool {
    matches!(&variant.ty, Type::Object { fields, .. } if matches!(fields.as_slice(), [field] if field.name == variant.name))
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Nothing,
    Date,
    BigInt,
    Bytes,
    Float,
    Shared(usize),
    Array(Box<Node>),
    Tuple(Vec<Node>),
    Map(Box<Node>),
    Entries(Box<Node>, Box<Node>),
    Object(Vec<(String, Node)>),
    Union(String, Vec<(String, Node)>),
    /// An object with one member, the name of the variant; or just the name.
    External(Vec<(String, Node)>),
    All(Vec<Node>),
}

/// The metadata of a contract.
#[derive(Debug)]
pub(super) struct Nodes {
    shared: Vec<Node>,
    /// Path, node of the output, node of the error.
    procedures: Vec<(String, Node, Node)>,
}

impl Nodes {
    /// `None` if JSON says everything about every answer.
    pub(super) fn of(contract: &Contract) -> Option<Self> {
        let mut builder = Builder {
            richness: Richness::of(contract),
            named: contract.types.iter().map(|named| (named.name.as_str(), named)).collect(),
            shared: Vec::new(),
            known: HashMap::new(),
        };
        let mut procedures = Vec::new();
        for procedure in &contract.procedures {
            let mut node =
                |ty: &Option<Type>| ty.as_ref().map_or(Node::Nothing, |ty| builder.node(ty, &BTreeMap::new()));
            let (output, error) = (node(&procedure.output), node(&procedure.error));
            if output != Node::Nothing || error != Node::Nothing {
                procedures.push((procedure.path.clone(), output, error));
            }
        }
        (!procedures.is_empty()).then_some(Self { shared: builder.shared, procedures })
    }

    pub(super) fn to_javascript(&self) -> String {
        let mut text = "export const rich = richTypes(\n  [".to_owned();
        for node in &self.shared {
            text.push_str(&format!("\n    {},", javascript(node)));
        }
        text.push_str(if self.shared.is_empty() { "],\n  {" } else { "\n  ],\n  {" });
        for (path, output, error) in &self.procedures {
            let nodes = match error {
                Node::Nothing => format!("[{}]", javascript(output)),
                error => format!("[{}, {}]", javascript(output), javascript(error)),
            };
            text.push_str(&format!("\n    '{path}': {nodes},"));
        }
        text.push_str("\n  },\n);\n");
        text
    }
}

/// What the parameters of a named type stand for.
type Arguments = BTreeMap<String, Type>;

struct Builder<'a> {
    richness: Richness<'a>,
    named: HashMap<&'a str, &'a NamedType>,
    shared: Vec<Node>,
    /// Index by name and arguments.
    known: HashMap<(String, String), usize>,
}

impl Builder<'_> {
    fn node(&mut self, ty: &Type, arguments: &Arguments) -> Node {
        match ty {
            Type::String { format: Some(StringFormat::DateTime) } => Node::Date,
            Type::String { format: Some(StringFormat::Bytes) } => Node::Bytes,
            Type::BigInt { .. } => Node::BigInt,
            Type::Float => Node::Float,
            Type::Parameter { name } => match arguments.get(name) {
                Some(ty) => self.node(&ty.clone(), &Arguments::new()),
                None => Node::Nothing,
            },
            // A client decodes what a promise or an iterable yields by the same node, when it comes.
            Type::Nullable { of } | Type::Deferred { of } => self.node(of, arguments),
            Type::Streamed { item, .. } => self.node(item, arguments),
            Type::Array { item, .. } => match self.node(item, arguments) {
                Node::Nothing => Node::Nothing,
                item => Node::Array(Box::new(item)),
            },
            Type::Map { value, .. } => match self.node(value, arguments) {
                Node::Nothing => Node::Nothing,
                value => Node::Map(Box::new(value)),
            },
            Type::Entries { key, value } => {
                let key = self.node(key, arguments);
                Node::Entries(Box::new(key), Box::new(self.node(value, arguments)))
            }
            Type::Tuple { items } => {
                let items: Vec<Node> = items.iter().map(|ty| self.node(ty, arguments)).collect();
                if items.iter().all(|item| *item == Node::Nothing) { Node::Nothing } else { Node::Tuple(items) }
            }
            Type::Object { fields, .. } => {
                let fields = fields.iter().map(|field| (field.name.clone(), self.node(&field.ty, arguments)));
                object(fields.collect())
            }
            Type::Intersection { parts } => {
                let mut parts: Vec<Node> = parts.iter().map(|ty| self.node(ty, arguments)).collect();
                parts.retain(|part| *part != Node::Nothing);
                match parts.len() {
                    0 => Node::Nothing,
                    1 => parts.remove(0),
                    _ => Node::All(parts),
                }
            }
            Type::Union { tag, variants } => self.union(tag.as_deref(), variants, arguments),
            Type::Reference { name, arguments: given } => {
                let given: Vec<Type> = given.iter().map(|ty| substituted(ty, arguments)).collect();
                self.reference(name, given)
            }
            _ => Node::Nothing,
        }
    }

    fn union(&mut self, tag: Option<&str>, variants: &[Variant], arguments: &Arguments) -> Node {
        if !can_be_told_apart(tag, variants) {
            return Node::Nothing;
        }
        let nodes: Vec<(&Variant, Node)> =
            variants.iter().map(|variant| (variant, self.node(&variant.ty, arguments))).collect();
        match tag {
            Some(tag) => {
                let nodes: Vec<(String, Node)> = nodes
                    .into_iter()
                    .filter(|(_, node)| *node != Node::Nothing)
                    .map(|(variant, node)| (tag_value(&variant.ty, tag).unwrap_or_else(|| variant.name.clone()), node))
                    .collect();
                if nodes.is_empty() { Node::Nothing } else { Node::Union(tag.to_owned(), nodes) }
            }
            None => {
                let nodes = nodes.into_iter().flat_map(|(_, node)| match node {
                    Node::Object(fields) => fields,
                    _ => Vec::new(),
                });
                let nodes: Vec<(String, Node)> = nodes.collect();
                if nodes.is_empty() { Node::Nothing } else { Node::External(nodes) }
            }
        }
    }

    fn reference(&mut self, name: &str, given: Vec<Type>) -> Node {
        let Some(named) = self.named.get(name).copied() else { return Node::Nothing };
        if !self.richness.named.contains(name) && !given.iter().any(|ty| self.richness.is_rich(ty)) {
            return Node::Nothing;
        }
        let key = (name.to_owned(), format!("{given:?}"));
        if let Some(index) = self.known.get(&key) {
            return Node::Shared(*index);
        }
        // The place is taken before its node is known: a part of it may be the type itself.
        let index = self.shared.len();
        self.shared.push(Node::Nothing);
        self.known.insert(key, index);
        let arguments: Arguments = named.parameters.iter().cloned().zip(given).collect();
        let node = self.node(&named.ty, &arguments);
        self.shared[index] = node;
        Node::Shared(index)
    }
}

fn object(mut fields: Vec<(String, Node)>) -> Node {
    fields.retain(|(_, node)| *node != Node::Nothing);
    if fields.is_empty() { Node::Nothing } else { Node::Object(fields) }
}

/// The literal of the member `tag` in an object, as text.
fn tag_value(ty: &Type, tag: &str) -> Option<String> {
    let (_, value) = ty.literals().into_iter().find(|(name, _)| *name == tag)?;
    Some(match value {
        Literal::String(text) => text.clone(),
        Literal::Integer(number) => number.to_string(),
        Literal::Boolean(value) => value.to_string(),
    })
}

fn substituted(ty: &Type, arguments: &Arguments) -> Type {
    let done: Result<Type, Infallible> = ty.rewritten(&mut |ty| match ty {
        Type::Parameter { name } => Some(Ok(arguments.get(name).cloned().unwrap_or(Type::Any))),
        _ => None,
    });
    match done {
        Ok(ty) => ty,
        Err(never) => match never {},
    }
}

fn javascript(node: &Node) -> String {
    let list = |nodes: &[Node]| nodes.iter().map(javascript).collect::<Vec<_>>().join(", ");
    let members = |members: &[(String, Node)]| {
        let members: Vec<String> =
            members.iter().map(|(name, node)| format!("{}: {}", member(name), javascript(node))).collect();
        format!("{{ {} }}", members.join(", "))
    };
    match node {
        Node::Nothing => "0".to_owned(),
        Node::Date => "'d'".to_owned(),
        Node::BigInt => "'n'".to_owned(),
        Node::Bytes => "'b'".to_owned(),
        Node::Float => "'f'".to_owned(),
        Node::Shared(index) => (index + 1).to_string(),
        Node::Array(item) => format!("['a', {}]", javascript(item)),
        Node::Tuple(items) => format!("['t', {}]", list(items)),
        Node::Map(value) => format!("['m', {}]", javascript(value)),
        Node::Entries(key, value) => format!("['e', {}, {}]", javascript(key), javascript(value)),
        Node::Object(fields) => format!("['o', {}]", members(fields)),
        Node::Union(tag, variants) => format!("['u', {}, {}]", quoted(tag), members(variants)),
        Node::External(variants) => format!("['x', {}]", members(variants)),
        Node::All(parts) => format!("['i', {}]", list(parts)),
    }
}

/// The name of a member in the type of an object, quoted where it must be.
pub(crate) fn property(name: &str) -> String {
    if is_identifier(name) && name != PROTOTYPE { name.to_owned() } else { quoted(name) }
}

/// The name of a member in an object literal.
pub(crate) fn member(name: &str) -> String {
    // Written plainly, it would be the prototype of the object.
    if name == PROTOTYPE { format!("[{}]", quoted(name)) } else { property(name) }
}

const PROTOTYPE: &str = "__proto__";

/// A string in single quotes.
pub(crate) fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).expect("text is JSON");
    let inside = &json[1..json.len() - 1];
    format!("'{}'", inside.replace("\\\"", "\"").replace('\'', "\\'"))
}
