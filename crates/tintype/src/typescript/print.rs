//! The types of a contract in TypeScript.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};

use super::{
    pieces::Pieces,
    rich::{Richness, can_be_told_apart, property, quoted},
};
use crate::contract::{
    Contract, Field, Ids, Kind, Literal, NamedType, Procedure, Source, Sources, StringFormat, Type, Variant,
};

/// Lines longer than this are broken where they can be.
const WIDTH: usize = 100;

/// Whose view of the values is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    /// As they are on the wire.
    Wire,
    /// As `@tintype/client` hands them out and takes them.
    Rich,
}

pub(super) struct Printer<'a> {
    contract: &'a Contract,
    named: HashMap<&'a str, &'a NamedType>,
    face: Face,
    richness: Richness<'a>,
    sources: Sources<'a>,
    uses_json: bool,
    /// Types that are also needed as they are on the wire, within unions that a client cannot tell apart.
    plain: BTreeSet<String>,
}

/// What the declarations call procedures.
pub(super) struct LeafNames {
    pub(super) query: &'static str,
    pub(super) mutation: &'static str,
    pub(super) subscription: &'static str,
    /// What stands around the data of an event with an id.
    pub(super) event: (&'static str, &'static str),
    /// Whether an error that there is not is written down.
    pub(super) writes_never: bool,
}

/// Where a type is written.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// Levels of two blanks.
    depth: usize,
    face: Face,
    /// The named type around it.
    source: Option<&'a Source>,
}

impl<'a> Printer<'a> {
    /// `sources` is the folder of the workspace, to look for the positions of fields.
    pub(super) fn new(contract: &'a Contract, face: Face, sources: Option<&'a Path>) -> Self {
        Self {
            contract,
            named: contract.types.iter().map(|named| (named.name.as_str(), named)).collect(),
            face,
            richness: Richness::of(contract),
            sources: Sources::new(sources),
            uses_json: false,
            plain: BTreeSet::new(),
        }
    }

    /// What a procedure is for a client: `Query<Input, Output, Error>`, with what `names` calls these.
    pub(super) fn procedure(&mut self, procedure: &Procedure, names: &LeafNames) -> Pieces {
        let output = self.output(procedure);
        let event = |output: Pieces| bracketed(names.event.0, output, names.event.1);
        let output = match procedure.ids {
            None | Some(Ids::Untracked) => output,
            Some(Ids::Tracked) => event(output),
            Some(Ids::Mixed) => Pieces::join([event(output.clone()), output], " | "),
        };
        let mut parts = vec![self.input(procedure), output];
        if procedure.error.is_some() || names.writes_never {
            parts.push(self.error(procedure));
        }
        let kind = match procedure.kind {
            Kind::Query => names.query,
            Kind::Mutation => names.mutation,
            Kind::Subscription => names.subscription,
        };
        bracketed(&format!("{kind}<"), Pieces::join(parts, ", "), ">")
    }

    /// `void` for none, `X | void` for one that may be left out.
    fn input(&mut self, procedure: &Procedure) -> Pieces {
        let Some(input) = &procedure.input else { return Pieces::text("void") };
        let mut ty = self.part(&input.ty);
        if input.optional {
            ty.push(" | void");
        }
        ty
    }

    fn output(&mut self, procedure: &Procedure) -> Pieces {
        procedure.output.as_ref().map_or_else(|| Pieces::text("void"), |ty| self.part(ty))
    }

    fn error(&mut self, procedure: &Procedure) -> Pieces {
        procedure.error.as_ref().map_or_else(|| Pieces::text("never"), |ty| self.part(ty))
    }

    fn part(&mut self, ty: &Type) -> Pieces {
        let place = Place { depth: 2, face: self.face, source: None };
        self.ty(ty, place)
    }

    /// Every named type.
    pub(super) fn declarations(&mut self) -> Pieces {
        let mut all = Pieces::default();
        for named in &self.contract.types {
            let declaration = self.declaration(named, &named.name, self.face);
            all.append(declaration);
        }
        let mut written = BTreeSet::new();
        while let Some(name) = self.plain.difference(&written).next().cloned() {
            if let Some(named) = self.named.get(name.as_str()).copied() {
                let declaration = self.declaration(named, &format!("{name}Json"), Face::Wire);
                all.append(declaration);
            }
            written.insert(name);
        }
        if self.uses_json {
            all.push("\n/** Any JSON. */\nexport type JsonValue =\n  | null\n  | boolean\n  | number\n  | string\n");
            all.push("  | JsonValue[]\n  | { [key: string]: JsonValue };\n");
        }
        all
    }

    fn declaration(&mut self, named: &NamedType, name: &str, face: Face) -> Pieces {
        let mut text = Pieces::text("\n");
        text.push(comment(&named.docs, named.deprecated.as_deref(), ""));
        text.push("export type ");
        text.push_name(name, named.source.clone());
        if !named.parameters.is_empty() {
            text.push(format!("<{}>", named.parameters.join(", ")));
        }
        text.push(" =");
        let place = Place { depth: 0, face, source: Some(&named.source) };
        match &named.ty {
            Type::Union { tag, variants } if variants.len() > 1 || variants.iter().any(|it| !it.docs.is_empty()) => {
                text.append(self.variants(tag.as_deref(), variants, place));
            }
            Type::Object { fields, .. } if !fields.is_empty() => {
                text.push(" ");
                text.append(self.object_lines(fields, place));
            }
            ty => {
                text.push(" ");
                text.append(self.ty(ty, place));
            }
        }
        if named.brand.is_some() {
            text.push(format!(" & {{ readonly __brand: {} }}", quoted(&named.name)));
        }
        text.push(";\n");
        text
    }

    fn ty(&mut self, ty: &Type, place: Place<'_>) -> Pieces {
        let rich = place.face == Face::Rich;
        match ty {
            Type::Any => {
                self.uses_json = true;
                Pieces::text("JsonValue")
            }
            Type::Null => Pieces::text("null"),
            Type::Boolean => Pieces::text("boolean"),
            Type::String { format: Some(StringFormat::DateTime) } if rich => Pieces::text("Date"),
            Type::String { format: Some(StringFormat::Bytes) } if rich => Pieces::text("Uint8Array"),
            Type::String { .. } => Pieces::text("string"),
            Type::Integer { .. } | Type::Number => Pieces::text("number"),
            Type::Float if rich => Pieces::text("number"),
            Type::Float => Pieces::text("number | 'NaN' | 'Infinity' | '-Infinity'"),
            Type::BigInt { .. } => Pieces::text(if rich { "bigint" } else { "string" }),
            Type::Literal { value } => Pieces::text(literal(value)),
            Type::Array { item, .. } => {
                let mut item = self.nested(item, place);
                item.push("[]");
                item
            }
            Type::Tuple { items } => {
                let items: Vec<Pieces> = items.iter().map(|ty| self.ty(ty, place)).collect();
                bracketed("[", Pieces::join(items, ", "), "]")
            }
            Type::Map { key, value } => {
                let mut text = self.key(key, place);
                text.append(self.ty(value, place));
                text.push(" }");
                text
            }
            Type::Entries { key, value } => {
                let pair = [self.ty(key, place), self.ty(value, place)];
                let (open, close) = if rich { ("Map<", ">") } else { ("[", "][]") };
                bracketed(open, Pieces::join(pair, ", "), close)
            }
            Type::Object { fields, .. } => self.object(fields, place),
            Type::Union { tag, variants } => self.union(tag.as_deref(), variants, place),
            Type::Intersection { parts } => {
                let parts: Vec<Pieces> = parts.iter().map(|ty| self.nested(ty, place)).collect();
                Pieces::join(parts, " & ")
            }
            Type::Nullable { of } => {
                let mut text = self.ty(of, place);
                text.push(" | null");
                text
            }
            Type::Reference { name, arguments } => self.reference(name, arguments, ty, place),
            Type::Parameter { name } => Pieces::text(name.as_str()),
            Type::Deferred { of } => {
                let of = self.ty(of, place);
                bracketed("Promise<", of, ">")
            }
            Type::Streamed { item, end } => {
                let item = self.ty(item, place);
                // A client decodes the items, and hands out what comes at the end as it is on the wire.
                let place = Place { face: Face::Wire, ..place };
                let end = end.as_ref().map_or_else(|| Pieces::text("void"), |ty| self.ty(ty, place));
                bracketed("AsyncIterable<", Pieces::join([item, end], ", "), ", void>")
            }
            Type::FormData { .. } => Pieces::text("FormData"),
            Type::ByteStream => Pieces::text("Blob | Uint8Array"),
            Type::JavaScript { name, arguments } if arguments.is_empty() => Pieces::text(name.as_str()),
            Type::JavaScript { name, arguments } => {
                let arguments: Vec<Pieces> = arguments.iter().map(|ty| self.ty(ty, place)).collect();
                bracketed(&format!("{name}<"), Pieces::join(arguments, ", "), ">")
            }
        }
    }

    fn reference(&mut self, name: &str, arguments: &[Type], whole: &Type, place: Place<'_>) -> Pieces {
        let mut text = if self.face == Face::Rich && place.face == Face::Wire && self.richness.is_rich(whole) {
            self.plain.insert(name.to_owned());
            Pieces::text(format!("{name}Json"))
        } else {
            Pieces::text(name)
        };
        if !arguments.is_empty() {
            let arguments: Vec<Pieces> = arguments.iter().map(|ty| self.ty(ty, place)).collect();
            text.append(bracketed("<", Pieces::join(arguments, ", "), ">"));
        }
        text
    }

    /// A type in front of `[]` or beside `&`.
    fn nested(&mut self, ty: &Type, place: Place<'_>) -> Pieces {
        let text = self.ty(ty, place);
        let has_several_parts = match ty {
            Type::Union { variants, .. } => variants.len() > 1,
            Type::Nullable { .. } | Type::Intersection { .. } | Type::ByteStream => true,
            Type::Float => place.face == Face::Wire,
            _ => false,
        };
        if has_several_parts { bracketed("(", text, ")") } else { text }
    }

    /// The beginning of an object with any number of members.
    fn key(&mut self, key: &Type, place: Place<'_>) -> Pieces {
        let names = |text: Pieces, optional: bool| bracketed("{ [key in ", text, if optional { "]?: " } else { "]: " });
        match key {
            Type::Integer { .. } => Pieces::text("{ [key: number]: "),
            Type::BigInt { .. } => Pieces::text("{ [key: `${bigint}`]: "),
            Type::Boolean => Pieces::text("{ [key in 'true' | 'false']?: "),
            Type::Union { .. } | Type::Literal { .. } => names(self.ty(key, place), true),
            Type::Reference { name, .. } => {
                let body = self.named.get(name.as_str()).map(|named| &named.ty);
                let is_finite = matches!(body, Some(Type::Union { .. } | Type::Literal { .. }));
                names(self.ty(key, Place { face: Face::Wire, ..place }), is_finite)
            }
            Type::Parameter { .. } => names(self.ty(key, place), false),
            _ => Pieces::text("{ [key: string]: "),
        }
    }

    fn object(&mut self, fields: &[Field], place: Place<'_>) -> Pieces {
        if fields.is_empty() {
            return Pieces::text("Record<string, never>");
        }
        if fields.iter().all(|field| field.docs.is_empty() && field.deprecated.is_none()) {
            let members: Vec<Pieces> = fields.iter().map(|field| self.member(field, place)).collect();
            let line = bracketed("{ ", Pieces::join(members, "; "), " }");
            if line.width().is_some_and(|width| width + 2 * place.depth <= WIDTH) {
                return line;
            }
        }
        self.object_lines(fields, place)
    }

    /// An object with a line for every member.
    fn object_lines(&mut self, fields: &[Field], place: Place<'_>) -> Pieces {
        let inner = Place { depth: place.depth + 1, ..place };
        let indent = "  ".repeat(inner.depth);
        let mut text = Pieces::text("{\n");
        for field in fields {
            text.push(comment(&field.docs, field.deprecated.as_deref(), &indent));
            text.push(indent.clone());
            text.append(self.member(field, inner));
            text.push(";\n");
        }
        text.push(format!("{}}}", "  ".repeat(place.depth)));
        text
    }

    fn member(&mut self, field: &Field, place: Place<'_>) -> Pieces {
        let name = property(&field.name);
        let mut text = Pieces::default();
        match place.source.and_then(|source| self.sources.of_field(source, &field.name)) {
            Some(source) => text.push_name(name, source),
            None => text.push(name),
        }
        text.push(if field.optional { "?: " } else { ": " });
        text.append(self.ty(&field.ty, place));
        text
    }

    fn union(&mut self, tag: Option<&str>, variants: &[Variant], place: Place<'_>) -> Pieces {
        if variants.is_empty() {
            return Pieces::text("never");
        }
        let face = self.face_inside(tag, variants, place);
        let variants: Vec<Pieces> =
            variants.iter().map(|variant| self.ty(&variant.ty, Place { face, ..place })).collect();
        Pieces::join(variants, " | ")
    }

    /// A union with a line for every variant.
    fn variants(&mut self, tag: Option<&str>, variants: &[Variant], place: Place<'_>) -> Pieces {
        let face = self.face_inside(tag, variants, place);
        // Members stand two blanks further in than `|`.
        let inner = Place { depth: place.depth + 2, face, ..place };
        let mut text = Pieces::default();
        for variant in variants {
            text.push("\n");
            text.push(comment(&variant.docs, variant.deprecated.as_deref(), "  "));
            text.push("  | ");
            text.append(self.ty(&variant.ty, inner));
        }
        text
    }

    fn face_inside(&self, tag: Option<&str>, variants: &[Variant], place: Place<'_>) -> Face {
        if can_be_told_apart(tag, variants) { place.face } else { Face::Wire }
    }
}

/// A type as `api.d.ts` would write it.
pub(crate) fn expression(contract: &Contract, ty: &Type) -> String {
    Printer::new(contract, Face::Rich, None).part(ty).to_string()
}

fn bracketed(open: &str, inside: Pieces, close: &str) -> Pieces {
    let mut text = Pieces::text(open);
    text.append(inside);
    text.push(close);
    text
}

/// A value as TypeScript and JavaScript write it.
pub(crate) fn literal(value: &Literal) -> String {
    match value {
        Literal::Boolean(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::String(text) => quoted(text),
    }
}

/// A doc comment, or nothing if there is nothing to say.
pub(crate) fn comment(docs: &str, deprecated: Option<&str>, indent: &str) -> String {
    let mut lines: Vec<String> = docs.lines().map(|line| line.replace("*/", "*\\/")).collect();
    if let Some(note) = deprecated {
        lines.push(format!("@deprecated {note}").trim_end().replace("*/", "*\\/"));
    }
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: String =
                lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n").collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}
