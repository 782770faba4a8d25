//! The types of contracts without names, parameters and unions in unions.
//!
//! A [`TypeId`] stands for a closed type: a piece of a contract together with what the parameters around it stand for.
//! What it is at its outermost level, its [`Head`], is worked out when it is asked for, so recursive types are finite.

use std::{
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use super::{
    Contract, NamedType, Type, Variant,
    shape::{Alternative, Head, Member, Record, Shape},
};

/// A closed type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TypeId(usize);

/// What the parameters around a type stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ScopeId(usize);

/// How far a union may reach: more alternatives are not told apart.
pub(super) const MAX_ALTERNATIVES: usize = 4096;

/// How many names, unions and intersections may lead from a type to what it is.
pub(super) const MAX_INDIRECTIONS: usize = 128;

#[derive(Debug)]
pub(super) struct Universe<'c> {
    sides: Vec<HashMap<&'c str, &'c NamedType>>,
    scopes: Vec<Scope<'c>>,
    scope_ids: HashMap<(usize, *const NamedType, Vec<TypeId>), ScopeId>,
    nodes: Vec<Node<'c>>,
    written: HashMap<(*const Type, ScopeId), TypeId>,
    /// Which types refer to parameters.
    parametric: HashMap<*const Type, bool>,
    meets: HashMap<Vec<TypeId>, TypeId>,
    heads: HashMap<TypeId, Rc<Head<'c>>>,
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
        self.head_within(id, MAX_INDIRECTIONS)
    }

    fn head_within(&mut self, id: TypeId, budget: usize) -> Rc<Head<'c>> {
        if let Some(head) = self.heads.get(&id) {
            return Rc::clone(head);
        }
        let Some(budget) = budget.checked_sub(1) else {
            // Not remembered: from elsewhere it may be nearer.
            return Rc::new(Head::One(self.too_far(id)));
        };
        let head = match self.nodes[id.0].clone() {
            Node::Written(ty, scope) => self.head_of(id, ty, scope, budget),
            Node::Made(shape) => Rc::new(Head::One(shape)),
            Node::Meet(parts) => Rc::new(self.meet(&parts, budget)),
        };
        self.heads.insert(id, Rc::clone(&head));
        head
    }

    fn head_of(&mut self, id: TypeId, ty: &'c Type, scope: ScopeId, budget: usize) -> Rc<Head<'c>> {
        let shape = match ty {
            Type::Union { tag, variants } => {
                return Rc::new(self.union(id, tag.as_deref(), variants, scope, budget));
            }
            Type::Nullable { of } => return Rc::new(self.nullable(id, of, scope, budget)),
            Type::Intersection { parts } => {
                let parts: Vec<TypeId> = parts.iter().map(|part| self.at(part, scope)).collect();
                return Rc::new(self.meet(&parts, budget));
            }
            Type::Reference { name, arguments } => match self.enter(name, arguments, scope) {
                Some(body) => return self.head_within(body, budget),
                None => Shape::Unknown(name.clone()),
            },
            Type::Parameter { name } => Shape::Unknown(name.clone()),
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

    /// The body of a named type, with its parameters bound.
    fn enter(&mut self, name: &str, arguments: &'c [Type], scope: ScopeId) -> Option<TypeId> {
        let named = self.lookup(name, scope)?;
        let arguments: Vec<TypeId> = arguments.iter().map(|argument| self.at(argument, scope)).collect();
        let side = self.scopes[scope.0].side;
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

    fn union(
        &mut self,
        id: TypeId,
        tag: Option<&'c str>,
        variants: &'c [Variant],
        scope: ScopeId,
        budget: usize,
    ) -> Head<'c> {
        let mut alternatives = Vec::new();
        for variant in variants {
            let inner = self.at(&variant.ty, scope);
            let deprecated = variant.deprecated.as_deref();
            match &*self.head_within(inner, budget) {
                Head::One(_) => alternatives.push(Alternative { name: variant.name.clone(), id: inner, deprecated }),
                Head::Choice { alternatives: nested, .. } => {
                    alternatives.extend(nested.iter().map(|it| Alternative {
                        name: join(&variant.name, &it.name),
                        id: it.id,
                        deprecated: deprecated.or(it.deprecated),
                    }));
                }
            }
            if alternatives.len() > MAX_ALTERNATIVES {
                return Head::One(self.too_far(id));
            }
        }
        Head::Choice { tag, alternatives }
    }

    fn nullable(&mut self, id: TypeId, of: &'c Type, scope: ScopeId, budget: usize) -> Head<'c> {
        let inner = self.at(of, scope);
        let (tag, mut alternatives) = match &*self.head_within(inner, budget) {
            Head::One(_) => (None, vec![Alternative { name: String::new(), id: inner, deprecated: None }]),
            Head::Choice { tag, alternatives } => (*tag, alternatives.clone()),
        };
        if alternatives.len() >= MAX_ALTERNATIVES {
            return Head::One(self.too_far(id));
        }
        let null = self.push(Node::Made(Shape::Null));
        alternatives.push(Alternative { name: String::new(), id: null, deprecated: None });
        Head::Choice { tag, alternatives }
    }

    /// All of `parts` at once. A union among them makes a union of all.
    fn meet(&mut self, parts: &[TypeId], budget: usize) -> Head<'c> {
        let heads: Vec<Rc<Head<'c>>> = parts.iter().map(|part| self.head_within(*part, budget)).collect();
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
                let names = parts.iter().map(|part| self.text_of(*part)).collect::<Vec<_>>().join(" & ");
                return Head::One(Shape::Unknown(names));
            }
            let mut longer = Vec::with_capacity(rows.len() * choices.len());
            for (name, deprecated, shapes) in &rows {
                for choice in choices {
                    let shape = match &*self.head_within(choice.id, budget) {
                        Head::One(shape) => shape.clone(),
                        Head::Choice { .. } => Shape::Unknown(self.text_of(choice.id)),
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
                _ => {
                    let names = parts.iter().map(|part| self.text_of(*part)).collect::<Vec<_>>().join(" & ");
                    return Shape::Unknown(names);
                }
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
    fn too_far(&self, id: TypeId) -> Shape<'c> {
        Shape::Unknown(self.text_of(id))
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
