//! What a change of the contract breaks.
//!
//! # The question
//!
//! A contract is kept by two programs that are not replaced at the same moment. There are two pairs that meet:
//!
//! - an **old client and a new server**: a page that was open when the server was replaced, an app on a phone;
//! - a **new client and an old server**: a page that was loaded from an instance that is newer than the one that
//!   answers, as it happens while a deployment is under way, or after it was taken back.
//!
//! [`diff`] says of each difference whether it breaks the first pair, the second, both or none.
//!
//! # The theory
//!
//! A type describes two sets of values: what a sender of it sends, and what a receiver of it takes. They differ in one
//! thing: members without a name in the contract are never sent, and ignored by a receiver unless the object is
//! `closed`. A type *S* **fits** a type *R* if all that is sent as *S* is taken as *R*. Whether it does is decided by
//! the structure of both alone; names of types count as little as their docs.
//!
//! With an input, the client is the sender; with an output, an event or an error, the server is. So:
//!
//! | | old clients are broken unless | old servers are broken unless |
//! | --- | --- | --- |
//! | input | old fits new | new fits old |
//! | output, event, error | new fits old | old fits new |
//!
//! Fitting is the greatest relation that these rules allow, so a recursive type fits itself:
//!
//! - A union fits if each of its variants does; a type fits a union if it fits one of its variants.
//! - An object fits another one if each member of the receiver is sent, with a type that fits, or is optional there. An
//!   optional member does not fit a required one, and a member that the receiver does not name fits unless it is
//!   closed. Maps are objects whose members are described by a type for keys and one for values.
//! - `null` is a type of its own: `T | null` does not fit `T`, and an optional member is something else.
//! - An integer fits another one of a larger range; it fits a number if a double holds it with all its digits; as text
//!   it is another type. A number fits a float, which takes `"NaN"` too, and not the reverse.
//! - Text of a format fits any text, and no other format; IPv4 and IPv6 fit IP, and digits fit a decimal.
//! - A tuple fits an array, and an array of a fixed length a tuple.
//! - What comes later, bytes, forms and types of JavaScript fit their like alone.
//!
//! # What the rules do not say
//!
//! - **A client does not validate**: it relies on what its contract says. A new variant of an output breaks old
//!   clients, whose `switch` was exhaustive; a text in place of a date does, because they parse it. It is for the
//!   author to know better, and to acknowledge it.
//! - **Errors are open**: each call may fail unexpectedly, without an error of its own, so a client has a way out for
//!   errors that it does not know. A variant that it can tell from all those it knows, by its tag or its name, breaks
//!   nothing. A variant that it does know must fit.
//! - **A server makes a set of a list**: as an input, a list with an element twice fits a set. A client may rely on it.
//! - **Rules are the server's**: they count in inputs, where the clients of a contract keep its rules. Rules that
//!   refuse more break old clients, rules that refuse less break old servers. A custom check that is added refuses
//!   more; that one has changed, the contract does not say.
//! - **A new procedure is safe**: no call that there was is affected. A new client that calls it finds it once its
//!   server is new too.
//! - **A mutation that becomes idempotent** breaks old servers, because new clients send it again; the reverse breaks
//!   old clients.
//! - **Safe and worth knowing**: a removed member of an input, which a new server ignores, the names of types, brands,
//!   deprecations and `invalidates` are reported as safe. Docs and positions in the source are not reported.
//!
//! # How differences are found
//!
//! Both contracts are walked at the same time. A difference inside of a type that fits as a whole breaks nothing, and
//! where a type does not fit, at least one difference inside of it says so. The verdicts on a procedure are therefore
//! those of the theory, whatever the walk makes of the details. A difference inside of a named type is one [`Change`]
//! with all the [`Place`]s where it shows, once per input, output, event and error of a procedure.

mod acknowledged;
mod change;
mod fits;
mod path;
mod procedures;
mod reason;
mod report;
mod rules;
mod scalar;
mod shapes;
mod text;
mod walk;

pub use acknowledged::{Acknowledged, AcknowledgedError, Acknowledgement, Guard};
pub use change::{Change, ChangeKind, Part, Place, Verdict};
pub use report::{Colors, Report, ReportedChange};

use super::{
    Contract,
    shape::{Head, Shape},
    universe::{TypeId, Universe},
};

/// Every difference between two contracts that a client or a server may notice, the worst first.
///
/// Contracts that did not come from [`Contract::read`] may refer to types that they do not have, or that never end;
/// such a type is taken for one that has changed.
#[must_use]
pub fn diff(old: &Contract, new: &Contract) -> Vec<Change> {
    procedures::Comparison::run(old, new)
}

/// Whether a server of the contract `new` serves clients of the contract `old`.
#[must_use]
pub fn compatible(old: &Contract, new: &Contract) -> bool {
    old == new || !diff(old, new).iter().any(|change| change.verdict.breaks_old_clients())
}

/// Whether a type can be that of the keys of a map.
pub(super) fn is_key(types: &mut Universe<'_>, id: TypeId) -> bool {
    let is_text = |shape: &Shape<'_>| matches!(shape, Shape::Boolean) || scalar::as_key(shape).is_some();
    match &*types.head(id) {
        Head::One(shape) => is_text(shape),
        Head::Choice { alternatives, .. } => {
            alternatives.iter().all(|it| matches!(&*types.head(it.id), Head::One(shape) if is_text(shape)))
        }
    }
}
