//! Schemas for forms: what a client can check of an input before it sends it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Contract, Field, IntegerKind, LengthUnit, Literal, Rule, StringFormat, Type, Variant,
    inputs::{
        call, has_inside, input_types, list, literal, literals, member, number, quoted, regex, rules_inside,
        rules_of_option, schema_names, tag_values,
    },
    instances::{Concrete, EmitError},
    pattern,
};
use crate::typescript;

/// How to write schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaOptions {
    /// The command that generates them anew, named at the top.
    pub command: String,
    /// The module of the runtime; `@tintype/client/schema` by default.
    pub runtime: String,
    /// The module that declares the types, seen from the schemas; `./api.js` by default.
    pub types: String,
}

impl Default for SchemaOptions {
    fn default() -> Self {
        Self {
            command: "cargo run".to_owned(),
            runtime: "@tintype/client/schema".to_owned(),
            types: "./api.js".to_owned(),
        }
    }
}

/// The files of [`schemas`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaFiles {
    /// `schemas.js`.
    pub javascript: String,
    /// `schemas.d.ts`.
    pub declarations: String,
}

/// Writes a schema for every named type that clients send: `createWidgetSchema` for `CreateWidget`.
///
/// A schema implements [Standard Schema](https://standardschema.dev), so form libraries take it, and reports issues as
/// the server does: the path on the wire, the code, and the message.
/// What only the server can check is left to it.
///
/// # Errors
///
/// An [`EmitError`] if the contract contradicts itself.
pub fn schemas(contract: &Contract, options: &SchemaOptions) -> Result<SchemaFiles, EmitError> {
    let concrete = Concrete::of(contract)?;
    let names = schema_names(&concrete);
    let mut writer = Writer { concrete: &concrete, names: &names, imports: BTreeSet::from(["schema"]) };
    let interface = interface(contract);
    let mut constants = String::new();
    let mut declarations = String::new();
    let mut types = BTreeSet::new();
    for named in input_types(&concrete) {
        let check = writer.check(&named.ty, &[], 1);
        let name = &names[&named.name];
        let docs = typescript::comment(&named.docs, named.deprecated.as_deref(), "");
        constants.push_str(&format!("\nexport const {name} = /* @__PURE__ */ schema(() =>\n  {check},\n);\n"));
        let ty = concrete.written(&named.name);
        types_in(&ty, &mut types);
        let ty = typescript::expression(contract, &ty);
        declarations.push_str(&format!("\n{docs}export declare const {name}: {interface}<{ty}>;\n"));
    }
    let head = format!("// Generated from the Rust contract by `{}`: do not edit.\n\n", options.command);
    let imports: Vec<String> = writer.imports.iter().map(|name| (*name).to_owned()).collect();
    let imports = list("import {", &imports, "}", 0);
    let types: Vec<String> = types.into_iter().collect();
    let types = list("import type {", &types, "}", 0);
    let SchemaOptions { runtime, types: module, .. } = options;
    if constants.is_empty() {
        let nothing = format!("{head}export {{}};\n");
        return Ok(SchemaFiles { javascript: nothing.clone(), declarations: nothing });
    }
    let imported = if interface == SCHEMA { interface } else { format!("{SCHEMA} as {interface}") };
    Ok(SchemaFiles {
        javascript: format!("{head}{imports} from '{runtime}';\n{constants}"),
        declarations: format!(
            "{head}import type {{ {imported} }} from '{runtime}';\n{types} from '{module}';\n{declarations}"
        ),
    })
}

/// What the runtime calls the type of a schema.
const SCHEMA: &str = "Schema";

/// What the declarations call the type of a schema: its own name, unless the contract has a type of that name.
fn interface(contract: &Contract) -> String {
    let is_free = |name: &String| contract.types.iter().all(|named| named.name != *name);
    let others = (2..).map(|number| format!("{SCHEMA}{number}"));
    std::iter::once(SCHEMA.to_owned()).chain(others).find(is_free).expect("there are more numbers than types")
}

/// The names of the types in a reference and its arguments.
pub(super) fn types_in(ty: &Type, names: &mut BTreeSet<String>) {
    match ty {
        Type::Reference { name, arguments } => {
            names.insert(name.clone());
            arguments.iter().for_each(|argument| types_in(argument, names));
        }
        Type::Array { item: inner, .. } | Type::Nullable { of: inner } | Type::Deferred { of: inner } => {
            types_in(inner, names);
        }
        Type::Tuple { items } | Type::Intersection { parts: items } | Type::JavaScript { arguments: items, .. } => {
            items.iter().for_each(|item| types_in(item, names));
        }
        Type::Map { key, value } | Type::Entries { key, value } => {
            types_in(key, names);
            types_in(value, names);
        }
        Type::Object { fields, .. } => fields.iter().for_each(|field| types_in(&field.ty, names)),
        Type::Union { variants, .. } => variants.iter().for_each(|variant| types_in(&variant.ty, names)),
        Type::Streamed { item, end } => {
            types_in(item, names);
            end.iter().for_each(|end| types_in(end, names));
        }
        Type::FormData { fields } => fields.iter().for_each(|fields| types_in(fields, names)),
        Type::Any => {
            names.insert("JsonValue".to_owned());
        }
        _ => {}
    }
}

struct Writer<'a> {
    concrete: &'a Concrete,
    names: &'a BTreeMap<String, String>,
    imports: BTreeSet<&'static str>,
}

impl Writer<'_> {
    /// Notes that the runtime's `name` is used.
    fn uses(&mut self, name: &'static str) -> &'static str {
        self.imports.insert(name);
        name
    }

    /// An expression that checks a type and rules, `depth` levels of blanks deep.
    fn check(&mut self, ty: &Type, rules: &[Rule], depth: usize) -> String {
        match ty {
            Type::Nullable { of } => {
                let check = self.check(of, &rules_of_option(rules), depth);
                format!("{}({check})", self.uses("nullable"))
            }
            Type::Reference { name, .. } => {
                let behind = self.concrete.behind(ty);
                if !rules.is_empty() && has_inside(behind) {
                    return self.check(behind, rules, depth);
                }
                let check = self.names[name].clone();
                self.with_rules(check, behind, rules, depth)
            }
            Type::Deferred { of } => self.check(of, rules, depth),
            Type::FormData { fields: Some(fields) } => self.check(fields, rules, depth),
            ty => {
                let check = self.plain(ty, rules, depth);
                self.with_rules(check, ty, rules, depth)
            }
        }
    }

    /// An expression that checks a type, apart from rules other than those inside of it.
    fn plain(&mut self, ty: &Type, rules: &[Rule], depth: usize) -> String {
        match ty {
            Type::Null => format!("{}(null)", self.uses("literal")),
            Type::Boolean => self.uses("boolean").to_owned(),
            Type::String { format } => self.uses(text(*format)).to_owned(),
            Type::Integer { kind } => {
                let (min, max) = safe_limits(*kind);
                call(self.uses("integer"), &[min.map(|min| min.to_string()), max.map(|max| max.to_string())])
            }
            Type::Number => self.uses("number").to_owned(),
            Type::Float => self.uses("float").to_owned(),
            Type::BigInt { kind } => {
                let (min, max) = limits(*kind);
                format!("{}({min}n, {max}n)", self.uses("bigint"))
            }
            Type::Literal { value } => format!("{}({})", self.uses("literal"), literal(value)),
            Type::Array { item, length, .. } => {
                let item = self.check(item, &rules_inside(rules), depth);
                match length {
                    Some(length) => format!("{}({item}, {length})", self.uses("fixed")),
                    None => format!("{}({item})", self.uses("array")),
                }
            }
            Type::Tuple { items } => {
                let items: Vec<String> = items.iter().map(|item| self.check(item, &[], depth + 1)).collect();
                list(&format!("{}(", self.uses("tuple")), &items, ")", depth)
            }
            Type::Map { key, value } => {
                let value = self.check(value, &[], depth);
                let key = self.key(key, depth);
                call(self.uses("record"), &[Some(value), key])
            }
            Type::Entries { key, value } => self.entries(key, value, depth),
            Type::Object { fields, closed } => self.object(&fields.iter().collect::<Vec<_>>(), *closed, depth),
            Type::Union { tag, variants } => self.union(tag.as_deref(), variants, depth),
            Type::Intersection { parts } => {
                let parts: Vec<String> = parts.iter().map(|part| self.part(part, depth + 1)).collect();
                list(&format!("{}(", self.uses("all")), &parts, ")", depth)
            }
            Type::JavaScript { name, arguments } => match (name.as_str(), arguments.as_slice()) {
                ("Date", _) => self.uses("dateTime").to_owned(),
                ("bigint", _) => format!("{}()", self.uses("bigint")),
                ("Uint8Array", _) => self.uses("bytes").to_owned(),
                ("Map", [key, value]) => self.entries(key, value, depth),
                ("Set", [item]) => {
                    let item = self.check(item, &[], depth);
                    format!("{}({item})", self.uses("set"))
                }
                _ => self.uses("any").to_owned(),
            },
            // Uploads are no values that a form could check.
            Type::Any
            | Type::FormData { .. }
            | Type::ByteStream
            | Type::Streamed { .. }
            | Type::Parameter { .. }
            | Type::Nullable { .. }
            | Type::Reference { .. }
            | Type::Deferred { .. } => self.uses("any").to_owned(),
        }
    }

    fn entries(&mut self, key: &Type, value: &Type, depth: usize) -> String {
        let (key, value) = (self.check(key, &[], depth), self.check(value, &[], depth));
        format!("{}({key}, {value})", self.uses("entries"))
    }

    /// What the keys of a map are, unless they are any text: all of them are text in JSON.
    fn key(&mut self, key: &Type, depth: usize) -> Option<String> {
        match self.concrete.behind(key) {
            Type::String { format: None } | Type::Any => None,
            Type::Integer { kind } | Type::BigInt { kind } => {
                let (min, max) = limits(*kind);
                Some(format!("{}({min}n, {max}n)", self.uses("bigint")))
            }
            Type::Boolean => Some(format!("{}('true', 'false')", self.uses("oneOf"))),
            _ => Some(self.check(key, &[], depth)),
        }
    }

    fn object(&mut self, fields: &[&Field], is_closed: bool, depth: usize) -> String {
        let set: Vec<&&Field> = fields.iter().filter(|field| field.rules.contains(&Rule::Required)).collect();
        let inner = if set.is_empty() { depth } else { depth + 1 };
        let mut required = Vec::new();
        let mut optional = Vec::new();
        for field in fields {
            let member = format!("{}: {}", member(&field.name), self.check(&field.ty, &field.rules, inner + 2));
            if field.optional { optional.push(member) } else { required.push(member) }
        }
        let function = self.uses(if is_closed { "closed" } else { "object" });
        let object = if optional.is_empty() {
            list(&format!("{function}({{"), &required, "})", inner)
        } else {
            let groups = [list("{", &required, "}", inner + 1), list("{", &optional, "}", inner + 1)];
            list(&format!("{function}("), &groups, ")", inner)
        };
        if set.is_empty() {
            return object;
        }
        let names: Vec<String> = set.iter().map(|field| quoted(&field.name)).collect();
        let parts = [object, format!("{}({})", self.uses("required"), names.join(", "))];
        list(&format!("{}(", self.uses("all")), &parts, ")", depth)
    }

    /// A part of an object: whether it refuses other members is not its to say, the other parts have them.
    fn part(&mut self, part: &Type, depth: usize) -> String {
        match self.concrete.behind(part) {
            Type::Object { fields, closed: true } => self.object(&fields.iter().collect::<Vec<_>>(), false, depth),
            _ => self.check(part, &[], depth),
        }
    }

    fn union(&mut self, tag: Option<&str>, variants: &[Variant], depth: usize) -> String {
        if let Some(values) = literals(variants) {
            let values: Vec<String> = values.into_iter().map(literal).collect();
            return list(&format!("{}(", self.uses("oneOf")), &values, ")", depth);
        }
        let Some((tag, values)) = tag.and_then(|tag| Some((tag, tag_values(self.concrete, tag, variants)?))) else {
            let variants: Vec<String> =
                variants.iter().map(|variant| self.check(&variant.ty, &[], depth + 1)).collect();
            return list(&format!("{}(", self.uses("anyOf")), &variants, ")", depth);
        };
        let members: Vec<String> = variants
            .iter()
            .zip(values)
            .map(|(variant, value)| {
                let name = match value {
                    Literal::String(text) => text.clone(),
                    Literal::Integer(value) => value.to_string(),
                    Literal::Boolean(value) => value.to_string(),
                };
                let check = match &variant.ty {
                    // The tag is known by then.
                    Type::Object { fields, closed: false } => {
                        let others: Vec<&Field> = fields.iter().filter(|field| field.name != tag).collect();
                        self.object(&others, false, depth + 1)
                    }
                    ty => self.check(ty, &[], depth + 1),
                };
                format!("{}: {check}", member(&name))
            })
            .collect();
        list(&format!("{}({}, {{", self.uses("tagged"), quoted(tag)), &members, "})", depth)
    }

    fn with_rules(&mut self, check: String, ty: &Type, rules: &[Rule], depth: usize) -> String {
        let rules: Vec<String> = rules.iter().filter_map(|rule| self.rule(rule, ty)).collect();
        if rules.is_empty() {
            return check;
        }
        let parts: Vec<String> = std::iter::once(check).chain(rules).collect();
        list(&format!("{}(", self.uses("all")), &parts, ")", depth)
    }

    fn rule(&mut self, rule: &Rule, ty: &Type) -> Option<String> {
        let with_text = |name: &str, text: &str| Some(format!("{name}({})", quoted(text)));
        match rule {
            Rule::Length { unit, min, max } => {
                let name = self.uses(length(*unit, ty)?);
                Some(call(name, &[min.map(|min| min.to_string()), max.map(|max| max.to_string())]))
            }
            Rule::Range { min, max } => {
                let is_number = matches!(ty, Type::Integer { .. } | Type::Number | Type::Float | Type::BigInt { .. });
                is_number.then(|| call(self.uses("range"), &[min.map(number), max.map(number)]))
            }
            Rule::Email => Some(self.uses("email").to_owned()),
            Rule::Url => Some(self.uses("url").to_owned()),
            Rule::Ip => Some(self.uses("ip").to_owned()),
            Rule::Ipv4 => Some(self.uses("ipv4").to_owned()),
            Rule::Ipv6 => Some(self.uses("ipv6").to_owned()),
            Rule::Pattern { pattern: original } => {
                let script = pattern::to_javascript(original)?;
                let shown = (script != *original).then(|| quoted(original));
                Some(call(self.uses("pattern"), &[Some(regex(&script)), shown]))
            }
            Rule::Contains { text } => with_text(self.uses("contains"), text),
            Rule::Prefix { text } => with_text(self.uses("prefix"), text),
            Rule::Suffix { text } => with_text(self.uses("suffix"), text),
            Rule::Ascii => Some(self.uses("ascii").to_owned()),
            Rule::Alphanumeric => Some(self.uses("alphanumeric").to_owned()),
            // What is required is checked by the object around it, what is inside is checked there, and the rest by the server.
            Rule::Required | Rule::Inner { .. } | Rule::Custom => None,
        }
    }
}

/// The check of a text.
fn text(format: Option<StringFormat>) -> &'static str {
    match format {
        None => "string",
        Some(StringFormat::Uuid) => "uuid",
        Some(StringFormat::DateTime) => "dateTime",
        Some(StringFormat::LocalDateTime) => "localDateTime",
        Some(StringFormat::Date) => "date",
        Some(StringFormat::Time) => "time",
        Some(StringFormat::Duration) => "duration",
        Some(StringFormat::Decimal) => "decimal",
        Some(StringFormat::Bytes) => "bytes",
        Some(StringFormat::Char) => "char",
        Some(StringFormat::Ip) => "ipText",
        Some(StringFormat::Ipv4) => "ipv4Text",
        Some(StringFormat::Ipv6) => "ipv6Text",
        Some(StringFormat::Url) => "urlText",
    }
}

/// The check of a length.
fn length(unit: LengthUnit, ty: &Type) -> Option<&'static str> {
    let is_bytes = match ty {
        Type::String { format: Some(StringFormat::Bytes) } => true,
        Type::JavaScript { name, .. } => name == "Uint8Array",
        _ => false,
    };
    Some(match (ty, unit) {
        _ if is_bytes => "dataLength",
        (Type::String { .. }, LengthUnit::Simple | LengthUnit::Bytes) => "byteLength",
        (Type::String { .. }, LengthUnit::Chars) => "charLength",
        (Type::String { .. }, LengthUnit::Utf16) => "utf16Length",
        (Type::String { .. }, LengthUnit::Graphemes) => "graphemeLength",
        (Type::Array { .. } | Type::Entries { .. } | Type::JavaScript { .. }, _) => "itemCount",
        (Type::Map { .. }, _) => "memberCount",
        _ => return None,
    })
}

/// The range of an integer.
pub(super) fn limits(kind: IntegerKind) -> (String, String) {
    const SAFE: i64 = 9_007_199_254_740_991;
    let both = |min: &dyn ToString, max: &dyn ToString| (min.to_string(), max.to_string());
    match kind {
        IntegerKind::I8 => both(&i8::MIN, &i8::MAX),
        IntegerKind::I16 => both(&i16::MIN, &i16::MAX),
        IntegerKind::I32 => both(&i32::MIN, &i32::MAX),
        IntegerKind::I64 => both(&i64::MIN, &i64::MAX),
        IntegerKind::I128 => both(&i128::MIN, &i128::MAX),
        IntegerKind::U8 => both(&u8::MIN, &u8::MAX),
        IntegerKind::U16 => both(&u16::MIN, &u16::MAX),
        IntegerKind::U32 => both(&u32::MIN, &u32::MAX),
        IntegerKind::U64 => both(&u64::MIN, &u64::MAX),
        IntegerKind::U128 => both(&u128::MIN, &u128::MAX),
        IntegerKind::Safe => both(&-SAFE, &SAFE),
        IntegerKind::SafeUnsigned => both(&0, &SAFE),
    }
}

/// The range of a JSON number; what a double cannot hold exactly is no limit of its own.
pub(super) fn safe_limits(kind: IntegerKind) -> (Option<i64>, Option<i64>) {
    match kind {
        IntegerKind::I8 => (Some(i8::MIN.into()), Some(i8::MAX.into())),
        IntegerKind::I16 => (Some(i16::MIN.into()), Some(i16::MAX.into())),
        IntegerKind::I32 => (Some(i32::MIN.into()), Some(i32::MAX.into())),
        IntegerKind::U8 => (Some(0), Some(u8::MAX.into())),
        IntegerKind::U16 => (Some(0), Some(u16::MAX.into())),
        IntegerKind::U32 => (Some(0), Some(u32::MAX.into())),
        IntegerKind::U64 | IntegerKind::U128 | IntegerKind::SafeUnsigned => (Some(0), None),
        IntegerKind::I64 | IntegerKind::I128 | IntegerKind::Safe => (None, None),
    }
}
