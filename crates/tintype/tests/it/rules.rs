//! The rules of inputs, as the derive describes them.

use std::{collections::HashMap, sync::LazyLock};

use garde::Validate;
use regex::Regex;
use serde::{Deserialize, Serialize};
use tintype::{
    Form, FormError, ProcedureTypes, Router, RuleSet, Rules,
    contract::{LengthUnit, Rule},
    prelude::*,
};

const MOST: usize = 9;
const LEAST: i64 = -3;
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new("^[a-z]+$").unwrap());

/// Everything that garde has.
#[derive(Debug, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
struct Everything {
    #[garde(length(min = 1))]
    simple: String,
    #[garde(length(bytes, max = MOST))]
    in_bytes: String,
    #[garde(length(chars, min = 1, max = MOST + 1))]
    in_chars: String,
    #[garde(length(graphemes, equal = 2))]
    in_graphemes: String,
    #[garde(length(utf16, min = 0, max = 4), ascii)]
    in_utf16: String,
    #[garde(range(min = LEAST, max = 10_000_000_000))]
    whole: i64,
    #[garde(range(min = -0.5))]
    fraction: f64,
    #[garde(range(equal = 7))]
    seven: Option<u8>,
    #[garde(email, contains("@"), prefix("a"), suffix("z"))]
    email: String,
    #[garde(url)]
    url: Option<String>,
    #[garde(ip)]
    ip: String,
    #[garde(ipv4)]
    ipv4: String,
    #[garde(ipv6)]
    ipv6: String,
    #[garde(pattern("^a+$"), alphanumeric)]
    literal: String,
    #[garde(pattern(WORD))]
    constant: String,
    #[garde(required, inner(length(chars, min = 3)))]
    needed: Option<String>,
    #[garde(length(max = 3), inner(inner(range(min = 1)), length(equal = 2)))]
    nested: Vec<Vec<u32>>,
    #[garde(inner(custom(anything)), custom(everything))]
    custom: Option<String>,
    #[garde(matches(literal))]
    same: String,
    #[garde(length(max = self.in_bytes.len()))]
    dependent: String,
    #[garde(if(cond = self.whole > 0, ascii))]
    conditional: String,
    #[garde(dive)]
    tags: Vec<Tag>,
    #[garde(dive)]
    by_name: HashMap<String, Option<Tag>>,
    #[garde(skip)]
    _free: bool,
    #[garde(ascii)]
    r#type: String,
}

#[derive(Debug, Deserialize, Type, Validate, Rules)]
struct Tag {
    #[garde(ascii)]
    name: String,
    #[garde(dive)]
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize, Type, Validate, Rules)]
enum Shape {
    Circle {
        #[garde(range(min = 0.0))]
        radius: f64,
    },
    Named(#[garde(length(max = 3))] String),
    #[allow(dead_code)]
    Point,
}

#[derive(Debug, Deserialize, Type, Validate, Rules)]
struct Page<T: Validate<Context = ()>> {
    #[garde(dive)]
    items: Vec<T>,
    #[garde(range(max = 9))]
    number: u8,
}

fn anything(_: &str, (): &()) -> garde::Result {
    Ok(())
}

fn everything(_: &Option<String>, (): &()) -> garde::Result {
    Ok(())
}

const HERE: &str = module_path!();

fn rules_of<T: Rules>() -> RuleSet {
    let mut rules = RuleSet::default();
    T::rules(&mut rules);
    rules
}

fn length(unit: LengthUnit, min: impl Into<Option<u64>>, max: impl Into<Option<u64>>) -> Rule {
    Rule::Length { unit, min: min.into(), max: max.into() }
}

fn range(min: impl Into<Option<f64>>, max: impl Into<Option<f64>>) -> Rule {
    Rule::Range { min: min.into(), max: max.into() }
}

#[test]
fn every_rule_of_garde_is_described() {
    let set = rules_of::<Everything>();
    let check = |field: &str, expected: &[Rule]| assert_eq!(set.of(HERE, "Everything", field), expected, "{field}");

    check("simple", &[length(LengthUnit::Simple, 1, None)]);
    check("in_bytes", &[length(LengthUnit::Bytes, None, 9)]);
    check("in_chars", &[length(LengthUnit::Chars, 1, 10)]);
    check("in_graphemes", &[length(LengthUnit::Graphemes, 2, 2)]);
    check("in_utf16", &[length(LengthUnit::Utf16, 0, 4), Rule::Ascii]);
    check("whole", &[range(-3.0, 1e10)]);
    check("fraction", &[range(-0.5, None)]);
    check("seven", &[range(7.0, 7.0)]);
    let text = str::to_owned;
    check(
        "email",
        &[
            Rule::Email,
            Rule::Contains { text: text("@") },
            Rule::Prefix { text: text("a") },
            Rule::Suffix { text: text("z") },
        ],
    );
    check("url", &[Rule::Url]);
    check("ip", &[Rule::Ip]);
    check("ipv4", &[Rule::Ipv4]);
    check("ipv6", &[Rule::Ipv6]);
    check("literal", &[Rule::Pattern { pattern: text("^a+$") }, Rule::Alphanumeric]);
    check("constant", &[Rule::Pattern { pattern: text("^[a-z]+$") }]);
    check("needed", &[Rule::Required, Rule::Inner { rules: vec![length(LengthUnit::Chars, 3, None)] }]);
    let pairs = vec![Rule::Inner { rules: vec![range(1.0, None)] }, length(LengthUnit::Simple, 2, 2)];
    check("nested", &[length(LengthUnit::Simple, None, 3), Rule::Inner { rules: pairs }]);
    check("_free", &[]);
    check("tags", &[]);
    check("type", &[Rule::Ascii]);
}

#[test]
fn what_depends_on_the_value_or_on_code_is_left_to_the_server() {
    let set = rules_of::<Everything>();

    assert_eq!(set.of(HERE, "Everything", "custom"), [Rule::Inner { rules: vec![Rule::Custom] }, Rule::Custom]);
    for field in ["same", "dependent", "conditional"] {
        assert_eq!(set.of(HERE, "Everything", field), [Rule::Custom], "{field}");
    }
}

#[test]
fn rules_are_found_where_garde_dives_to() {
    let set = rules_of::<Everything>();
    assert_eq!(set.of(HERE, "Tag", "name"), [Rule::Ascii]);

    let set = rules_of::<Page<Option<Tag>>>();
    assert_eq!(set.of(HERE, "Tag", "name"), [Rule::Ascii]);
    assert_eq!(set.of(HERE, "Page", "number"), [range(None, 9.0)]);
}

#[test]
fn a_field_of_an_enum_is_found_under_its_variant() {
    let set = rules_of::<Shape>();

    assert_eq!(set.of(HERE, "Shape", "Circle.radius"), [range(0.0, None)]);
    assert_eq!(set.of(HERE, "Shape", "Named.0"), [length(LengthUnit::Simple, None, 3)]);
    assert_eq!(set.fields().count(), 2);
}

#[derive(Debug, Deserialize, Type, Validate)]
struct Undescribed {
    #[garde(ascii)]
    name: String,
}

#[derive(Debug, Serialize, Deserialize, Type)]
struct Free {
    name: String,
}

mod procedures {
    use super::*;

    #[query(state = ())]
    pub(super) async fn described(input: Tag) -> Result<(), Never> {
        drop((input.name, input.tags));
        Ok(())
    }

    #[query(state = ())]
    pub(super) async fn optional(input: Option<Tag>) -> Result<(), Never> {
        drop(input);
        Ok(())
    }

    #[mutation(state = ())]
    pub(super) async fn form(input: Form<Tag>) -> Result<(), FormError> {
        drop(input);
        Ok(())
    }

    #[query(state = ())]
    pub(super) async fn undescribed(input: Undescribed) -> Result<(), Never> {
        drop(input.name);
        Ok(())
    }

    #[mutation(state = ())]
    pub(super) async fn undescribed_form(input: Form<Undescribed>) -> Result<(), FormError> {
        drop(input);
        Ok(())
    }

    #[query(state = ())]
    pub(super) async fn free(input: Free) -> Result<String, Never> {
        Ok(input.name)
    }

    #[query(state = ())]
    pub(super) async fn nothing() -> Result<(), Never> {
        Ok(())
    }
}

fn types_of(path: &str) -> ProcedureTypes {
    use procedures::{described, form, free, nothing, optional, undescribed, undescribed_form};
    let router: Router<()> =
        tintype::router! { [described, optional, form, undescribed, undescribed_form, free, nothing] };
    let entry = router.procedures().find(|entry| entry.path == path).unwrap();
    entry.types(&mut specta::Types::default())
}

#[test]
fn a_procedure_has_the_rules_of_its_input_whatever_is_around_it() {
    for path in ["described", "optional", "form"] {
        let rules = types_of(path).rules;
        assert_eq!(rules.of(HERE, "Tag", "name"), [Rule::Ascii], "{path}");
        assert_eq!(rules.undescribed().count(), 0, "{path}");
    }
}

#[test]
fn an_input_that_is_checked_and_not_described_is_named() {
    for path in ["undescribed", "undescribedForm"] {
        let rules = types_of(path).rules;
        assert_eq!(rules.fields().count(), 0);
        let names: Vec<&str> = rules.undescribed().collect();
        assert_eq!(names, [format!("{HERE}::Undescribed")], "{path}");
    }
    for path in ["free", "nothing"] {
        assert_eq!(types_of(path).rules, RuleSet::default(), "{path}");
    }
}

#[test]
fn rules_of_several_procedures_add_up() {
    let mut all = RuleSet::default();
    all.merge(rules_of::<Shape>());
    all.merge(types_of("described").rules);
    all.merge(types_of("undescribed").rules);

    assert_eq!(all.of(HERE, "Tag", "name"), [Rule::Ascii]);
    assert_eq!(all.of(HERE, "Shape", "Circle.radius"), [range(0.0, None)]);
    assert_eq!(all.undescribed().count(), 1);
}
