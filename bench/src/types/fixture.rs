//! The made-up API, as numbers from which its other forms follow.

use tintype::contract::Kind;

/// An API of a number of procedures, 20 to a namespace: 12 queries, 6 mutations, 2 subscriptions.
///
/// Each has six fields in and out, with objects in objects, lists and unions, and none shares a type with another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixture {
    pub(crate) procedures: usize,
}

/// A procedure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Which one of all.
    pub(crate) index: usize,
    pub(crate) kind: Kind,
}

const PER_NAMESPACE: usize = 20;

impl Fixture {
    pub(crate) fn procedures(self) -> impl Iterator<Item = Place> {
        (0..self.procedures).map(|index| {
            let kind = match index % PER_NAMESPACE {
                ..12 => Kind::Query,
                12..18 => Kind::Mutation,
                _ => Kind::Subscription,
            };
            Place { index, kind }
        })
    }

    /// The procedures, namespace by namespace.
    pub(crate) fn namespaces(self) -> Vec<(String, Vec<Place>)> {
        let all: Vec<Place> = self.procedures().collect();
        all.chunks(PER_NAMESPACE).map(|places| (places[0].namespace(), places.to_vec())).collect()
    }
}

impl Place {
    pub(crate) fn namespace(self) -> String {
        format!("area{}", self.index / PER_NAMESPACE)
    }

    pub(crate) fn name(self) -> String {
        let verb = match self.kind {
            Kind::Query => "find",
            Kind::Mutation => "change",
            Kind::Subscription => "watch",
        };
        format!("{verb}{}", self.index)
    }

    pub(crate) fn path(self) -> String {
        format!("{}.{}", self.namespace(), self.name())
    }
}
