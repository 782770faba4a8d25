//! Carries the rules of fields from their names in Rust to their names on the wire.

use std::collections::BTreeMap;

use specta::{
    Types,
    datatype::{DataType, Field, Fields, NamedDataType, Reference},
};

use super::Rule;
use crate::{Router, RuleSet};

/// Under this name, rules travel through specta-serde, which renames fields and keeps their attributes.
const ATTRIBUTE: &str = "tintype:rules";

/// The inputs that garde checks by rules that the contract does not have, because `#[derive(Rules)]` is missing: the
/// name of each in Rust, and the procedures that take it.
///
/// A generator may warn of them: clients learn of such rules only when the server refuses.
#[must_use]
pub fn undescribed_rules<S: Clone + Send + Sync + 'static>(router: &Router<S>) -> BTreeMap<&'static str, Vec<String>> {
    let mut inputs: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut types = Types::default();
    for entry in router.procedures() {
        for name in entry.types(&mut types).rules.undescribed() {
            inputs.entry(name).or_default().push(entry.path.to_owned());
        }
    }
    inputs
}

/// Puts the rules of a type on its fields, while they have the names that they have in Rust.
pub(super) fn mark(named: &mut NamedDataType, rules: &RuleSet) {
    let (module_path, name) = (named.module_path.clone(), named.name.clone());
    let of = |field: &str| rules.of(&module_path, &name, field);
    match &mut named.ty {
        Some(DataType::Struct(object)) => mark_fields(&mut object.fields, "", &of),
        Some(DataType::Enum(union)) => {
            for (variant, body) in &mut union.variants {
                mark_fields(&mut body.fields, &format!("{variant}."), &of);
            }
        }
        _ => {}
    }
}

fn mark_fields<'a>(fields: &mut Fields, prefix: &str, of: &impl Fn(&str) -> &'a [Rule]) {
    let mark = |name: &str, field: &mut Field| {
        let rules = of(&format!("{prefix}{name}"));
        if !rules.is_empty() {
            // As text, because rules hold doubles, which specta's attributes may not.
            let text = serde_json::to_string(rules).expect("rules are JSON");
            field.attributes.insert(ATTRIBUTE, text);
        }
    };
    match fields {
        Fields::Unit => {}
        Fields::Unnamed(fields) => {
            fields.fields.iter_mut().enumerate().for_each(|(index, field)| mark(&index.to_string(), field));
        }
        Fields::Named(fields) => fields.fields.iter_mut().for_each(|(name, field)| mark(name, field)),
    }
}

/// The rules of a field, with those of the newtype that it holds, if it holds one.
pub(super) fn of(field: &Field, types: &Types) -> Vec<Rule> {
    let mut rules: Vec<Rule> = field
        .attributes
        .get_named_as::<String>(ATTRIBUTE)
        .map(|text| serde_json::from_str(text).expect("`mark` wrote it"))
        .unwrap_or_default();
    let ty = match &field.ty {
        Some(DataType::Nullable(inner)) => Some(&**inner),
        ty => ty.as_ref(),
    };
    if let Some(DataType::Reference(Reference::Named(reference))) = ty
        && let Some(DataType::Struct(object)) = types.get(reference).and_then(|named| named.ty.as_ref())
        && let Fields::Unnamed(fields) = &object.fields
        && let [inner] = fields.fields.as_slice()
    {
        rules.extend(of(inner, types));
    }
    rules
}
