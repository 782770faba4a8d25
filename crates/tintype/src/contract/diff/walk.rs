//! Finds where two types differ, and says of each place which of the two directions it breaks.
//!
//! What fits is decided by [`Fits`] alone: a difference below a type that fits breaks nothing, and where a type does
//! not fit at least one difference says so.

use std::collections::HashSet;

use crate::contract::{
    NamedType,
    diff::{
        change::ChangeKind,
        fits::{Fits, Flow},
        path::{Path, Paths},
        text,
    },
    shape::{Alternative, Head, Shape},
    universe::TypeId,
};

/// One difference, as [`Walk`] finds it.
#[derive(Debug)]
pub(super) struct Edit<'c> {
    pub(super) kind: ChangeKind,
    pub(super) path: Path,
    /// The named type that it is in, by the contract that has it.
    pub(super) owner: Owner<'c>,
    /// Whether what is sent as the old type is taken as the new one.
    pub(super) forward: bool,
    /// Whether what is sent as the new type is taken as the old one.
    pub(super) backward: bool,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

/// The innermost named types around a place, and where they begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner<'c> {
    pub(super) old: Option<&'c NamedType>,
    pub(super) new: Option<&'c NamedType>,
    pub(super) path: Path,
}

/// Two types to be compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'c> {
    pub(super) old: TypeId,
    pub(super) new: TypeId,
    pub(super) path: Path,
    owner: Owner<'c>,
    /// Whether differences break nothing because something further out fits.
    forward: bool,
    backward: bool,
    /// Whether receivers have to expect variants that they do not know.
    is_open: bool,
    /// Whether it has been said that one of them may be null.
    null_is_settled: bool,
}

#[derive(Debug)]
pub(super) struct Walk<'a, 'c> {
    pub(super) fits: &'a mut Fits<'c>,
    pub(super) flow: Flow,
    pub(super) paths: Paths,
    tasks: Vec<Task<'c>>,
    seen: HashSet<(TypeId, TypeId, bool, bool)>,
    edits: Vec<Edit<'c>>,
}

/// What comparing two types at their outermost level gives.
#[derive(Debug, Default)]
pub(super) struct Level<'c> {
    pub(super) edits: Vec<Edit<'c>>,
    pub(super) tasks: Vec<Task<'c>>,
    /// Whether an edit further out says already why the types do not fit.
    forward_is_settled: bool,
    backward_is_settled: bool,
}

impl<'a, 'c> Walk<'a, 'c> {
    /// Compares what is sent and taken as `old` with what is sent and taken as `new`.
    pub(super) fn run(
        fits: &'a mut Fits<'c>,
        flow: Flow,
        is_open: bool,
        old: TypeId,
        new: TypeId,
    ) -> (Vec<Edit<'c>>, Paths) {
        let (paths, path) = Paths::new();
        let mut walk = Self { fits, flow, paths, tasks: Vec::new(), seen: HashSet::new(), edits: Vec::new() };
        let owner = Owner { old: None, new: None, path };
        let (forward, backward) = (false, false);
        walk.tasks.push(Task { old, new, path, owner, forward, backward, is_open, null_is_settled: false });
        while let Some(task) = walk.tasks.pop() {
            walk.compare(task);
        }
        (walk.edits, walk.paths)
    }

    fn compare(&mut self, task: Task<'c>) {
        if task.old == task.new || !self.seen.insert((task.old, task.new, task.forward, task.backward)) {
            return;
        }
        let task = Task {
            forward: task.forward || self.fits(&task, task.old, task.new),
            backward: task.backward || self.fits(&task, task.new, task.old),
            ..self.enter(task)
        };
        let mut level = Level::default();
        self.compare_heads(&task, &mut level);
        let explained = |is_fit: fn(&Edit<'_>) -> bool| level.edits.iter().any(|edit| !is_fit(edit));
        let mut forward = task.forward || level.forward_is_settled || explained(|edit| edit.forward);
        let mut backward = task.backward || level.backward_is_settled || explained(|edit| edit.backward);
        for child in &level.tasks {
            forward = forward || !(child.forward || self.fits(child, child.old, child.new));
            backward = backward || !(child.backward || self.fits(child, child.new, child.old));
        }
        if !forward || !backward {
            let edit = self.edit(ChangeKind::TypeChanged, &task, task.path);
            level.edits.push(Edit { forward, backward, ..edit });
        }
        for edit in level.edits {
            let (forward, backward) = (edit.forward || task.forward, edit.backward || task.backward);
            self.edits.push(Edit { forward, backward, ..edit });
        }
        self.tasks.extend(level.tasks.into_iter().rev().map(|child| Task {
            forward: child.forward || task.forward,
            backward: child.backward || task.backward,
            ..child
        }));
    }

    /// Steps into named types, whose names matter to TypeScript alone.
    fn enter(&mut self, task: Task<'c>) -> Task<'c> {
        let (old, new) = (self.fits.types.named(task.old), self.fits.types.named(task.new));
        if old.is_none() && new.is_none() {
            return task;
        }
        let task = Task { owner: Owner { old, new, path: task.path }, ..task };
        if let (Some(old), Some(new)) = (old, new) {
            let names = |kind, walk: &Self| Edit {
                old: Some(old.name.clone()),
                new: Some(new.name.clone()),
                ..walk.edit(kind, &task, task.path)
            };
            if old.name != new.name {
                self.edits.push(names(ChangeKind::TypeRenamed, self));
            }
            if old.brand != new.brand {
                self.edits.push(names(ChangeKind::BrandChanged, self));
            }
            if let Some(kind) = deprecation(old.deprecated.as_deref(), new.deprecated.as_deref()) {
                self.edits.push(names(kind, self));
            }
        }
        task
    }

    fn compare_heads(&mut self, task: &Task<'c>, level: &mut Level<'c>) {
        let (old_head, new_head) = (self.fits.head(task.old), self.fits.head(task.new));
        if let (Head::Choice { tag: Some(old), .. }, Head::Choice { tag: Some(new), .. }) = (&*old_head, &*new_head)
            && old != new
        {
            let (old, new) = (Some((*old).to_owned()), Some((*new).to_owned()));
            level.edits.push(Edit { old, new, ..self.edit_of_all(ChangeKind::TagChanged, task) });
            return;
        }
        let (old, old_null) = self.alternatives(task.old, &old_head);
        let (new, new_null) = self.alternatives(task.new, &new_head);
        if old.is_empty() != new.is_empty() {
            level.edits.push(self.edit_of_all(ChangeKind::TypeChanged, task));
            return;
        }
        if old_null.is_some() != new_null.is_some() {
            let kind = if new_null.is_some() { ChangeKind::NullAdded } else { ChangeKind::NullRemoved };
            let forward = old_null.is_none_or(|null| self.fits(task, null, task.new));
            let backward = new_null.is_none_or(|null| self.fits(task, null, task.old));
            if task.null_is_settled {
                (level.forward_is_settled, level.backward_is_settled) = (!forward, !backward);
            } else {
                level.edits.push(Edit { forward, backward, ..self.edit(kind, task, task.path) });
            }
        }
        match (&old[..], &new[..]) {
            ([old], [new]) if old.name == new.name || old.name.is_empty() || new.name.is_empty() => {
                self.compare_shapes(task, old.id, new.id, level);
            }
            ([one], _) if one.name.is_empty() => self.compare_unions(task, &old, &new, true, level),
            (_, [one]) if one.name.is_empty() => self.compare_unions(task, &old, &new, true, level),
            _ => self.compare_unions(task, &old, &new, false, level),
        }
    }

    /// What a type may be, and apart from that whether it may be null.
    fn alternatives(&mut self, id: TypeId, head: &Head<'c>) -> (Vec<Alternative<'c>>, Option<TypeId>) {
        let all = match head {
            Head::One(_) => vec![Alternative { name: String::new(), id, deprecated: None }],
            Head::Choice { alternatives, .. } => alternatives.clone(),
        };
        let (nulls, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|it| matches!(*self.fits.head(it.id), Head::One(Shape::Null)));
        (others, nulls.first().map(|null| null.id))
    }

    /// Pairs the alternatives of both sides; `is_widened` says that one side is no union.
    fn compare_unions(
        &mut self,
        task: &Task<'c>,
        old: &[Alternative<'c>],
        new: &[Alternative<'c>],
        is_widened: bool,
        level: &mut Level<'c>,
    ) {
        let pairs = self.pairs(old, new);
        if is_widened && pairs.is_empty() {
            level.edits.push(self.edit_of_all(ChangeKind::TypeChanged, task));
            return;
        }
        let (mut with_old, mut with_new) = (vec![None; old.len()], vec![false; new.len()]);
        for (old, new) in pairs {
            with_old[old] = Some(new);
            with_new[new] = true;
        }
        for (old, partner) in old.iter().zip(with_old) {
            let forward = self.fits(task, old.id, task.new);
            let Some(new) = partner.map(|position| &new[position]) else {
                let path = self.paths.variant(task.path, &old.name);
                let described = Some(self.describe_alternative(old));
                let edit = self.edit(ChangeKind::VariantRemoved, task, path);
                level.edits.push(Edit { forward, old: described, new: None, ..edit });
                continue;
            };
            let backward = self.fits(task, new.id, task.old);
            let path = self.paths.variant(task.path, if new.name.is_empty() { &old.name } else { &new.name });
            if let Some(kind) = deprecation(old.deprecated, new.deprecated) {
                level.edits.push(self.edit(kind, task, path));
            }
            level.tasks.push(Task { forward, backward, ..self.inside(task, old.id, new.id, path) });
        }
        for (new, _) in new.iter().zip(with_new).filter(|(_, is_paired)| !is_paired) {
            let backward = self.fits(task, new.id, task.old);
            let path = self.paths.variant(task.path, &new.name);
            let described = Some(self.describe_alternative(new));
            let edit = self.edit(ChangeKind::VariantAdded, task, path);
            level.edits.push(Edit { backward, old: None, new: described, ..edit });
        }
    }

    /// Which alternatives are the same one in both contracts: by name, or else by what they are.
    fn pairs(&mut self, old: &[Alternative<'c>], new: &[Alternative<'c>]) -> Vec<(usize, usize)> {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        let mut is_free = vec![true; new.len()];
        let names: std::collections::HashMap<&str, usize> =
            new.iter().enumerate().rev().map(|(position, it)| (it.name.as_str(), position)).collect();
        let mut left = Vec::new();
        for (position, alternative) in old.iter().enumerate() {
            match names.get(alternative.name.as_str()) {
                Some(partner) if !alternative.name.is_empty() && is_free[*partner] => {
                    is_free[*partner] = false;
                    pairs.push((position, *partner));
                }
                _ => left.push(position),
            }
        }
        let likeness: [fn(&mut Self, TypeId, TypeId) -> bool; 2] = [Self::is_same, Self::is_alike];
        for is_like in likeness {
            left.retain(|position| {
                let id = old[*position].id;
                // A named variant is another one if its name is.
                let is_named = |it: &Alternative<'_>| !it.name.is_empty() && !old[*position].name.is_empty();
                let partner = (0..new.len())
                    .find(|free| is_free[*free] && !is_named(&new[*free]) && is_like(self, id, new[*free].id));
                if let Some(partner) = partner {
                    is_free[partner] = false;
                    pairs.push((*position, partner));
                }
                partner.is_none()
            });
        }
        pairs
    }

    fn is_same(&mut self, one: TypeId, other: TypeId) -> bool {
        self.fits.fits(one, other, self.flow) && self.fits.fits(other, one, self.flow)
    }

    fn is_alike(&mut self, one: TypeId, other: TypeId) -> bool {
        match (&*self.fits.head(one), &*self.fits.head(other)) {
            (Head::One(Shape::Literal(_)), Head::One(Shape::Literal(_))) => false,
            (Head::One(one), Head::One(other)) => std::mem::discriminant(one) == std::mem::discriminant(other),
            _ => false,
        }
    }

    fn describe_alternative(&mut self, alternative: &Alternative<'c>) -> String {
        if !alternative.name.is_empty() {
            return alternative.name.clone();
        }
        match &*self.fits.head(alternative.id) {
            Head::One(shape) => text::describe_shape(shape),
            Head::Choice { .. } => None,
        }
        .unwrap_or_else(|| text::describe(self.fits, alternative.id))
    }

    /// Whether all that is sent as one type is taken as another, at the place of a task.
    pub(super) fn fits(&mut self, task: &Task<'c>, sent: TypeId, taken: TypeId) -> bool {
        if task.is_open { self.fits.error_fits(sent, taken) } else { self.fits.fits(sent, taken, self.flow) }
    }

    /// A task below another one.
    pub(super) fn inside(&self, task: &Task<'c>, old: TypeId, new: TypeId, path: Path) -> Task<'c> {
        Task { old, new, path, forward: false, backward: false, is_open: false, null_is_settled: false, ..*task }
    }

    /// The same, where it has been said that one of the types may be null.
    pub(super) fn inside_without_null(&self, task: &Task<'c>, old: TypeId, new: TypeId, path: Path) -> Task<'c> {
        Task { null_is_settled: true, ..self.inside(task, old, new, path) }
    }

    /// A difference that breaks nothing unless more is said of it.
    pub(super) fn edit(&self, kind: ChangeKind, task: &Task<'c>, path: Path) -> Edit<'c> {
        let (old, new) = (text::describe(self.fits, task.old), text::describe(self.fits, task.new));
        Edit { kind, path, owner: task.owner, forward: true, backward: true, old: Some(old), new: Some(new) }
    }

    /// A difference of the types as a whole.
    pub(super) fn edit_of_all(&self, kind: ChangeKind, task: &Task<'c>) -> Edit<'c> {
        Edit { forward: task.forward, backward: task.backward, ..self.edit(kind, task, task.path) }
    }
}

/// What has become of a note of deprecation.
pub(super) fn deprecation(old: Option<&str>, new: Option<&str>) -> Option<ChangeKind> {
    match (old, new) {
        (None, Some(_)) => Some(ChangeKind::Deprecated),
        (Some(_), None) => Some(ChangeKind::Undeprecated),
        _ => None,
    }
}
