//! The types of contracts without names, parameters and unions in unions.
//!
//! A [`TypeId`] stands for a closed type: a piece of a contract together with what the parameters around it stand for.
//! What it is at its outermost level, its [`Head`], is worked out when it is asked for, so recursive types are finite.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use super::{
    Contract, NamedType, Type, Variant,
    read::growing,
    shape::{Alternative, Head, Member, Obstacle, Record, Shape},
};

/// A closed type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TypeId(usize);

/// What the parameters around a type stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ScopeId(usize);

/// How far a union may reach: more alternatives are not told apart.
pub(super) const MAX_ALTERNATIVES: usize = 4096;

/// How many unions and intersections may lie in one another, whatever names there are in between.
pub(super) const MAX_LEVELS: usize = 128;

#[derive(Debug)]
pub(super) struct Universe<'c> {
    sides: Vec<HashMap<&'c str, &'c NamedType>>,
    /// The types that are not looked into because they would never end; a contract that was read has none.
    growing: Vec<BTreeSet<&'c str>>,
    scopes: Vec<Scope<'c>>,
    scope_ids: HashMap<(usize, *const NamedType, Vec<TypeId>), ScopeId>,
    nodes: Vec<Node<'c>>,
    written: HashMap<(*const Type, ScopeId), TypeId>,
    /// Which types refer to parameters.
    parametric: HashMap<*const Type, bool>,
    meets: HashMap<Vec<TypeId>, TypeId>,
    heads: HashMap<TypeId, Known<'c>>,
}

/// What a type has turned out to be.
#[derive(Debug, Clone)]
struct Known<'c> {
    head: Rc<Head<'c>>,
    /// How many unions and intersections it consists of, one in the other.
    levels: usize,
}

#[derive(Debug)]
struct Scope<'c> {
    side: usize,
    parameters: &'c [String],
    arguments: Vec<TypeId>,
}

#[derive(Debug, Clone)]
enum Node<'c> {
    Written(&'c Type, ScopeId),
    Made(Shape<'c>),
    /// What all of them are.
    Meet(Vec<TypeId>),
}

impl<'c> Universe<'c> {
    /// The types of `contracts`; the scope of each is that of its position.
    pub(super) fn new<const N: usize>(contracts: [&'c Contract; N]) -> (Self, [ScopeId; N]) {
        let sides = contracts.map(|contract| contract.types.iter().map(|named| (named.name.as_str(), named)).collect());
        let scopes = (0..N).map(|side| Scope { side, parameters: &[], arguments: Vec::new() }).collect();
        let universe = Self {
            sides: sides.into(),
            growing: contracts.map(growing).into(),
            scopes,
            scope_ids: HashMap::new(),
            nodes: Vec::new(),
            written: HashMap::new(),
            parametric: HashMap::new(),
            meets: HashMap::new(),
            heads: HashMap::new(),
        };
        (universe, std::array::from_fn(ScopeId))
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The closed type that `ty` is in `scope`.
    pub(super) fn at(&mut self, ty: &'c Type, scope: ScopeId) -> TypeId {
        if let Type::Parameter { name } = ty {
            let Scope { parameters, arguments, .. } = &self.scopes[scope.0];
            let position = parameters.iter().position(|parameter| parameter == name);
            if let Some(argument) = position.and_then(|position| arguments.get(position)) {
                return *argument;
            }
        }
        // What refers to no parameter is the same in every scope; without that, some recursive types would never end.
        let scope = if self.has_parameters(ty) { scope } else { ScopeId(self.scopes[scope.0].side) };
        let key = (std::ptr::from_ref(ty), scope);
        if let Some(id) = self.written.get(&key) {
            return *id;
        }
        let id = self.push(Node::Written(ty, scope));
        self.written.insert(key, id);
        id
    }

    fn has_parameters(&mut self, ty: &'c Type) -> bool {
        let key = std::ptr::from_ref(ty);
        if let Some(known) = self.parametric.get(&key) {
            return *known;
        }
        let has_parameters = matches!(ty, Type::Parameter { .. })
            || ty.children().into_iter().any(|(_, child)| self.has_parameters(child));
        self.parametric.insert(key, has_parameters);
        has_parameters
    }

    /// The named type that `id` was written as.
    pub(super) fn named(&self, id: TypeId) -> Option<&'c NamedType> {
        match self.nodes[id.0] {
            Node::Written(Type::Reference { name, .. }, scope) => self.lookup(name, scope),
            _ => None,
        }
    }

    /// As it was written, if it was; what was made of several types was not.
    pub(super) fn written(&self, id: TypeId) -> Option<(&'c Type, ScopeId)> {
        match self.nodes[id.0] {
            Node::Written(ty, scope) => Some((ty, scope)),
            _ => None,
        }
    }

    /// What `id` is at its outermost level.
    pub(super) fn head(&mut self, id: TypeId) -> Rc<Head<'c>> {
        // In a list, because the way from name to name may be longer than a stack is deep.
        let mut way = vec![id];
        let mut is_on_way: HashSet<TypeId> = HashSet::new();
        while let Some(id) = way.last().copied() {
            if self.heads.contains_key(&id) {
                way.pop();
                continue;
            }
            is_on_way.insert(id);
            let parts = self.parts(id);
            let before = way.len();
            // What leads back to itself stays unknown there.
            way.extend(parts.iter().filter(|part| !self.heads.contains_key(part) && !is_on_way.contains(part)));
            if way.len() == before {
                let known = self.put_together(id, &parts);
                self.heads.insert(id, known);
            }
        }
        Rc::clone(&self.heads[&id].head)
    }

    /// The types whose heads that of `id` consists of.
    fn parts(&mut self, id: TypeId) -> Vec<TypeId> {
        match self.nodes[id.0].clone() {
            Node::Written(Type::Union { variants, .. }, scope) => {
                variants.iter().map(|variant| self.at(&variant.ty, scope)).collect()
            }
            Node::Written(Type::Nullable { of }, scope) => vec![self.at(of, scope)],
            Node::Written(Type::Intersection { parts }, scope) => {
                parts.iter().map(|part| self.at(part, scope)).collect()
            }
            Node::Written(Type::Reference { name, arguments }, scope) => {
                self.enter(name, arguments, scope).into_iter().collect()
            }
            Node::Meet(parts) => parts,
            Node::Written(..) | Node::Made(_) => Vec::new(),
        }
    }

    /// What `id` is, once that is known of its parts.
    fn put_together(&mut self, id: TypeId, parts: &[TypeId]) -> Known<'c> {
        let node = self.nodes[id.0].clone();
        let is_level = match &node {
            Node::Written(ty, _) => {
                matches!(ty, Type::Union { .. } | Type::Nullable { .. } | Type::Intersection { .. })
            }
            Node::Meet(_) => true,
            Node::Made(_) => false,
        };
        let below = parts.iter().filter_map(|part| self.heads.get(part)).map(|part| part.levels).max().unwrap_or(0);
        let levels = below + usize::from(is_level);
        let head = match node {
            _ if levels > MAX_LEVELS => Rc::new(Head::One(self.unknown(id, Obstacle::Levels))),
            Node::Written(ty, scope) => self.head_of(id, ty, scope, parts),
            Node::Made(shape) => Rc::new(Head::One(shape)),
            Node::Meet(_) => Rc::new(self.meet(parts)),
        };
        Known { head, levels }
    }

    /// The head of one of the parts.
    fn part(&self, id: TypeId) -> Rc<Head<'c>> {
        match (self.heads.get(&id), &self.nodes[id.0]) {
            (Some(known), _) => Rc::clone(&known.head),
            (None, Node::Made(shape)) => Rc::new(Head::One(shape.clone())),
            (None, _) => Rc::new(Head::One(self.unknown(id, Obstacle::Lost))),
        }
    }

    fn head_of(&mut self, id: TypeId, ty: &'c Type, scope: ScopeId, parts: &[TypeId]) -> Rc<Head<'c>> {
        let shape = match ty {
            Type::Union { tag, variants } => return Rc::new(self.union(id, tag.as_deref(), variants, parts)),
            Type::Nullable { .. } => return Rc::new(self.nullable(id, parts)),
            Type::Intersection { .. } => return Rc::new(self.meet(parts)),
            Type::Reference { .. } => match parts.first() {
                Some(body) => return self.part(*body),
                None => self.unknown(id, Obstacle::Lost),
            },
            Type::Parameter { .. } => self.unknown(id, Obstacle::Lost),
            Type::Any => Shape::Any,
            Type::Null => Shape::Null,
            Type::Boolean => Shape::Boolean,
            Type::String { format } => Shape::Text(*format),
            Type::Integer { kind } => Shape::Integer(*kind),
            Type::Number => Shape::Number,
            Type::Float => Shape::Float,
            Type::BigInt { kind } => Shape::BigInt(*kind),
            Type::Literal { value } => Shape::Literal(value.clone()),
            Type::Array { item, unique, length } => {
                Shape::Array { item: self.at(item, scope), unique: *unique, length: *length }
            }
            Type::Tuple { items } => Shape::Tuple(items.iter().map(|item| self.at(item, scope)).collect()),
            Type::Map { key, value } => {
                let rest = Some((self.at(key, scope), self.at(value, scope)));
                Shape::Record(Record::new(Vec::new(), rest, false))
            }
            Type::Entries { key, value } => {
                let pair = Shape::Tuple(vec![self.at(key, scope), self.at(value, scope)]);
                Shape::Array { item: self.push(Node::Made(pair)), unique: false, length: None }
            }
            Type::Object { fields, closed } => {
                let members = fields.iter().map(|field| Member {
                    name: &field.name,
                    id: self.at(&field.ty, scope),
                    optional: field.optional,
                    rules: field.rules.iter().collect(),
                    deprecated: field.deprecated.as_deref(),
                });
                Shape::Record(Record::new(members.collect(), None, *closed))
            }
            Type::Deferred { of } => Shape::Deferred(self.at(of, scope)),
            Type::Streamed { item, end } => {
                Shape::Streamed { item: self.at(item, scope), end: end.as_ref().map(|end| self.at(end, scope)) }
            }
            Type::FormData { fields } => Shape::FormData(fields.as_ref().map(|fields| self.at(fields, scope))),
            Type::ByteStream => Shape::ByteStream,
            Type::JavaScript { name, arguments } => Shape::JavaScript {
                name,
                arguments: arguments.iter().map(|argument| self.at(argument, scope)).collect(),
            },
        };
        Rc::new(Head::One(shape))
    }

    /// The body of a named type, with its parameters bound; nothing if there is none that ends.
    fn enter(&mut self, name: &str, arguments: &'c [Type], scope: ScopeId) -> Option<TypeId> {
        let side = self.scopes[scope.0].side;
        let named = self.lookup(name, scope).filter(|_| !self.growing[side].contains(name))?;
        let arguments: Vec<TypeId> = arguments.iter().map(|argument| self.at(argument, scope)).collect();
        let key = (side, std::ptr::from_ref(named), arguments);
        let inner = match self.scope_ids.get(&key) {
            Some(inner) => *inner,
            None => {
                let inner = ScopeId(self.scopes.len());
                self.scopes.push(Scope { side, parameters: &named.parameters, arguments: key.2.clone() });
                self.scope_ids.insert(key, inner);
                inner
            }
        };
        Some(self.at(&named.ty, inner))
    }

    fn lookup(&self, name: &str, scope: ScopeId) -> Option<&'c NamedType> {
        self.sides[self.scopes[scope.0].side].get(name).copied()
    }

    fn union(&self, id: TypeId, tag: Option<&'c str>, variants: &'c [Variant], parts: &[TypeId]) -> Head<'c> {
        let mut alternatives = Vec::new();
        for (variant, part) in variants.iter().zip(parts) {
            let deprecated = variant.deprecated.as_deref();
            match &*self.part(*part) {
                Head::One(_) => alternatives.push(Alternative { name: variant.name.clone(), id: *part, deprecated }),
                Head::Choice { alternatives: nested, .. } => {
                    alternatives.extend(nested.iter().map(|it| Alternative {
                        name: join(&variant.name, &it.name),
                        id: it.id,
                        deprecated: deprecated.or(it.deprecated),
                    }));
                }
            }
            if alternatives.len() > MAX_ALTERNATIVES {
                return Head::One(self.unknown(id, Obstacle::Alternatives));
            }
        }
        Head::Choice { tag, alternatives }
    }

    fn nullable(&mut self, id: TypeId, parts: &[TypeId]) -> Head<'c> {
        let mut tag = None;
        let mut alternatives = Vec::new();
        for part in parts {
            match &*self.part(*part) {
                Head::One(_) => alternatives.push(Alternative { name: String::new(), id: *part, deprecated: None }),
                Head::Choice { tag: inner, alternatives: nested } => {
                    tag = *inner;
                    alternatives.extend(nested.iter().cloned());
                }
            }
        }
        if alternatives.len() >= MAX_ALTERNATIVES {
            return Head::One(self.unknown(id, Obstacle::Alternatives));
        }
        let null = self.push(Node::Made(Shape::Null));
        alternatives.push(Alternative { name: String::new(), id: null, deprecated: None });
        Head::Choice { tag, alternatives }
    }

    /// All of `parts` at once. A union among them makes a union of all.
    fn meet(&mut self, parts: &[TypeId]) -> Head<'c> {
        let heads: Vec<Rc<Head<'c>>> = parts.iter().map(|part| self.part(*part)).collect();
        let tag = heads.iter().find_map(|head| match &**head {
            Head::Choice { tag, .. } => *tag,
            Head::One(_) => None,
        });
        let mut rows: Vec<(String, Option<&'c str>, Vec<Shape<'c>>)> = vec![(String::new(), None, Vec::new())];
        for (part, head) in parts.iter().zip(&heads) {
            let choices = match &**head {
                Head::One(_) => &[Alternative { name: String::new(), id: *part, deprecated: None }][..],
                Head::Choice { alternatives, .. } => alternatives,
            };
            if rows.len().saturating_mul(choices.len()) > MAX_ALTERNATIVES {
                return Head::One(self.unknown_meet(parts, Obstacle::Alternatives));
            }
            let mut longer = Vec::with_capacity(rows.len() * choices.len());
            for (name, deprecated, shapes) in &rows {
                for choice in choices {
                    let shape = match &*self.part(choice.id) {
                        Head::One(shape) => shape.clone(),
                        Head::Choice { .. } => self.unknown(choice.id, Obstacle::Lost),
                    };
                    let shapes = shapes.iter().cloned().chain([shape]).collect();
                    longer.push((join(name, &choice.name), deprecated.or(choice.deprecated), shapes));
                }
            }
            rows = longer;
        }
        if heads.iter().all(|head| matches!(**head, Head::One(_))) {
            let (_, _, shapes) = rows.swap_remove(0);
            return Head::One(self.merge(parts, shapes));
        }
        let alternatives = rows.into_iter().map(|(name, deprecated, shapes)| {
            let shape = self.merge(parts, shapes);
            Alternative { name, id: self.push(Node::Made(shape)), deprecated }
        });
        Head::Choice { tag, alternatives: alternatives.collect() }
    }

    fn merge(&mut self, parts: &[TypeId], mut shapes: Vec<Shape<'c>>) -> Shape<'c> {
        if shapes.len() == 1 {
            return shapes.swap_remove(0);
        }
        let mut merged = Record::new(Vec::new(), None, false);
        for shape in shapes.iter().cloned() {
            let record = match shape {
                Shape::Record(record) => record,
                // What serde flattens into an object has no members if it is `None`, and any if it is anything.
                Shape::Null => continue,
                Shape::Any => {
                    let key = self.push(Node::Made(Shape::Text(None)));
                    let value = self.push(Node::Made(Shape::Any));
                    Record::new(Vec::new(), Some((key, value)), false)
                }
                _ if shapes.iter().all(|other| *other == shapes[0]) => return shapes.swap_remove(0),
                Shape::Unknown { why, .. } => return self.unknown_meet(parts, why),
                _ => return self.unknown_meet(parts, Obstacle::NoObject),
            };
            for member in record.members {
                match merged.get(member.name).cloned() {
                    None => merged.insert(member),
                    Some(present) => merged.insert(Member {
                        id: self.both(present.id, member.id),
                        optional: present.optional && member.optional,
                        rules: present.rules.into_iter().chain(member.rules).collect(),
                        ..present
                    }),
                }
            }
            merged.rest = match (merged.rest, record.rest) {
                (Some((key, value)), Some((other_key, other_value))) => {
                    Some((self.both(key, other_key), self.both(value, other_value)))
                }
                (rest, other) => rest.or(other),
            };
            merged.closed |= record.closed;
        }
        Shape::Record(merged)
    }

    fn both(&mut self, one: TypeId, other: TypeId) -> TypeId {
        let mut parts = BTreeSet::from([one, other]);
        for id in [one, other] {
            if let Node::Meet(inner) = &self.nodes[id.0] {
                parts.remove(&id);
                parts.extend(inner);
            }
        }
        let parts: Vec<TypeId> = parts.into_iter().collect();
        if let [only] = parts[..] {
            return only;
        }
        if let Some(id) = self.meets.get(&parts) {
            return *id;
        }
        let id = self.push(Node::Meet(parts.clone()));
        self.meets.insert(parts, id);
        id
    }

    /// A shape that is equal only to what is written in the same way.
    fn unknown(&self, id: TypeId, why: Obstacle) -> Shape<'c> {
        Shape::Unknown { text: self.text_of(id), why }
    }

    fn unknown_meet(&self, parts: &[TypeId], why: Obstacle) -> Shape<'c> {
        let texts: Vec<String> = parts.iter().map(|part| self.text_of(*part)).collect();
        Shape::Unknown { text: texts.join(" & "), why }
    }

    fn text_of(&self, id: TypeId) -> String {
        match &self.nodes[id.0] {
            Node::Written(ty, _) => serde_json::to_string(ty).unwrap_or_default(),
            Node::Made(shape) => format!("{shape:?}"),
            Node::Meet(parts) => format!("{} types at once", parts.len()),
        }
    }

    fn push(&mut self, node: Node<'c>) -> TypeId {
        self.nodes.push(node);
        TypeId(self.nodes.len() - 1)
    }
}

fn join(outer: &str, inner: &str) -> String {
    match (outer, inner) {
        (only, "") | ("", only) => only.to_owned(),
        (outer, inner) if outer == inner => outer.to_owned(),
        (outer, inner) => format!("{outer}.{inner}"),
    }
}
