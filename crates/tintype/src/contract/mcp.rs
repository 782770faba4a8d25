//! A manifest of tools for the Model Context Protocol.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Contract, Flag, Kind, Procedure, Type,
    flat_names::flat_names,
    instances::{Concrete, EmitError},
    json::{Json, Object},
    json_schema::{Direction, Schemas},
};

/// Longest name of a tool, in characters: what the strictest of the well-known clients take.
const LONGEST_NAME: usize = 64;

/// What stands in front of the name of a definition.
const PREFIX: &str = "#/$defs/";

/// Writes the tools that a router can be for a language model: what a server of the Model Context Protocol, in its
/// revision 2025-06-18 or later, answers to `tools/list`.
///
/// A query or mutation is a tool; its name is the path with `_` between the segments, and `_meta` has the path itself.
/// Inputs and outputs of tools are objects: one that is none is wrapped, and `_meta` says in which member it is.
/// Subscriptions, uploads, answers in lines and sensitive procedures are no tools; `_meta` of the manifest names each
/// with the reason.
///
/// # Errors
///
/// An [`EmitError`] if the contract contradicts itself, or is one for superjson.
pub fn mcp(contract: &Contract) -> Result<String, EmitError> {
    let concrete = Concrete::of(contract)?;
    let schemas = Schemas::new(&concrete, PREFIX);
    let writer = Writer { concrete: &concrete, schemas };
    let mut tools: Vec<Object> = Vec::new();
    let mut left_out: Vec<Object> = Vec::new();
    for (procedure, name) in concrete.procedures.iter().zip(flat_names(&concrete.procedures, LONGEST_NAME)) {
        match obstacle(procedure, &concrete) {
            Some(reason) => {
                let entry = Object::new().with("path", procedure.path.clone()).with("reason", reason);
                left_out.push(entry);
            }
            None => tools.push(writer.tool(procedure, name)?),
        }
    }
    let mut manifest = Object::new().with("tools", tools);
    if !left_out.is_empty() {
        manifest.set("_meta", Object::new().with("tintype/leftOut", left_out));
    }
    Ok(Json::from(manifest).into_file())
}

/// Why a procedure cannot be a tool.
fn obstacle(procedure: &Procedure, concrete: &Concrete) -> Option<&'static str> {
    if procedure.kind == Kind::Subscription {
        return Some("a tool answers once, and this is a subscription");
    }
    if procedure.flags.contains(&Flag::Sensitive) {
        return Some("its input is secret, and a language model would see it");
    }
    let input = procedure.input.as_ref().map(|input| &input.ty);
    if matches!(input, Some(Type::FormData { .. } | Type::ByteStream)) {
        return Some("the input of a tool is JSON, and this is an upload");
    }
    match &procedure.output {
        Some(output) if concrete.comes_in_lines(output) => {
            Some("a tool answers at once, and this answer comes in lines")
        }
        _ => None,
    }
}

struct Writer<'a> {
    concrete: &'a Concrete,
    schemas: Schemas<'a>,
}

impl Writer<'_> {
    fn tool(&self, procedure: &Procedure, name: String) -> Result<Object, EmitError> {
        let path = &procedure.path;
        let mut meta = Object::new().with("tintype/path", path.clone());
        let input = match &procedure.input {
            None => Object::new().with("type", "object").with("additionalProperties", false),
            Some(input) if self.is_object(&input.ty) && (!input.optional || self.takes_nothing(&input.ty)) => {
                self.root(&input.ty, Direction::Input, path)?
            }
            Some(input) => {
                meta.set("tintype/input", "input");
                self.wrapped(&input.ty, Direction::Input, "input", !input.optional, path)?
            }
        };
        let output = match &procedure.output {
            None => None,
            Some(output) if self.is_object(output) => Some(self.root(output, Direction::Output, path)?),
            Some(output) => {
                meta.set("tintype/output", "result");
                Some(self.wrapped(output, Direction::Output, "result", true, path)?)
            }
        };
        let mut tool = Object::new().with("name", name).with_text("description", &description(procedure));
        tool.set("inputSchema", input);
        if let Some(output) = output {
            tool.set("outputSchema", output);
        }
        let is_query = procedure.kind == Kind::Query;
        let is_idempotent = is_query || procedure.flags.contains(&Flag::Idempotent);
        let mut annotations = Object::new().with("readOnlyHint", is_query).with("idempotentHint", is_idempotent);
        if is_query {
            annotations.set("destructiveHint", false);
        }
        Ok(tool.with("annotations", annotations).with("_meta", meta))
    }

    /// Whether every value of a type is a JSON object.
    fn is_object(&self, ty: &Type) -> bool {
        self.is_object_within(ty, &mut BTreeSet::new())
    }

    fn is_object_within<'a>(&'a self, ty: &'a Type, seen: &mut BTreeSet<&'a str>) -> bool {
        match ty {
            Type::Object { .. } | Type::Map { .. } => true,
            // Something that is an object as long as it is an object itself adds nothing else.
            Type::Reference { name, .. } if !seen.insert(name) => true,
            Type::Reference { name, .. } => {
                self.concrete.types.get(name).is_some_and(|named| self.is_object_within(&named.ty, seen))
            }
            Type::Union { variants, .. } => {
                !variants.is_empty() && variants.iter().all(|variant| self.is_object_within(&variant.ty, seen))
            }
            Type::Intersection { parts } => parts.iter().any(|part| self.is_object_within(part, seen)),
            _ => false,
        }
    }

    /// Whether an object may be empty, so that `{}` stands for no input too.
    fn takes_nothing(&self, ty: &Type) -> bool {
        match self.concrete.behind(ty) {
            Type::Object { fields, .. } => fields.iter().all(|field| field.optional),
            Type::Map { .. } => true,
            _ => false,
        }
    }

    /// The schema of an object as the root of a document, with what it refers to.
    fn root(&self, ty: &Type, direction: Direction, path: &str) -> Result<Object, EmitError> {
        let schema = match ty {
            Type::Reference { name, .. } => match self.concrete.types.get(name) {
                Some(named) if !matches!(named.ty, Type::Reference { .. }) => self.schemas.named(named)?,
                _ => self.schemas.of(self.concrete.behind(ty), direction, path)?,
            },
            ty => self.schemas.of(ty, direction, path)?,
        };
        // The protocol asks for it at the root, also beside variants that say it themselves.
        let schema = Object::new().with("type", "object").merged(schema);
        self.with_definitions(schema)
    }

    /// An object that has the type in its one member.
    fn wrapped(
        &self,
        ty: &Type,
        direction: Direction,
        member: &'static str,
        is_required: bool,
        path: &str,
    ) -> Result<Object, EmitError> {
        let schema = self.schemas.of(ty, direction, path)?;
        let mut object = Object::new().with("type", "object").with("properties", Object::new().with(member, schema));
        if is_required {
            object.set("required", vec![member]);
        }
        self.with_definitions(object)
    }

    /// The schema with every definition that it refers to.
    fn with_definitions(&self, schema: Object) -> Result<Object, EmitError> {
        let schema = Json::from(schema);
        let mut missing = references(&schema);
        let mut definitions = BTreeMap::new();
        while let Some(name) = missing.pop() {
            if let Some(named) = self.concrete.types.get(&name)
                && !definitions.contains_key(&name)
            {
                let definition = Json::from(self.schemas.named(named)?);
                missing.extend(references(&definition));
                definitions.insert(name, definition);
            }
        }
        let Json::Object(mut schema) = schema else { unreachable!("it was made of an object") };
        if !definitions.is_empty() {
            let mut all = Object::new();
            for (name, definition) in definitions {
                all.set(name, definition);
            }
            schema.set("$defs", all);
        }
        Ok(schema)
    }
}

/// The names of the definitions that a schema refers to.
fn references(schema: &Json) -> Vec<String> {
    match schema {
        Json::Value(_) => Vec::new(),
        Json::Array(items) => items.iter().flat_map(references).collect(),
        Json::Object(object) => object
            .iter()
            .flat_map(|(name, value)| match value {
                Json::Value(serde_json::Value::String(target)) if name == "$ref" => {
                    target.strip_prefix(PREFIX).map(str::to_owned).into_iter().collect()
                }
                value => references(value),
            })
            .collect(),
    }
}

fn description(procedure: &Procedure) -> String {
    let mut text = procedure.docs.clone();
    if let Some(note) = &procedure.deprecated {
        let note = if note.is_empty() { "Deprecated.".to_owned() } else { format!("Deprecated: {note}") };
        text = if text.is_empty() { note } else { format!("{text}\n\n{note}") };
    }
    text
}
