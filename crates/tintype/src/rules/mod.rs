//! The rules of inputs as data, so that clients can check them too.
//!
//! garde checks an input on the server and tells nobody what it checks. `#[derive(Rules)]` reads the same `#[garde(…)]`
//! attributes and describes them, so they reach the contract, and with it schemas for forms, JSON Schema and OpenAPI.

mod messages;
mod probe;
mod rule;

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    rc::Rc,
    sync::Arc,
};

pub(crate) use messages::Messages;
#[cfg(feature = "codegen")]
pub(crate) use messages::NO_EMAIL;
pub use probe::{Checked, Described, FieldType, RulesOf, Unruled, length, pattern, text};
pub use rule::{LengthUnit, Rule};

/// Describes the garde rules of a type, and of every type that it dives into.
///
/// Derive it on inputs, beside `garde::Validate`:
///
/// ```
/// use serde::Deserialize;
/// use tintype::{Rules, Type};
///
/// #[derive(Deserialize, Type, garde::Validate, Rules)]
/// pub struct CreateWidget {
///     /// Name, 1 to 120 characters.
///     #[garde(length(chars, min = 1, max = 120))]
///     name: String,
/// }
/// ```
///
/// What only the server can check, such as `custom` and `matches`, is described as such and no more.
#[diagnostic::on_unimplemented(
    message = "the rules of `{Self}` are not described",
    label = "this type has no `Rules`",
    note = "derive them beside `garde::Validate`: `#[derive(garde::Validate, tintype::Rules)]`"
)]
pub trait Rules: Enforced {
    /// Adds the rules of this type to `rules`.
    fn rules(rules: &mut RuleSet);
}

/// A type whose rules the server checks: nobody else is told rules that nothing enforces.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "nothing checks the rules of `{Self}`",
    label = "this type has no `garde::Validate`",
    note = "derive it beside the rules: `#[derive(garde::Validate, tintype::Rules)]`"
)]
pub trait Enforced {}

#[diagnostic::do_not_recommend]
impl<T: garde::Validate<Context = ()>> Enforced for T {}

/// The rules of types and of their fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleSet {
    /// By module path and name.
    types: BTreeMap<&'static str, BTreeMap<&'static str, Fields>>,
    undescribed: BTreeSet<&'static str>,
}

type Fields = BTreeMap<String, Vec<Rule>>;

impl RuleSet {
    /// The rules of a field, in the order of the attributes.
    ///
    /// A field of a struct has its name in Rust, or its index as in `0`; one of an enum has that of its variant in
    /// front, as in `Circle.radius`.
    #[must_use]
    pub fn of(&self, module_path: &str, type_name: &str, field: &str) -> &[Rule] {
        let fields = self.types.get(module_path).and_then(|types| types.get(type_name));
        fields.and_then(|fields| fields.get(field)).map_or(&[], Vec::as_slice)
    }

    /// Every field that has rules: the module path and the name of its type, the field as [`RuleSet::of`] spells it,
    /// and the rules.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str, &str, &[Rule])> {
        self.types.iter().flat_map(|(module_path, types)| {
            types.iter().flat_map(|(name, fields)| {
                fields.iter().map(|(field, rules)| (*module_path, *name, field.as_str(), rules.as_slice()))
            })
        })
    }

    /// The inputs that garde checks by rules which nothing describes: they lack `#[derive(Rules)]`.
    pub fn undescribed(&self) -> impl Iterator<Item = &'static str> {
        self.undescribed.iter().copied()
    }

    /// Adds everything in `other`.
    pub fn merge(&mut self, other: Self) {
        for (module_path, types) in other.types {
            self.types.entry(module_path).or_default().extend(types);
        }
        self.undescribed.extend(other.undescribed);
    }

    /// Begins a type; `false` if it is described already, as a recursive one is.
    #[doc(hidden)]
    pub fn begin(&mut self, module_path: &'static str, type_name: &'static str) -> bool {
        let types = self.types.entry(module_path).or_default();
        if types.contains_key(type_name) {
            return false;
        }
        types.insert(type_name, Fields::new());
        true
    }

    /// Sets the rules of a field of a type that has begun.
    #[doc(hidden)]
    pub fn field(&mut self, module_path: &'static str, type_name: &'static str, field: &str, rules: Vec<Rule>) {
        self.types.entry(module_path).or_default().entry(type_name).or_default().insert(field.to_owned(), rules);
    }
}

/// The types that garde dives through.
macro_rules! through {
    ($(<$($parameter:ident),+> $container:ty => $inner:ty),* $(,)?) => {$(
        impl<$($parameter),+> Rules for $container
        where
            $inner: Rules,
            $container: Enforced,
        {
            fn rules(rules: &mut RuleSet) {
                <$inner>::rules(rules);
            }
        }
    )*};
}

through! {
    <T> Option<T> => T,
    <T> Box<T> => T,
    <T> Rc<T> => T,
    <T> Arc<T> => T,
    <T> Vec<T> => T,
    <T> VecDeque<T> => T,
    <T> LinkedList<T> => T,
    <T> BinaryHeap<T> => T,
    <T> BTreeSet<T> => T,
    <T, S> HashSet<T, S> => T,
    <K, V> BTreeMap<K, V> => V,
    <K, V, S> HashMap<K, V, S> => V,
}

impl<T: Rules, const N: usize> Rules for [T; N]
where
    Self: Enforced,
{
    fn rules(rules: &mut RuleSet) {
        T::rules(rules);
    }
}
