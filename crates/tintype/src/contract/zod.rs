//! Schemas of inputs for Zod 4.

use std::collections::{BTreeMap, BTreeSet};

use garde::i18n::{I18n, InvalidUrl, IpKind};

use super::{
    Contract, Field, LengthUnit, Literal, Rule, StringFormat, Type, Variant,
    inputs::{
        has_inside, input_types, is_required, list, literal, literals, member, number, present, quoted, regex,
        rules_inside, rules_of_option, schema_names, tag_values,
    },
    instances::{Concrete, EmitError},
    json_schema::{ALPHANUMERIC, ASCII, DECIMAL, DURATION, EMAIL, LOCAL_DATE_TIME, TIME},
    pattern,
    schemas::{SchemaOptions, limits, safe_limits, types_in},
};
use crate::{
    rules::{Messages, NO_EMAIL},
    typescript,
};

/// Writes `zod.ts`: a schema of Zod 4 for every named type that clients send, `createWidgetSchema` for `CreateWidget`.
///
/// Values are those of `api.d.ts`: a `Date` for a point in time, a `bigint` for a big integer, bytes as `Uint8Array`.
/// Unknown members are dropped, as the server ignores them; what only the server can check is left to it.
/// [`SchemaOptions::runtime`] has no meaning here.
///
/// # Errors
///
/// An [`EmitError`] if the contract contradicts itself.
pub fn zod(contract: &Contract, options: &SchemaOptions) -> Result<String, EmitError> {
    let concrete = Concrete::of(contract)?;
    let names = schema_names(&concrete);
    let mut writer = Writer { contract, concrete: &concrete, names: &names, types: BTreeSet::new() };
    let mut constants = String::new();
    for name in in_order(&concrete) {
        constants.push_str(&writer.constant(&name));
    }
    let mut text = format!("// Generated from the Rust contract by `{}`: do not edit.\n\n", options.command);
    text.push_str("import * as z from 'zod';\n");
    let types: Vec<String> = writer.types.into_iter().collect();
    if !types.is_empty() {
        text.push_str(&format!("{} from '{}';\n", list("import type {", &types, "}", 0), options.types));
    }
    text.push_str(&constants);
    Ok(text)
}

/// The names of the input types, each after those that it is made of.
fn in_order(concrete: &Concrete) -> Vec<String> {
    fn visit(name: &str, concrete: &Concrete, seen: &mut BTreeSet<String>, order: &mut Vec<String>) {
        if !seen.insert(name.to_owned()) {
            return;
        }
        for inner in referred(concrete, name) {
            visit(&inner, concrete, seen, order);
        }
        order.push(name.to_owned());
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for named in input_types(concrete) {
        visit(&named.name, concrete, &mut seen, &mut order);
    }
    order
}

/// The named types that a named type is made of.
fn referred(concrete: &Concrete, name: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Some(named) = concrete.types.get(name) {
        types_in(&named.ty, &mut names);
    }
    names.retain(|name| concrete.types.contains_key(name));
    names
}

/// Whether a type is made of itself.
fn is_recursive(concrete: &Concrete, name: &str) -> bool {
    let mut open: Vec<String> = referred(concrete, name).into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop() {
        if next == name {
            return true;
        }
        if seen.insert(next.clone()) {
            open.extend(referred(concrete, &next));
        }
    }
    false
}

struct Writer<'a> {
    contract: &'a Contract,
    concrete: &'a Concrete,
    names: &'a BTreeMap<String, String>,
    /// The types that the file imports.
    types: BTreeSet<String>,
}

impl Writer<'_> {
    fn constant(&mut self, name: &str) -> String {
        let concrete = self.concrete;
        let named = &concrete.types[name];
        let schema = self.schema(&named.ty, &[], if is_recursive(concrete, name) { 2 } else { 0 });
        let docs = typescript::comment(&named.docs, named.deprecated.as_deref(), "");
        let constant = &self.names[name];
        if is_recursive(concrete, name) {
            let ty = self.type_name(name);
            // Zod cannot infer what refers to itself; the generated types say it.
            return format!(
                "\n{docs}export const {constant}: z.ZodType<{ty}> = z.lazy(\n  () =>\n    {schema} as unknown as z.ZodType<{ty}>,\n);\n"
            );
        }
        if named.brand.is_some() {
            let ty = self.type_name(name);
            return format!(
                "\n{docs}export const {constant} = {schema} as unknown as z.ZodType<{ty}, {}>;\n",
                base(&named.ty)
            );
        }
        format!("\n{docs}export const {constant} = {schema};\n")
    }

    /// A named type in TypeScript.
    fn type_name(&mut self, name: &str) -> String {
        let ty = self.concrete.written(name);
        types_in(&ty, &mut self.types);
        typescript::expression(self.contract, &ty)
    }

    /// The schema of a type that also keeps rules.
    fn schema(&mut self, ty: &Type, rules: &[Rule], depth: usize) -> String {
        match ty {
            Type::Nullable { of } => format!("{}.nullable()", self.schema(of, &rules_of_option(rules), depth)),
            Type::Reference { name, .. } => {
                let concrete = self.concrete;
                let behind = concrete.behind(ty);
                let is_checked = rules.iter().any(|rule| self.rule(rule, behind).is_some());
                if is_checked || !rules.is_empty() && has_inside(behind) {
                    return self.schema(behind, rules, depth);
                }
                self.names[name].clone()
            }
            Type::Deferred { of } => self.schema(of, rules, depth),
            Type::FormData { fields: Some(fields) } => self.schema(fields, rules, depth),
            ty => {
                let mut schema = self.plain(ty, rules, depth);
                for rule in rules {
                    schema.push_str(&self.rule(rule, ty).unwrap_or_default());
                }
                schema
            }
        }
    }

    fn plain(&mut self, ty: &Type, rules: &[Rule], depth: usize) -> String {
        match ty {
            Type::Null => "z.null()".to_owned(),
            Type::Boolean => "z.boolean()".to_owned(),
            Type::String { format } => text(*format),
            Type::Integer { kind } => {
                let (min, max) = safe_limits(*kind);
                let min = min.map_or(String::new(), |min| format!(".min({min})"));
                let max = max.map_or(String::new(), |max| format!(".max({max})"));
                format!("z.int(){min}{max}")
            }
            Type::Number => "z.number()".to_owned(),
            Type::Float => "z.custom<number>((value) => typeof value === 'number', 'expected a number')".to_owned(),
            Type::BigInt { kind } => {
                let (min, max) = limits(*kind);
                format!("z.bigint().min({min}n).max({max}n)")
            }
            Type::Literal { value } => format!("z.literal({})", literal(value)),
            Type::Array { item, length, .. } => {
                let item = self.schema(item, &rules_inside(rules), depth);
                let length = length.map_or(String::new(), |length| format!(".length({length})"));
                format!("z.array({item}){length}")
            }
            Type::Tuple { items } => {
                let items: Vec<String> = items.iter().map(|item| self.schema(item, &[], depth + 1)).collect();
                list("z.tuple([", &items, "])", depth)
            }
            Type::Map { key, value } => {
                let value = self.schema(value, &[], depth);
                let (function, key) = self.key(key, depth);
                format!("z.{function}({key}, {value})")
            }
            Type::Entries { key, value } => {
                let (key, value) = (self.schema(key, &[], depth), self.schema(value, &[], depth));
                format!("z.map({key}, {value})")
            }
            Type::Object { fields, closed } => self.object(fields, *closed, depth),
            Type::Union { tag, variants } => self.union(tag.as_deref(), variants, depth),
            Type::Intersection { parts } => {
                let mut parts = parts.iter().map(|part| self.part(part, depth)).collect::<Vec<_>>().into_iter();
                let first = parts.next().unwrap_or_else(|| "z.object({})".to_owned());
                parts.fold(first, |all, part| format!("z.intersection({all}, {part})"))
            }
            Type::JavaScript { name, arguments } => match (name.as_str(), arguments.as_slice()) {
                ("Date", _) => "z.date()".to_owned(),
                ("bigint", _) => "z.bigint()".to_owned(),
                ("Uint8Array", _) => "z.instanceof(Uint8Array)".to_owned(),
                ("Map", [key, value]) => {
                    let (key, value) = (self.schema(key, &[], depth), self.schema(value, &[], depth));
                    format!("z.map({key}, {value})")
                }
                ("Set", [item]) => format!("z.set({})", self.schema(item, &[], depth)),
                _ => "z.unknown()".to_owned(),
            },
            Type::FormData { .. } => "z.instanceof(FormData)".to_owned(),
            Type::ByteStream => "z.union([z.instanceof(Blob), z.instanceof(Uint8Array)])".to_owned(),
            Type::Any => "z.json()".to_owned(),
            Type::Streamed { .. }
            | Type::Parameter { .. }
            | Type::Nullable { .. }
            | Type::Reference { .. }
            | Type::Deferred { .. } => "z.unknown()".to_owned(),
        }
    }

    /// The function that makes a record of such keys, and the schema of the keys.
    fn key(&mut self, key: &Type, depth: usize) -> (&'static str, String) {
        match self.concrete.behind(key) {
            Type::Integer { .. } | Type::BigInt { .. } => ("record", "z.string().regex(/^-?[0-9]+$/)".to_owned()),
            Type::Boolean => ("partialRecord", "z.enum(['true', 'false'])".to_owned()),
            Type::Union { .. } | Type::Literal { .. } => ("partialRecord", self.schema(key, &[], depth)),
            Type::String { format: None } | Type::Any => ("record", "z.string()".to_owned()),
            Type::String { format: Some(StringFormat::DateTime | StringFormat::Bytes) } => {
                ("record", "z.string()".to_owned())
            }
            behind => ("record", self.plain(behind, &[], depth)),
        }
    }

    fn object(&mut self, fields: &[Field], is_closed: bool, depth: usize) -> String {
        let members: Vec<String> = fields
            .iter()
            .map(|field| {
                let (ty, rules) = present(field);
                let schema = self.schema(ty, &rules, depth + 1);
                let optional = if is_required(field) { "" } else { ".optional()" };
                format!("{}: {schema}{optional}", member(&field.name))
            })
            .collect();
        let function = if is_closed { "z.strictObject({" } else { "z.object({" };
        list(function, &members, "})", depth)
    }

    /// A part of an object: whether it refuses other members is not its to say, the other parts have them.
    fn part(&mut self, part: &Type, depth: usize) -> String {
        match self.concrete.behind(part) {
            Type::Object { fields, closed: true } => self.object(fields, false, depth),
            _ => self.schema(part, &[], depth),
        }
    }

    fn union(&mut self, tag: Option<&str>, variants: &[Variant], depth: usize) -> String {
        if let Some(values) = literals(variants) {
            let are_texts = values.iter().all(|value| matches!(value, Literal::String(_)));
            let values: Vec<String> = values.into_iter().map(literal).collect();
            return match (values.is_empty(), are_texts) {
                (true, _) => "z.never()".to_owned(),
                (false, true) => list("z.enum([", &values, "])", depth),
                (false, false) => list("z.literal([", &values, "])", depth),
            };
        }
        let are_plain = variants.iter().all(|variant| matches!(variant.ty, Type::Object { .. }));
        let schemas: Vec<String> = variants.iter().map(|variant| self.schema(&variant.ty, &[], depth + 1)).collect();
        match tag {
            Some(tag) if are_plain && tag_values(self.concrete, tag, variants).is_some() => {
                list(&format!("z.discriminatedUnion({}, [", quoted(tag)), &schemas, "])", depth)
            }
            _ => list("z.union([", &schemas, "])", depth),
        }
    }

    /// A call that adds a rule, with the server's message.
    #[allow(clippy::unused_self, reason = "it reads as a part of the schema")]
    fn rule(&self, rule: &Rule, ty: &Type) -> Option<String> {
        let refine = |condition: &str, message: &str| format!(".refine((value) => {condition}, {})", quoted(message));
        let is_text = matches!(ty, Type::String { format } if !is_rich(*format));
        let text_rule = |call: String| is_text.then_some(call);
        match rule {
            Rule::Length { unit, min, max } => {
                let count = count(*unit, ty)?;
                let low = min.filter(|min| *min > 0);
                let low = low.map(|min| refine(&format!("{count} >= {min}"), &Messages.length_lower_than(whole(min))));
                let high =
                    max.map(|max| refine(&format!("{count} <= {max}"), &Messages.length_greater_than(whole(max))));
                Some(low.into_iter().chain(high).collect())
            }
            Rule::Range { min, max } => {
                if !matches!(ty, Type::Integer { .. } | Type::Number | Type::Float | Type::BigInt { .. }) {
                    return None;
                }
                let (min, max) = (min.map(number), max.map(number));
                let low = min.map(|min| refine(&format!("value >= {min}"), &Messages.range_lower_than(&min)));
                let high = max.map(|max| refine(&format!("value <= {max}"), &Messages.range_greater_than(&max)));
                Some(low.into_iter().chain(high).collect())
            }
            Rule::Email => {
                // What the expression cannot say: whether an address in brackets is one, and how long the domain is.
                let rest = "(!value.endsWith(']') || z.union([z.ipv4(), z.ipv6()])\
                            .safeParse(value.slice(value.indexOf('[') + 1, -1)).success) \
                            && value.length - value.indexOf('@') <= 256";
                let rest = refine(rest, NO_EMAIL);
                text_rule(format!(".regex(/{EMAIL}/, {}){rest}", quoted(NO_EMAIL)))
            }
            Rule::Url => text_rule(refine("URL.canParse(value)", &Messages.url_invalid(InvalidUrl::Other))),
            Rule::Ip => text_rule(refine(
                "z.union([z.ipv4(), z.ipv6()]).safeParse(value).success",
                &Messages.ip_invalid(IpKind::Any),
            )),
            Rule::Ipv4 => text_rule(refine("z.ipv4().safeParse(value).success", &Messages.ip_invalid(IpKind::V4))),
            Rule::Ipv6 => text_rule(refine("z.ipv6().safeParse(value).success", &Messages.ip_invalid(IpKind::V6))),
            Rule::Pattern { pattern: original } => {
                let script = pattern::to_javascript(original)?;
                let message = Messages.pattern_no_match(original);
                text_rule(format!(".regex({}, {})", regex(&script), quoted(&message)))
            }
            Rule::Contains { text } => {
                text_rule(format!(".includes({}, {})", quoted(text), quoted(&Messages.contains_missing(text))))
            }
            Rule::Prefix { text } => {
                text_rule(format!(".startsWith({}, {})", quoted(text), quoted(&Messages.prefix_missing(text))))
            }
            Rule::Suffix { text } => {
                text_rule(format!(".endsWith({}, {})", quoted(text), quoted(&Messages.suffix_missing(text))))
            }
            Rule::Ascii => text_rule(format!(".regex(/{ASCII}/, {})", quoted(&Messages.ascii_invalid()))),
            Rule::Alphanumeric => {
                text_rule(format!(".regex(/{ALPHANUMERIC}/u, {})", quoted(&Messages.alphanumeric_invalid())))
            }
            Rule::Required | Rule::Inner { .. } | Rule::Custom => None,
        }
    }
}

/// A length as garde has it.
fn whole(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// Whether a text is a value of another type in JavaScript.
fn is_rich(format: Option<StringFormat>) -> bool {
    matches!(format, Some(StringFormat::DateTime | StringFormat::Bytes))
}

fn text(format: Option<StringFormat>) -> String {
    let matching = |pattern: &str| format!("z.string().regex({})", regex(pattern));
    match format {
        None => "z.string()".to_owned(),
        // `z.uuid()` knows versions, and the server takes any.
        Some(StringFormat::Uuid) => "z.guid()".to_owned(),
        Some(StringFormat::DateTime) => "z.date()".to_owned(),
        Some(StringFormat::LocalDateTime) => matching(LOCAL_DATE_TIME),
        Some(StringFormat::Date) => "z.iso.date()".to_owned(),
        Some(StringFormat::Time) => matching(TIME),
        Some(StringFormat::Duration) => matching(DURATION),
        Some(StringFormat::Decimal) => matching(DECIMAL),
        Some(StringFormat::Bytes) => "z.instanceof(Uint8Array)".to_owned(),
        Some(StringFormat::Char) => {
            "z.string().refine((value) => [...value].length === 1, 'expected one character')".to_owned()
        }
        Some(StringFormat::Ip) => "z.union([z.ipv4(), z.ipv6()])".to_owned(),
        Some(StringFormat::Ipv4) => "z.ipv4()".to_owned(),
        Some(StringFormat::Ipv6) => "z.ipv6()".to_owned(),
        Some(StringFormat::Url) => "z.url()".to_owned(),
    }
}

/// An expression of the length of `value`.
fn count(unit: LengthUnit, ty: &Type) -> Option<&'static str> {
    Some(match (ty, unit) {
        (Type::String { format }, _) if is_rich(*format) => "value.length",
        (Type::String { .. }, LengthUnit::Simple | LengthUnit::Bytes) => "new TextEncoder().encode(value).length",
        (Type::String { .. }, LengthUnit::Chars) => "[...value].length",
        (Type::String { .. }, LengthUnit::Utf16) => "value.length",
        (Type::String { .. }, LengthUnit::Graphemes) => "[...new Intl.Segmenter().segment(value)].length",
        (Type::Array { .. }, _) => "value.length",
        (Type::Entries { .. }, _) => "value.size",
        (Type::Map { .. }, _) => "Object.keys(value).length",
        (Type::JavaScript { name, .. }, _) if name == "Uint8Array" => "value.length",
        (Type::JavaScript { .. }, _) => "value.size",
        _ => return None,
    })
}

/// What a branded type is in TypeScript without its brand.
fn base(ty: &Type) -> &'static str {
    match ty {
        Type::Integer { .. } | Type::Number | Type::Float => "number",
        Type::BigInt { .. } => "bigint",
        _ => "string",
    }
}
