//! What the derive and the attributes ask of types that they know only by name.

use std::{any::type_name, marker::PhantomData};

use garde::rules::{inner::Inner, pattern::Matcher, range::Bounds};

use super::{RuleSet, Rules};
use crate::body::Form;

/// Describes the rules of an input, whether it has some or not.
///
/// The macros call `(&&&&RulesOf::<Input>::new()).describe(rules)`.
/// Method resolution prefers [`Described`], which needs [`Rules`], to [`Checked`], which needs `garde::Validate`, and
/// that to [`Unruled`], which needs nothing.
#[derive(Debug)]
pub struct RulesOf<I>(PhantomData<I>);

impl<I> RulesOf<I> {
    /// Looks at the type.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<I> Default for RulesOf<I> {
    fn default() -> Self {
        Self::new()
    }
}

/// A type whose rules are described.
pub trait Described {
    /// Adds its rules.
    fn describe(&self, rules: &mut RuleSet);
}

impl<I: Rules> Described for &&RulesOf<I> {
    fn describe(&self, rules: &mut RuleSet) {
        I::rules(rules);
    }
}

/// The fields of a form have rules like any input.
impl<T: Rules> Described for &&&RulesOf<Form<T>> {
    fn describe(&self, rules: &mut RuleSet) {
        T::rules(rules);
    }
}

/// A type that is checked by rules which are not described.
pub trait Checked {
    /// Notes its name.
    fn describe(&self, rules: &mut RuleSet);
}

impl<I: garde::Validate> Checked for &RulesOf<I> {
    fn describe(&self, rules: &mut RuleSet) {
        rules.undescribed.insert(type_name::<I>());
    }
}

/// The fields of a form have rules like any input.
impl<T: garde::Validate> Checked for &&RulesOf<Form<T>> {
    fn describe(&self, rules: &mut RuleSet) {
        rules.undescribed.insert(type_name::<T>());
    }
}

/// A type that is not checked.
pub trait Unruled {
    /// Adds nothing.
    fn describe(&self, rules: &mut RuleSet);
}

impl<I> Unruled for RulesOf<I> {
    fn describe(&self, _: &mut RuleSet) {}
}

/// The type of a field, or of what is inside of it.
#[derive(Debug)]
pub struct FieldType<T: ?Sized>(PhantomData<T>);

impl<T> FieldType<T> {
    /// The type of a field.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// The type that `inner(…)` looks at.
    #[must_use]
    pub const fn inner<U>(self) -> FieldType<U>
    where
        T: Inner<U>,
    {
        FieldType(PhantomData)
    }

    /// A limit of `range(…)`, as near as a double comes.
    #[must_use]
    pub fn limit(self, limit: T::Size) -> Option<f64>
    where
        T: Bounds,
    {
        // Every number displays itself as a number; there is no conversion that all of them share.
        limit.to_string().parse().ok()
    }
}

impl<T> Default for FieldType<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// A limit of `length(…)`.
#[must_use]
pub fn length(limit: usize) -> u64 {
    u64::try_from(limit).unwrap_or(u64::MAX)
}

/// The argument of `contains`, `prefix` or `suffix`.
#[must_use]
pub fn text(text: &str) -> String {
    text.to_owned()
}

/// The expression of a regular expression that is in a constant.
#[must_use]
pub fn pattern(matcher: &impl Matcher) -> String {
    matcher.as_str().to_owned()
}
