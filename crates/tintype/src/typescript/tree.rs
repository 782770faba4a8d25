//! The tree that dotted paths make.

use std::collections::BTreeMap;

use super::{pieces::Pieces, print::comment};
use crate::contract::{Contract, Procedure, Source};

#[derive(Default)]
pub(super) struct Namespace<'a> {
    procedures: BTreeMap<&'a str, &'a Procedure>,
    namespaces: BTreeMap<&'a str, Namespace<'a>>,
}

impl<'a> Namespace<'a> {
    pub(super) fn of(contract: &'a Contract) -> Self {
        let mut root = Self::default();
        for procedure in &contract.procedures {
            let mut segments: Vec<&str> = procedure.path.split('.').collect();
            let name = segments.pop().expect("split yields at least one segment");
            let namespace =
                segments.into_iter().fold(&mut root, |parent, segment| parent.namespaces.entry(segment).or_default());
            namespace.procedures.insert(name, procedure);
        }
        root
    }

    /// Where the namespace begins: at the first procedure in it.
    fn first(&self) -> Option<&'a Procedure> {
        let by_position = |procedure: &&&Procedure| (procedure.source.file.clone(), procedure.source.line);
        let own = self.procedures.values().min_by_key(by_position).copied();
        own.or_else(|| self.namespaces.values().find_map(Self::first))
    }

    /// Writes its members, each procedure with what `leaf` makes of it.
    pub(super) fn write(&self, depth: usize, leaf: &mut dyn FnMut(&Procedure) -> Pieces) -> Pieces {
        let indent = "  ".repeat(depth);
        let mut members = Pieces::default();
        for (name, procedure) in &self.procedures {
            members.push(comment(&procedure.docs, procedure.deprecated.as_deref(), &indent));
            members.push(indent.clone());
            members.push_name(*name, procedure.source.clone());
            members.push(": ");
            members.append(leaf(procedure));
            members.push(";\n");
        }
        for (name, inner) in &self.namespaces {
            members.push(indent.clone());
            match inner.first() {
                Some(first) => members.push_name(*name, Source { column: 1, ..first.source.clone() }),
                None => members.push(*name),
            }
            members.push(": {\n");
            members.append(inner.write(depth + 1, leaf));
            members.push(format!("{indent}}};\n"));
        }
        members
    }
}
