//! Compares two types of which neither is a union.

use crate::contract::{
    diff::{
        change::ChangeKind,
        fits::Flow,
        rules,
        walk::{Edit, Level, Task, Walk, deprecation},
    },
    shape::{Head, Member, Record, Shape},
    universe::TypeId,
};

impl<'c> Walk<'_, 'c> {
    /// Compares `old` and `new`, which are the types of `task` without `null`.
    pub(super) fn compare_shapes(&mut self, task: &Task<'c>, old: TypeId, new: TypeId, level: &mut Level<'c>) {
        let (old_head, new_head) = (self.fits.head(old), self.fits.head(new));
        let (Head::One(old), Head::One(new)) = (&*old_head, &*new_head) else { return };
        match (old, new) {
            (Shape::Record(old), Shape::Record(new)) => self.compare_records(task, old, new, level),
            (
                Shape::Array { item: old, unique: old_unique, length: old_length },
                Shape::Array { item: new, unique, length },
            ) => {
                if old_unique != unique {
                    let relies = self.flow == Flow::ToClient;
                    let (forward, backward) = (!relies || *old_unique, !relies || *unique);
                    let edit = self.edit(ChangeKind::UniquenessChanged, task, task.path);
                    level.edits.push(Edit { forward, backward, ..edit });
                }
                if old_length != length {
                    let (forward, backward) = (length.is_none(), old_length.is_none());
                    let edit = self.edit(ChangeKind::LengthChanged, task, task.path);
                    level.edits.push(Edit { forward, backward, ..edit });
                }
                let path = self.paths.step(task.path, "[]");
                level.tasks.push(self.inside(task, *old, *new, path));
            }
            (Shape::Tuple(old), Shape::Tuple(new)) if old.len() == new.len() => {
                for (position, (old, new)) in old.iter().zip(new).enumerate() {
                    let path = self.paths.step(task.path, format!("[{position}]"));
                    level.tasks.push(self.inside(task, *old, *new, path));
                }
            }
            (Shape::Tuple(_), Shape::Tuple(_)) => level.edits.push(self.edit_of_all(ChangeKind::LengthChanged, task)),
            (Shape::Deferred(old), Shape::Deferred(new)) => {
                level.tasks.push(self.inside(task, *old, *new, task.path));
            }
            (Shape::Streamed { item: old, end: old_end }, Shape::Streamed { item: new, end: new_end }) => {
                let path = self.paths.step(task.path, "[]");
                level.tasks.push(self.inside(task, *old, *new, path));
                let path = self.paths.variant(task.path, "end");
                match (old_end, new_end) {
                    (Some(old), Some(new)) => level.tasks.push(self.inside(task, *old, *new, path)),
                    (None, None) => {}
                    (old, new) => {
                        let (forward, backward) = (new.is_none(), old.is_none());
                        level.edits.push(Edit { forward, backward, ..self.edit(ChangeKind::TypeChanged, task, path) });
                    }
                }
            }
            (Shape::FormData(Some(old)), Shape::FormData(Some(new))) => {
                level.tasks.push(self.inside(task, *old, *new, task.path));
            }
            (
                Shape::JavaScript { name: old_name, arguments: old },
                Shape::JavaScript { name: new_name, arguments: new },
            ) if old_name == new_name && old.len() == new.len() => {
                let path = self.paths.step(task.path, "[]");
                let tasks = old.iter().zip(new).map(|(old, new)| self.inside(task, *old, *new, path));
                level.tasks.extend(tasks);
            }
            (old, new) if old == new && !matches!(old, Shape::Unknown { .. }) => {}
            (old, new) => {
                let kind = match (old, new) {
                    (Shape::Text(_), Shape::Text(_)) => ChangeKind::FormatChanged,
                    (Shape::Integer(_), Shape::Integer(_)) | (Shape::BigInt(_), Shape::BigInt(_)) => {
                        ChangeKind::RangeChanged
                    }
                    (Shape::Literal(_), Shape::Literal(_)) => ChangeKind::LiteralChanged,
                    _ => ChangeKind::TypeChanged,
                };
                level.edits.push(self.edit_of_all(kind, task));
            }
        }
    }

    fn compare_records(&mut self, task: &Task<'c>, old: &Record<'c>, new: &Record<'c>, level: &mut Level<'c>) {
        let is_map = |record: &Record<'_>| record.members.is_empty() && record.rest.is_some();
        let is_object = |record: &Record<'_>| record.rest.is_none();
        if is_map(old) && is_object(new) || is_object(old) && is_map(new) {
            level.edits.push(self.edit_of_all(ChangeKind::TypeChanged, task));
            return;
        }
        for old_member in &old.members {
            match new.get(old_member.name) {
                Some(new_member) => self.compare_members(task, old_member, new_member, level),
                None => {
                    let forward = self.takes(new, old_member);
                    let backward = self.does_without(old_member, new);
                    let path = self.paths.member(task.path, old_member.name);
                    let edit = self.edit(ChangeKind::FieldRemoved, task, path);
                    let described = Some(super::text::describe(self.fits, old_member.id));
                    level.edits.push(Edit { forward, backward, old: described, new: None, ..edit });
                }
            }
        }
        for new_member in new.members.iter().filter(|member| old.get(member.name).is_none()) {
            let forward = self.does_without(new_member, old);
            let backward = self.takes(old, new_member);
            let path = self.paths.member(task.path, new_member.name);
            let edit = self.edit(ChangeKind::FieldAdded, task, path);
            let described = Some(super::text::describe(self.fits, new_member.id));
            level.edits.push(Edit { forward, backward, old: None, new: described, ..edit });
        }
        self.compare_others(task, old, new, level);
    }

    /// Compares what two objects make of members that they do not name.
    fn compare_others(&mut self, task: &Task<'c>, old: &Record<'c>, new: &Record<'c>, level: &mut Level<'c>) {
        match (old.rest, new.rest) {
            (None, None) => {
                if old.closed != new.closed {
                    let kind = if new.closed { ChangeKind::ObjectClosed } else { ChangeKind::ObjectOpened };
                    level.edits.push(self.edit(kind, task, task.path));
                }
            }
            (Some((old_key, old_value)), Some((new_key, new_value))) => {
                let forward = self.fits.key_fits(old_key, new_key);
                let backward = self.fits.key_fits(new_key, old_key);
                if !forward || !backward {
                    let path = self.paths.step(task.path, "{key}");
                    level.edits.push(Edit { forward, backward, ..self.edit(ChangeKind::KeysChanged, task, path) });
                }
                let path = self.paths.step(task.path, "{}");
                level.tasks.push(self.inside(task, old_value, new_value, path));
            }
            (old_rest, new_rest) => {
                let forward = old_rest.is_none() || !new.closed;
                let backward = new_rest.is_none() || !old.closed;
                let path = self.paths.step(task.path, "{}");
                level.edits.push(Edit { forward, backward, ..self.edit(ChangeKind::TypeChanged, task, path) });
            }
        }
    }

    /// Compares the two sides of one member, whose type is compared later.
    fn compare_members(&mut self, task: &Task<'c>, old: &Member<'c>, new: &Member<'c>, level: &mut Level<'c>) {
        let path = self.paths.member(task.path, old.name);
        let inner = self.inside(task, old.id, new.id, path);
        let mut child = inner;
        if old.optional != new.optional {
            let kind = if new.optional { ChangeKind::FieldOptional } else { ChangeKind::FieldRequired };
            let (mut forward, mut backward) = (new.optional, old.optional);
            let (old_null, new_null) = (self.null_in(old.id), self.null_in(new.id));
            // An `Option` in Rust is both: one difference, and not two.
            if old_null.is_some() == old.optional && new_null.is_some() == new.optional {
                forward = forward && old_null.is_none_or(|null| self.fits(&inner, null, new.id));
                backward = backward && new_null.is_none_or(|null| self.fits(&inner, null, old.id));
                child = self.inside_without_null(task, old.id, new.id, path);
            }
            level.edits.push(Edit { forward, backward, ..self.edit(kind, &inner, path) });
        }
        if self.flow == Flow::ToServer && old.rules != new.rules {
            let forward = rules::imply(old, new, &mut self.fits.types);
            let backward = rules::imply(new, old, &mut self.fits.types);
            let kind = match (forward, backward) {
                (true, true) => None,
                (false, true) => Some(ChangeKind::RulesTightened),
                (true, false) => Some(ChangeKind::RulesLoosened),
                (false, false) => Some(ChangeKind::RulesChanged),
            };
            if let Some(kind) = kind {
                let (old, new) = (super::text::describe_rules(&old.rules), super::text::describe_rules(&new.rules));
                let edit = self.edit(kind, &inner, path);
                level.edits.push(Edit { forward, backward, old: Some(old), new: Some(new), ..edit });
            }
        }
        if let Some(kind) = deprecation(old.deprecated, new.deprecated) {
            level.edits.push(self.edit(kind, &inner, path));
        }
        level.tasks.push(child);
    }

    fn null_in(&mut self, id: TypeId) -> Option<TypeId> {
        match &*self.fits.head(id) {
            Head::One(shape) => matches!(shape, Shape::Null).then_some(id),
            Head::Choice { alternatives, .. } => {
                alternatives.iter().map(|it| it.id).find(|id| matches!(*self.fits.head(*id), Head::One(Shape::Null)))
            }
        }
    }

    /// Whether an object takes a member that it does not name.
    fn takes(&mut self, record: &Record<'c>, member: &Member<'c>) -> bool {
        match record.rest {
            Some((key, value)) => self.fits.key_is(member.name, key) && self.fits.fits(member.id, value, self.flow),
            None => !record.closed,
        }
    }

    /// Whether a member may be missing from an object that does not name it.
    fn does_without(&mut self, member: &Member<'c>, sent: &Record<'c>) -> bool {
        let by_chance = sent.rest.filter(|(key, _)| self.fits.key_may_be(member.name, *key));
        rules::may_be_missing(member, self.flow)
            && by_chance.is_none_or(|(_, value)| self.fits.fits(value, member.id, self.flow))
    }
}
