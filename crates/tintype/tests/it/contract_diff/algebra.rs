//! The verdicts on random changes of random types, against what each value means.

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use tintype::contract::{Contract, Field, Rule, Type, diff};

use super::{
    random,
    senders::Sender,
    values::{Meaning, Taker, Value},
};

/// One direction of one procedure: who sends what, who takes it, and what the verdict says.
struct Flow<'c> {
    sender: (&'c Contract, &'c Type),
    taker: (&'c Contract, &'c Type),
    takes: Taker,
    is_error: bool,
    is_broken: bool,
}

/// All of them.
fn flows<'c>(old: &'c Contract, new: &'c Contract) -> Vec<Flow<'c>> {
    let changes = diff(old, new);
    let breaks = |path: &str| {
        let of_path = changes.iter().filter(|change| change.places.iter().any(|place| place.procedure == path));
        let verdicts: Vec<_> = of_path.map(|change| change.verdict).collect();
        let clients = verdicts.iter().any(|verdict| verdict.breaks_old_clients());
        (clients, verdicts.iter().any(|verdict| verdict.breaks_old_servers()))
    };
    let mut flows = Vec::new();
    for position in 0..3 {
        let part = |contract: &'c Contract| {
            let procedure = &contract.procedures[position];
            let input = procedure.input.as_ref().map(|input| &input.ty);
            (contract, input.or(procedure.output.as_ref()).or(procedure.error.as_ref()).unwrap())
        };
        let path = old.procedures[position].path.as_str();
        let takes = if path == "input" { Taker::Server } else { Taker::Client };
        let (clients, servers) = breaks(path);
        let (forward, backward) = if path == "input" { (clients, servers) } else { (servers, clients) };
        for (sender, taker, is_broken) in [(old, new, forward), (new, old, backward)] {
            let (sender, taker) = (part(sender), part(taker));
            flows.push(Flow { sender, taker, takes, is_error: path == "error", is_broken });
        }
    }
    flows
}

impl Flow<'_> {
    /// A value that is sent and not taken, if one of so many is.
    fn witness(&self, attempts: usize, seed: u64) -> Option<Value> {
        let (sends, takes) = (Meaning::of(self.sender.0), Meaning::of(self.taker.0));
        let (sent, taken) = (sends.close(self.sender.1), takes.close(self.taker.1));
        let mut sender = Sender::new(&sends, self.takes, seed);
        (0..attempts).filter_map(|_| sender.send(&sent)).find(|value| {
            assert!(sends.takes(&sent, value, self.takes), "a sender keeps its own contract: {value:?}");
            !match self.is_error {
                true => takes.takes_error(&taken, value),
                false => takes.takes(&taken, value, self.takes),
            }
        })
    }
}

fn pair() -> impl Strategy<Value = (Contract, Contract)> {
    let edits = proptest::collection::vec(random::edit(), 1..4);
    (random::contract(), edits).prop_filter_map("types that mean nothing", |(old, edits)| {
        let mut new = old.clone();
        edits.iter().for_each(|edit| edit.apply(&mut new));
        (old.check().is_ok() && new.check().is_ok()).then_some((old, new))
    })
}

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, max_local_rejects: 1_000_000, ..Config::default() }
}

proptest! {
    #![proptest_config(config(3000))]

    /// Six directions each, with a dozen values.
    #[test]
    fn what_is_safe_is_taken_as_it_is_sent((old, new) in pair(), seed in any::<u64>()) {
        for flow in flows(&old, &new).iter().filter(|flow| !flow.is_broken) {
            let refused = flow.witness(12, seed);
            let error = flow.is_error;
            prop_assert!(refused.is_none(), "{refused:?} is refused by {:?} (error: {error})", flow.takes);
        }
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_contract_does_not_differ_from_itself((old, _) in pair()) {
        prop_assert_eq!(diff(&old, &old.clone()), vec![]);
    }

    #[test]
    fn what_breaks_old_clients_one_way_breaks_old_servers_the_other_way((old, new) in pair()) {
        let there: Vec<bool> = flows(&old, &new).iter().map(|flow| flow.is_broken).collect();
        let back: Vec<bool> = flows(&new, &old).iter().map(|flow| flow.is_broken).collect();
        let swapped: Vec<bool> = back.chunks(2).flat_map(|pair| [pair[1], pair[0]]).collect();
        prop_assert_eq!(there, swapped);
    }

    #[test]
    fn a_contract_is_read_as_it_was_written((old, _) in pair()) {
        let text = serde_json::to_string(&old).unwrap();
        prop_assert_eq!(Contract::read(&text).unwrap(), old);
    }
}

/// Found by the properties above: an `Option` with the rule `required` may be missing by its type only.
#[test]
fn a_field_that_a_rule_asks_for_cannot_come_or_go() {
    let asked_for = Field { rules: vec![Rule::Required], ..random::field("a", random::nullable(Type::Any), true) };
    let contract = |fields| random::contract_of(random::object(fields, false), Vec::new());
    let (without, with) = (contract(Vec::new()), contract(vec![asked_for]));

    let breaks = |old, new| -> Vec<bool> {
        let flows = flows(old, new);
        flows.iter().filter(|flow| matches!(flow.takes, Taker::Server)).map(|flow| flow.is_broken).collect()
    };
    assert_eq!(breaks(&without, &with), [true, false], "old clients do not send it");
    assert_eq!(breaks(&with, &without), [false, true], "new clients do not send it to old servers");
}

#[test]
fn what_is_broken_has_a_value_that_shows_it() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config(1), rng);
    let pairs = pair();
    let (mut broken, mut shown) = (0_u32, 0_u32);
    while broken < 2000 {
        let (old, new) = pairs.new_tree(&mut runner).unwrap().current();
        for flow in flows(&old, &new).iter().filter(|flow| flow.is_broken) {
            broken += 1;
            shown += u32::from(flow.witness(300, u64::from(broken)).is_some());
        }
    }
    let share = f64::from(shown) / f64::from(broken);

    assert!(share >= 0.9, "{shown} of {broken} breaks were shown by a value");
}
