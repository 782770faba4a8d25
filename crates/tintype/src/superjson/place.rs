use std::sync::Arc;

use super::shape::{Part, Shape};
use crate::procedure::{Output, ProcedureTypes};

/// A type within a contract: what is said of a value that stands there.
///
/// Nothing is said where JSON says everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place(Option<(Arc<Shape>, usize)>);

impl Place {
    pub(super) fn get(&self) -> Option<(&Shape, usize)> {
        self.0.as_ref().map(|(shape, part)| (&**shape, *part))
    }

    /// The type of the field `name`.
    pub(crate) fn field(&self, name: &str) -> Self {
        self.inner(|shape, part| shape.field(part, name))
    }

    /// The type of the values of a stream.
    pub(crate) fn item(&self) -> Self {
        self.inner(|shape, part| shape.element(part, 0))
    }

    /// The type of what comes at the end of a stream.
    pub(crate) fn end(&self) -> Self {
        self.inner(|shape, part| shape.element(part, 1))
    }

    fn inner(&self, step: impl FnOnce(&Shape, usize) -> Option<usize>) -> Self {
        Self(self.0.as_ref().and_then(|(shape, part)| Some((Arc::clone(shape), step(shape, *part)?))))
    }
}

impl From<Option<Shape>> for Place {
    fn from(shape: Option<Shape>) -> Self {
        Self(shape.map(|shape| {
            let root = shape.root;
            (Arc::new(shape), root)
        }))
    }
}

/// What a procedure sends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    /// Its result, or one event of it.
    pub(crate) output: Place,
    /// The whole error object of the protocol.
    pub(crate) error: Place,
}

impl Places {
    pub(crate) fn of(describe: impl Fn(&mut specta::Types) -> ProcedureTypes) -> Self {
        let output = Shape::of(|types| match describe(types).output {
            Output::Nothing => None,
            Output::Value(ty) | Output::Events { item: ty, .. } => Some(ty),
        });
        let error = Shape::of(|types| describe(types).error);
        Self { output: output.into(), error: error.map(|shape| shape.inside(&["data", "error"])).into() }
    }
}

impl Shape {
    fn field(&self, part: usize, name: &str) -> Option<usize> {
        match self.part(part) {
            Part::Object(members) => members.iter().find(|member| member.name == name).map(|member| member.part),
            Part::Merged(parts) | Part::Union(parts) => parts.iter().find_map(|part| self.field(*part, name)),
            Part::Nullable(inner) => self.field(*inner, name),
            _ => None,
        }
    }

    fn element(&self, part: usize, index: usize) -> Option<usize> {
        match self.part(part) {
            Part::Tuple(elements) => elements.get(index).copied(),
            Part::Union(parts) => parts.iter().find_map(|part| self.element(*part, index)),
            _ => None,
        }
    }
}
