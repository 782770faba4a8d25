//! What the generated types promise.

use super::{
    compiler::{Compiler, Cost},
    program::Form,
    report::{Measured, Setup},
};

/// A promise that is checked at the size that it is made for, if that was measured.
struct Bar {
    form: Form,
    name: &'static str,
    value: fn(&Cost) -> u64,
    /// At most one in so many of what tRPC's inference costs.
    one_in: u64,
}

const BARS: [Bar; 4] = [
    Bar { form: Form::Api, name: "instantiations", value: |cost| cost.instantiations, one_in: 100 },
    Bar { form: Form::AppRouter, name: "instantiations", value: |cost| cost.instantiations, one_in: 10 },
    Bar { form: Form::Api, name: "bytes of memory", value: |cost| cost.memory_bytes, one_in: 4 },
    Bar { form: Form::AppRouter, name: "bytes of memory", value: |cost| cost.memory_bytes, one_in: 4 },
];

/// The size at which costs are compared with those of tRPC's inference.
pub(super) const COMPARED_AT: usize = 1_000;

/// What was promised and is not so.
pub(super) fn missed(measured: &[Measured]) -> Vec<String> {
    let mut missed = Vec::new();
    for compiler in Compiler::ALL {
        let cost = |form, setup: Setup| {
            let found = measured.iter().find(|one| one.compiler == compiler && one.form == form && one.setup == setup);
            found.map(Measured::cost)
        };
        let all = Setup { procedures: COMPARED_AT, all: true };
        for bar in &BARS {
            if let (Some(inferred), Some(ours)) = (cost(Form::Inferred, all), cost(bar.form, all)) {
                let (inferred, ours) = ((bar.value)(&inferred), (bar.value)(&ours));
                if ours * bar.one_in > inferred {
                    missed.push(format!(
                        "{compiler:?}, {COMPARED_AT} procedures, {}: {ours} {} are more than one in {} of {inferred}",
                        bar.form.title(),
                        bar.name,
                        bar.one_in,
                    ));
                }
            }
        }
        let few = measured.iter().filter(|one| one.compiler == compiler && one.form == Form::Api && !one.setup.all);
        let counts: Vec<u64> = few.map(|one| one.cost().instantiations).collect();
        if counts.windows(2).any(|pair| pair[0] != pair[1]) {
            missed.push(format!("{compiler:?}: the instantiations of the same calls grow with the API: {counts:?}"));
        }
    }
    missed
}
