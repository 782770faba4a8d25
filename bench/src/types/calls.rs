//! The calls that are compiled, the same for every form of the API.

use tintype::contract::Kind;

use super::fixture::{Fixture, Place};

/// Which procedures are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calls {
    /// Every query and mutation, once.
    All,
    /// The first so many, as a file has that somebody edits.
    First(usize),
}

impl Fixture {
    /// The text of a module that calls.
    pub(crate) fn calls(self, calls: Calls) -> String {
        let mut callable = self.procedures().filter(|place| place.kind != Kind::Subscription);
        let mut text = "import { api } from './client.js';\n".to_owned();
        match calls {
            Calls::All => callable.for_each(|place| text.push_str(&call(place))),
            Calls::First(number) => callable.by_ref().take(number).for_each(|place| text.push_str(&call(place))),
        }
        text
    }
}

fn call(place: Place) -> String {
    let (index, path) = (place.index, place.path());
    let method = if place.kind == Kind::Mutation { "mutate" } else { "query" };
    format!(
        "
export async function call{index}(): Promise<string> {{
  const found = await api.{path}.{method}({{
    id: '{index}',
    label{index}: 'label',
    count: {index},
    filter: {{ text: 'text', range: {{ from: 0, to: 1 }} }},
    tags: ['tag'],
    order: {{ by: 'name', descending: true }},
  }});
  return found.owner.name + found.name{index};
}}
"
    )
}
