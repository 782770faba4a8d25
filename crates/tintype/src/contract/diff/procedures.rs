//! Compares procedures, and gathers what their types have in common.

use std::collections::{BTreeMap, HashMap};

use crate::contract::{
    Contract, Flag, Ids, Kind, Procedure, Source, Type,
    diff::{
        change::{Change, ChangeKind, Part, Place, Verdict},
        fits::{Fits, Flow},
        reason,
        walk::{Edit, Walk, deprecation},
    },
    universe::{ScopeId, Universe},
};

pub(super) struct Comparison<'c> {
    fits: Fits<'c>,
    old_scope: ScopeId,
    new_scope: ScopeId,
    changes: Vec<Change>,
    /// Where in `changes` a difference within a named type is.
    known: HashMap<Key, usize>,
}

/// What makes differences at several places one change: they are at the same place in the same named type.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    kind: ChangeKind,
    verdict: Verdict,
    reason: String,
    /// Names of the type in both contracts, and the path from there.
    owner: (Option<String>, Option<String>),
    path: String,
}

impl<'c> Comparison<'c> {
    pub(super) fn run(old: &'c Contract, new: &'c Contract) -> Vec<Change> {
        let (types, [old_scope, new_scope]) = Universe::new([old, new]);
        let (changes, known) = (Vec::new(), HashMap::new());
        let mut comparison = Self { fits: Fits::new(types), old_scope, new_scope, changes, known };
        let mut pairs: BTreeMap<&str, (Option<&Procedure>, Option<&Procedure>)> = BTreeMap::new();
        for procedure in &old.procedures {
            pairs.entry(&procedure.path).or_default().0 = Some(procedure);
        }
        for procedure in &new.procedures {
            pairs.entry(&procedure.path).or_default().1 = Some(procedure);
        }
        for pair in pairs.into_values() {
            match pair {
                (Some(old), Some(new)) => comparison.procedures(old, new),
                (Some(old), None) => {
                    let reason = "old clients call it, and the new server answers NOT_FOUND";
                    let breaks = Verdict::BreaksOldClients;
                    comparison.note(ChangeKind::ProcedureRemoved, breaks, old, None, reason);
                }
                (None, Some(new)) => {
                    let reason = "old clients do not know it; a new client finds it once its server is new too";
                    comparison.note(ChangeKind::ProcedureAdded, Verdict::Safe, new, Some(&new.source), reason);
                }
                (None, None) => {}
            }
        }
        let mut changes = comparison.changes;
        changes.sort_by(|one, other| (one.verdict, &one.places).cmp(&(other.verdict, &other.places)));
        changes
    }

    fn procedures(&mut self, old: &'c Procedure, new: &'c Procedure) {
        if old.kind != new.kind {
            let reason = "each side calls it in a way that the other refuses";
            let change = self.note(ChangeKind::KindChanged, Verdict::BreaksBoth, new, Some(&new.source), reason);
            (change.old, change.new) = (Some(kind(old.kind).to_owned()), Some(kind(new.kind).to_owned()));
            return;
        }
        self.flags(old, new);
        if old.invalidates != new.invalidates {
            let reason = "clients may keep other results for longer or shorter";
            let kind = ChangeKind::InvalidatesChanged;
            let change = self.note(kind, Verdict::Safe, new, Some(&new.source), reason);
            (change.old, change.new) = (Some(old.invalidates.join(", ")), Some(new.invalidates.join(", ")));
        }
        if let Some(kind) = deprecation(old.deprecated.as_deref(), new.deprecated.as_deref()) {
            self.note(kind, Verdict::Safe, new, Some(&new.source), "it works as before");
        }
        self.input(old, new);
        let output = if new.kind == Kind::Subscription { Part::Event } else { Part::Output };
        self.answer(output, new, old.output.as_ref(), new.output.as_ref());
        self.ids(old, new);
        self.answer(Part::Error, new, old.error.as_ref(), new.error.as_ref());
    }

    fn flags(&mut self, old: &'c Procedure, new: &'c Procedure) {
        for flag in [Flag::NoBatch, Flag::Sensitive, Flag::Idempotent] {
            let (was_set, is_set) = (old.flags.contains(&flag), new.flags.contains(&flag));
            if was_set == is_set {
                continue;
            }
            let query_alone = flag == Flag::Sensitive && new.kind != Kind::Query;
            let repeatable = flag == Flag::Idempotent && new.kind != Kind::Mutation;
            let (verdict, reason) = match (flag, is_set) {
                _ if query_alone || repeatable => (Verdict::Safe, "it is called as before"),
                (Flag::NoBatch, true) => {
                    (Verdict::BreaksOldClients, "old clients put it into batches, in which the new server refuses it")
                }
                (Flag::NoBatch, false) => {
                    (Verdict::BreaksOldServers, "new clients put it into batches, in which old servers refuse it")
                }
                (Flag::Sensitive, true) => {
                    (Verdict::BreaksOldClients, "old clients call it by GET, and the new server takes POST alone")
                }
                (Flag::Sensitive, false) => {
                    (Verdict::BreaksOldServers, "new clients call it by GET, and old servers take POST alone")
                }
                (Flag::Idempotent, true) => {
                    (Verdict::BreaksOldServers, "new clients send it again, which old servers do not promise to bear")
                }
                (Flag::Idempotent, false) => (
                    Verdict::BreaksOldClients,
                    "old clients send it again, which the new server does not promise to bear",
                ),
            };
            let kind = if is_set { ChangeKind::FlagAdded } else { ChangeKind::FlagRemoved };
            let change = self.note(kind, verdict, new, Some(&new.source), reason);
            let name = match flag {
                Flag::NoBatch => "no_batch",
                Flag::Sensitive => "sensitive",
                Flag::Idempotent => "idempotent",
            };
            *(if is_set { &mut change.new } else { &mut change.old }) = Some(name.to_owned());
        }
    }

    fn input(&mut self, old: &'c Procedure, new: &'c Procedure) {
        match (&old.input, &new.input) {
            (None, None) => {}
            (None, Some(input)) => {
                let (verdict, reason) = match input.optional {
                    true => (Verdict::Safe, "old clients send none and need not, and old servers ignore it"),
                    false => (Verdict::BreaksOldClients, "old clients send none, and the new server requires it"),
                };
                self.note_part(ChangeKind::InputAdded, verdict, new, Part::Input, reason);
            }
            (Some(input), None) => {
                let (verdict, reason) = match input.optional {
                    true => (Verdict::Safe, "the new server ignores what old clients send"),
                    false => (Verdict::BreaksOldServers, "new clients send none, and old servers require it"),
                };
                self.note_part(ChangeKind::InputRemoved, verdict, new, Part::Input, reason);
            }
            (Some(old_input), Some(new_input)) => {
                if old_input.optional && !new_input.optional {
                    let reason = "old clients may leave it out, and the new server requires it";
                    self.note_part(ChangeKind::InputRequired, Verdict::BreaksOldClients, new, Part::Input, reason);
                }
                if !old_input.optional && new_input.optional {
                    let reason = "new clients may leave it out, and old servers require it";
                    self.note_part(ChangeKind::InputOptional, Verdict::BreaksOldServers, new, Part::Input, reason);
                }
                self.types(Part::Input, new, &old_input.ty, &new_input.ty);
            }
        }
    }

    fn answer(&mut self, part: Part, new: &'c Procedure, old_type: Option<&'c Type>, new_type: Option<&'c Type>) {
        let is_error = part == Part::Error;
        let expects = "clients have to expect errors that they do not know, as every call may fail unexpectedly";
        let (kind, verdict, reason) = match (old_type, new_type) {
            (None, None) => return,
            (Some(old_type), Some(new_type)) => return self.types(part, new, old_type, new_type),
            (None, Some(_)) if is_error => (ChangeKind::ErrorAdded, Verdict::Safe, expects),
            (Some(_), None) if is_error => (ChangeKind::ErrorRemoved, Verdict::Safe, expects),
            (None, Some(_)) => {
                let reason = "old clients ignore it; new clients rely on it, and old servers send none";
                (ChangeKind::OutputAdded, Verdict::BreaksOldServers, reason)
            }
            (Some(_), None) => {
                let reason = "old clients rely on it, and the new server sends none";
                (ChangeKind::OutputRemoved, Verdict::BreaksOldClients, reason)
            }
        };
        self.note_part(kind, verdict, new, part, reason);
    }

    fn ids(&mut self, old: &'c Procedure, new: &'c Procedure) {
        let of = |procedure: &Procedure| procedure.ids.unwrap_or(Ids::Untracked);
        let (was, is) = (of(old), of(new));
        if was == is || new.kind != Kind::Subscription {
            return;
        }
        let takes = |sent: Ids, taken: Ids| sent == taken || taken == Ids::Mixed;
        let verdict = Verdict::new(!takes(is, was), !takes(was, is));
        let reason = match verdict {
            Verdict::Safe | Verdict::BreaksOldClients => "old clients do not expect what the new server sends",
            Verdict::BreaksOldServers => "new clients do not expect what old servers send",
            Verdict::BreaksBoth => "an event with an id is { id, data }, which the other side does not expect",
        };
        let change = self.note_part(ChangeKind::IdsChanged, verdict, new, Part::Event, reason);
        (change.old, change.new) = (Some(ids(was).to_owned()), Some(ids(is).to_owned()));
    }

    fn types(&mut self, part: Part, new: &'c Procedure, old_type: &'c Type, new_type: &'c Type) {
        let flow = if part == Part::Input { Flow::ToServer } else { Flow::ToClient };
        let old_id = self.fits.types.at(old_type, self.old_scope);
        let new_id = self.fits.types.at(new_type, self.new_scope);
        let (edits, paths) = Walk::run(&mut self.fits, flow, part == Part::Error, old_id, new_id);
        for edit in edits {
            let path = paths.render_all(edit.path);
            let place = Place { procedure: new.path.clone(), part: Some(part), path };
            let local = paths.render(edit.owner.path, edit.path);
            self.gather(part, new, edit, place, local);
        }
    }

    fn gather(&mut self, part: Part, procedure: &Procedure, edit: Edit<'c>, place: Place, path: String) {
        let verdict = match part {
            Part::Input => Verdict::new(!edit.forward, !edit.backward),
            _ => Verdict::new(!edit.backward, !edit.forward),
        };
        let reason = reason::of_type(edit.kind, part, verdict, edit.old.as_deref(), edit.new.as_deref());
        let owner = (edit.owner.old.map(|it| it.name.clone()), edit.owner.new.map(|it| it.name.clone()));
        let source = edit.owner.new.map_or(&procedure.source, |named| &named.source).clone();
        let change = Change {
            kind: edit.kind,
            verdict,
            places: vec![place],
            old: edit.old,
            new: edit.new,
            reason,
            source: Some(source),
        };
        if owner == (None, None) {
            self.changes.push(change);
            return;
        }
        let key = Key { kind: edit.kind, verdict, reason: change.reason.clone(), owner, path };
        match self.known.get(&key) {
            Some(position) => {
                let places = &mut self.changes[*position].places;
                let [place] = &change.places[..] else { return };
                if !places.iter().any(|known| (&known.procedure, known.part) == (&place.procedure, place.part)) {
                    places.push(place.clone());
                }
            }
            None => {
                self.known.insert(key, self.changes.len());
                self.changes.push(change);
            }
        }
    }

    fn note(
        &mut self,
        kind: ChangeKind,
        verdict: Verdict,
        procedure: &Procedure,
        source: Option<&Source>,
        reason: &str,
    ) -> &mut Change {
        let place = Place { procedure: procedure.path.clone(), part: None, path: String::new() };
        self.push(kind, verdict, place, source, reason)
    }

    /// The same for a part of a procedure as a whole.
    fn note_part(
        &mut self,
        kind: ChangeKind,
        verdict: Verdict,
        new: &Procedure,
        part: Part,
        reason: &str,
    ) -> &mut Change {
        let place = Place { procedure: new.path.clone(), part: Some(part), path: String::new() };
        self.push(kind, verdict, place, Some(&new.source), reason)
    }

    fn push(
        &mut self,
        kind: ChangeKind,
        verdict: Verdict,
        place: Place,
        source: Option<&Source>,
        reason: &str,
    ) -> &mut Change {
        let (reason, source) = (reason.to_owned(), source.cloned());
        self.changes.push(Change { kind, verdict, places: vec![place], old: None, new: None, reason, source });
        self.changes.last_mut().expect("one was pushed")
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Query => "query",
        Kind::Mutation => "mutation",
        Kind::Subscription => "subscription",
    }
}

fn ids(ids: Ids) -> &'static str {
    match ids {
        Ids::Tracked => "with ids",
        Ids::Untracked => "without ids",
        Ids::Mixed => "some with ids",
    }
}
