//! What the schemas of inputs have in common, whichever library checks them.

use std::collections::{BTreeMap, HashSet};

use super::{Field, Literal, NamedType, Rule, Type, Usage, Variant, instances::Concrete};
pub(super) use crate::typescript::{literal, member, quoted};

/// The named types that clients send.
pub(super) fn input_types(concrete: &Concrete) -> impl Iterator<Item = &NamedType> {
    concrete.types.values().filter(|named| named.usage != Usage::Output)
}

/// What the schema of each type is called: `createWidgetSchema` for `CreateWidget`.
pub(super) fn schema_names(concrete: &Concrete) -> BTreeMap<String, String> {
    let mut taken = HashSet::new();
    let mut unique = |name: &str| {
        let base = format!("{}Schema", lower_first(name));
        let others = (2..).map(|number| format!("{base}{number}"));
        let name = std::iter::once(base.clone())
            .chain(others)
            .find(|name| !taken.contains(name))
            .expect("there are more numbers than types");
        taken.insert(name.clone());
        name
    };
    concrete.types.keys().map(|name| (name.clone(), unique(name))).collect()
}

/// `CreateWidget` as a variable: `createWidget`, and `URLParts` as `urlParts`.
fn lower_first(name: &str) -> String {
    let capitals = name.chars().take_while(|character| character.is_uppercase()).count();
    // The last capital of several begins the next word.
    let lowered = if capitals > 1 && capitals < name.chars().count() { capitals - 1 } else { capitals };
    name.chars()
        .enumerate()
        .flat_map(
            |(index, character)| {
                if index < lowered { character.to_lowercase().collect() } else { vec![character] }
            },
        )
        .collect()
}

/// The names of the variants of a union that are told apart by the member `tag`; `None` if one has no literal there.
pub(super) fn tag_values<'a>(concrete: &'a Concrete, tag: &str, variants: &'a [Variant]) -> Option<Vec<&'a Literal>> {
    variants.iter().map(|variant| tag_value(concrete, tag, &variant.ty)).collect()
}

fn tag_value<'a>(concrete: &'a Concrete, tag: &str, ty: &'a Type) -> Option<&'a Literal> {
    match concrete.behind(ty) {
        Type::Object { fields, .. } => {
            fields.iter().find(|field| field.name == tag).and_then(|field| match concrete.behind(&field.ty) {
                Type::Literal { value } => Some(value),
                _ => None,
            })
        }
        Type::Intersection { parts } => parts.iter().find_map(|part| tag_value(concrete, tag, part)),
        _ => None,
    }
}

/// The values of a union that has nothing else.
pub(super) fn literals(variants: &[Variant]) -> Option<Vec<&Literal>> {
    let values = variants.iter().map(|variant| match &variant.ty {
        Type::Literal { value } => Some(value),
        _ => None,
    });
    values.collect()
}

/// The rules of every element of a list.
pub(super) fn rules_inside(rules: &[Rule]) -> Vec<Rule> {
    let inside = |rule: &Rule| if let Rule::Inner { rules } = rule { rules.clone() } else { Vec::new() };
    rules.iter().flat_map(inside).collect()
}

/// The rules of the value in an `Option`: garde hands most of them through, and `inner` looks at it too.
pub(super) fn rules_of_option(rules: &[Rule]) -> Vec<Rule> {
    let through = |rule: &Rule| match rule {
        Rule::Inner { rules } => rules.clone(),
        Rule::Required => Vec::new(),
        rule => vec![rule.clone()],
    };
    rules.iter().flat_map(through).collect()
}

/// Whether `null` and absence are refused although the type has them.
pub(super) fn is_required(field: &Field) -> bool {
    !field.optional || field.rules.contains(&Rule::Required)
}

/// The type of a field that is there.
pub(super) fn present(field: &Field) -> (&Type, Vec<Rule>) {
    match &field.ty {
        Type::Nullable { of } if field.rules.contains(&Rule::Required) => (of, rules_of_option(&field.rules)),
        ty => (ty, field.rules.clone()),
    }
}

/// Whether rules reach into a type, so that its name does not do.
pub(super) fn has_inside(ty: &Type) -> bool {
    matches!(ty, Type::Nullable { .. } | Type::Array { .. })
}

/// A regular expression in JavaScript, with the flag `u`.
pub(super) fn regex(pattern: &str) -> String {
    if pattern.is_empty() { "/(?:)/u".to_owned() } else { format!("/{pattern}/u") }
}

/// A number in JavaScript.
pub(super) fn number(value: f64) -> String {
    if value == f64::INFINITY {
        "Infinity".to_owned()
    } else if value == f64::NEG_INFINITY {
        "-Infinity".to_owned()
    } else {
        // The shortest that reads back as the same.
        format!("{value}")
    }
}

/// The call of a function whose last arguments may be left out.
pub(super) fn call(name: &str, arguments: &[Option<String>]) -> String {
    let given = arguments.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    let arguments: Vec<&str> =
        arguments[..given].iter().map(|argument| argument.as_deref().unwrap_or("undefined")).collect();
    format!("{name}({})", arguments.join(", "))
}

/// An object literal or a call with many arguments: in one line if it fits behind `depth` levels of blanks.
pub(super) fn list(open: &str, items: &[String], close: &str, depth: usize) -> String {
    const WIDTH: usize = 88;
    if items.is_empty() {
        return format!("{open}{close}");
    }
    let blank = if open.ends_with('{') { " " } else { "" };
    let line = format!("{open}{blank}{}{blank}{close}", items.join(", "));
    if line.len() + 2 * depth <= WIDTH && !line.contains('\n') {
        return line;
    }
    let indent = "  ".repeat(depth + 1);
    let lines: String = items.iter().map(|item| format!("{indent}{item},\n")).collect();
    format!("{open}\n{lines}{}{close}", "  ".repeat(depth))
}
