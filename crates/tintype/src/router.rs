use std::{any::TypeId, collections::BTreeMap, fmt, sync::Arc};

use specta::Types;

use crate::{
    caller::Caller,
    context::Context,
    procedure::{ErasedProcedure, Procedure, ProcedureInfo, ProcedureTypes, SourceLocation},
};

/// The named tree of procedures.
///
/// It is flat inside: a path such as `chat.sessions.list` leads to a procedure, and nothing is generic in what it
/// holds, so a router of a thousand procedures compiles like a router of ten.
/// [`router!`](crate::router!) writes one down as a table of contents.
pub struct Router<S> {
    procedures: BTreeMap<String, Arc<ErasedProcedure<S>>>,
    problem: Option<RouterError>,
}

/// Why a router cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RouterError {
    /// Two procedures ended up under one path.
    #[error("procedure {path:?} is defined twice, at {first} and {second}: rename one")]
    Duplicate {
        /// The path.
        path: String,
        /// Where the first of them is defined.
        first: SourceLocation,
        /// Where the second is defined.
        second: SourceLocation,
    },
    /// A client cannot have a member of this name.
    #[error("procedure {path:?} at {source_location} has the segment {segment:?}, which clients reserve: rename it")]
    Reserved {
        /// The path.
        path: String,
        /// The segment in question.
        segment: String,
        /// Where the procedure is defined.
        source_location: SourceLocation,
    },
    /// A procedure stands under a path that is also the beginning of other paths.
    #[error("path {path:?} is both a procedure, at {source_location}, and the beginning of {other:?}: rename one")]
    ProcedureAndNamespace {
        /// The path.
        path: String,
        /// Where the procedure is defined.
        source_location: SourceLocation,
        /// A path that begins with it.
        other: String,
    },
}

/// Names that the proxies of the official clients keep for themselves: a promise's `then`, a function's own members.
const RESERVED: [&str; 4] = ["then", "call", "apply", "bind"];

/// One entry of the router, described.
#[derive(Debug, Clone, Copy)]
pub struct ProcedureEntry<'a> {
    /// Dotted path, for example `widgets.rename`.
    pub path: &'a str,
    /// What the procedure's attribute says.
    pub info: &'a ProcedureInfo,
    types: fn(&mut Types) -> ProcedureTypes,
    id: TypeId,
}

impl ProcedureEntry<'_> {
    /// The identity of the procedure: `TypeId::of::<widgets::rename>()`.
    #[must_use]
    pub fn id(&self) -> TypeId {
        self.id
    }

    /// Describes input, output and error, and registers the named types among them in `types`.
    pub fn types(&self, types: &mut Types) -> ProcedureTypes {
        (self.types)(types)
    }
}

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// A router without procedures.
    #[must_use]
    pub fn new() -> Self {
        Self { procedures: BTreeMap::new(), problem: None }
    }

    /// Adds the procedure `P` under `namespace`, which is dotted and may be empty.
    #[must_use]
    pub fn procedure<P: Procedure<State = S>>(self, namespace: &str) -> Self {
        let path = join(namespace, P::INFO.name);
        self.insert(path, Arc::new(ErasedProcedure::of::<P>()))
    }

    /// Adds every procedure of `other` under `namespace`, which is dotted and may be empty.
    #[must_use]
    pub fn nest(self, namespace: &str, other: Self) -> Self {
        let mut router = self;
        router.problem = router.problem.or(other.problem);
        other
            .procedures
            .into_iter()
            .fold(router, |router, (path, procedure)| router.insert(join(namespace, &path), procedure))
    }

    /// Adds every procedure of `other`.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        self.nest("", other)
    }

    /// Says whether the router can be used; hosts and the generator ask before they start.
    ///
    /// # Errors
    ///
    /// The first [`RouterError`] met.
    pub fn check(&self) -> Result<(), RouterError> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        for ((path, procedure), (other, _)) in self.procedures.iter().zip(self.procedures.iter().skip(1)) {
            if other.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.')) {
                return Err(RouterError::ProcedureAndNamespace {
                    path: path.clone(),
                    source_location: procedure.info.source,
                    other: other.clone(),
                });
            }
        }
        Ok(())
    }

    /// Every procedure, in the order of the paths.
    pub fn procedures(&self) -> impl Iterator<Item = ProcedureEntry<'_>> {
        self.procedures.iter().map(|(path, procedure)| ProcedureEntry {
            path,
            info: &procedure.info,
            types: procedure.types,
            id: procedure.id,
        })
    }

    /// The paths of the queries that the mutation `entry` makes stale, as its `invalidates(…)` says.
    pub fn invalidated_by(&self, entry: &ProcedureEntry<'_>) -> Vec<&str> {
        let stale: Vec<TypeId> = entry.info.invalidates.iter().map(|id| id()).collect();
        self.procedures().filter(|other| stale.contains(&other.id)).map(|other| other.path).collect()
    }

    /// Calls procedures in process, with `cx` as the context of each call.
    #[must_use]
    pub fn caller(&self, cx: Context<S>) -> Caller<S> {
        Caller::new(cx)
    }

    /// Derives what transformers ask of the contract, so that no call has to.
    pub(crate) fn derive_places(&self) {
        for procedure in self.procedures.values() {
            procedure.places();
        }
    }

    pub(crate) fn get(&self, path: &str) -> Option<&Arc<ErasedProcedure<S>>> {
        self.procedures.get(path)
    }

    fn insert(mut self, path: String, procedure: Arc<ErasedProcedure<S>>) -> Self {
        let problem = if let Some(first) = self.procedures.get(&path) {
            Some(RouterError::Duplicate { path: path.clone(), first: first.info.source, second: procedure.info.source })
        } else {
            path.split('.').find(|segment| RESERVED.contains(segment)).map(|segment| RouterError::Reserved {
                path: path.clone(),
                segment: segment.to_owned(),
                source_location: procedure.info.source,
            })
        };
        self.problem = self.problem.or(problem);
        self.procedures.entry(path).or_insert(procedure);
        self
    }
}

fn join(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}.{name}") }
}

impl<S: Clone + Send + Sync + 'static> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Router<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.procedures.keys()).finish()
    }
}

/// Writes a [`Router`] down as a table of contents: namespaces, and the procedures in each.
///
/// ```
/// mod widgets {
///     use tintype::{InternalError, query};
///
///     #[query(state = ())]
///     pub async fn count() -> Result<u32, InternalError> {
///         Ok(3)
///     }
/// }
///
/// let router = tintype::router! {
///     widgets: [widgets::count],
/// };
/// assert_eq!(router.procedures().next().unwrap().path, "widgets.count");
/// ```
///
/// A namespace may have several segments, `chat.sessions: [sessions::list]`; procedures in a list without a namespace,
/// `[health]`, stand at the root.
#[macro_export]
macro_rules! router {
    ($($($namespace:ident).* $(:)? [$($procedure:path),* $(,)?]),* $(,)?) => {{
        let router = $crate::Router::new();
        $(
            let namespace = $crate::__private::namespace(&[$(stringify!($namespace)),*]);
            $( let router = router.procedure::<$procedure>(&namespace); )*
            let _ = &namespace;
        )*
        router
    }};
}
