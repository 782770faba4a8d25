//! What a contract says of a router, and what it refuses.

use serde::{Deserialize, Serialize};
use tintype::{
    Router,
    contract::{Contract, DescribeError, DescribeOptions, Part, Type as Described, Usage},
    prelude::*,
    router,
};

fn contract(router: &Router<()>) -> Contract {
    Contract::of(router, &DescribeOptions::default()).unwrap()
}

fn refusal(router: &Router<()>) -> DescribeError {
    Contract::of(router, &DescribeOptions::default()).unwrap_err()
}

mod notes {
    use super::*;

    /// A note.
    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Note {
        /// Shown in the list.
        pub(super) title: String,
        #[serde(default)]
        pub(super) tags: Vec<String>,
    }

    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Page<T> {
        pub(super) items: Vec<T>,
    }

    /// Stores a note.
    #[mutation(state = (), idempotent, invalidates(all))]
    pub(super) async fn store(input: Note) -> Result<Note, Never> {
        Ok(input)
    }

    #[query(state = (), sensitive)]
    #[deprecated = "use `page`"]
    pub(super) async fn all(input: Option<u8>) -> Result<Page<Note>, Never> {
        let _ = input;
        Ok(Page { items: Vec::new() })
    }
}

#[test]
fn a_contract_is_data_that_can_be_read_back() {
    let contract = contract(&router! { notes: [notes::store, notes::all] });

    insta::assert_snapshot!(contract.to_json());
    let read: Contract = serde_json::from_str(&contract.to_json()).unwrap();
    assert_eq!(read, contract);
}

mod documented {
    use super::*;

    /// Another text.
    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Note {
        pub(super) title: String,
        #[serde(default)]
        pub(super) tags: Vec<String>,
    }

    /// Stores it.
    #[mutation(state = (), idempotent)]
    pub(super) async fn store(input: Note) -> Result<Note, Never> {
        Ok(input)
    }
}

mod changed {
    use super::*;

    /// A note.
    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Note {
        pub(super) title: Option<String>,
        #[serde(default)]
        pub(super) tags: Vec<String>,
    }

    #[mutation(state = (), idempotent)]
    pub(super) async fn store(input: Note) -> Result<Note, Never> {
        Ok(input)
    }
}

#[test]
fn the_hash_is_of_what_clients_depend_on() {
    let hash = |router| contract(&router).hash;
    let first = hash(router! { notes: [notes::store] });

    assert_eq!(first.len(), 16, "{first}");
    assert_eq!(first, hash(router! { notes: [documented::store] }));
    assert_ne!(first, hash(router! { notes: [changed::store] }));
    assert_ne!(first, hash(router! { other: [notes::store] }));
}

mod chat {
    use super::*;

    #[derive(Serialize, Type)]
    pub(super) struct Event {
        pub(super) text: String,
    }

    #[query(state = ())]
    pub(super) async fn last() -> Result<Option<Event>, Never> {
        Ok(None)
    }
}

mod widgets {
    use super::*;

    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Event {
        #[serde(default)]
        pub(super) name: String,
    }

    #[query(state = ())]
    pub(super) async fn echo(input: Event) -> Result<Event, Never> {
        Ok(input)
    }
}

#[test]
fn types_of_one_name_are_told_apart_by_their_modules() {
    let contract = contract(&router! { [chat::last, widgets::echo] });

    let names: Vec<(&str, Usage)> = contract.types.iter().map(|named| (named.name.as_str(), named.usage)).collect();
    assert_eq!(
        names,
        [("ChatEvent", Usage::Output), ("WidgetsEvent", Usage::Output), ("WidgetsEventInput", Usage::Input)]
    );
    let Described::Object { fields, .. } = &contract.types[0].ty else { panic!("{:?}", contract.types[0]) };
    assert_eq!(fields[0].name, "text");
}

mod mistakes {
    use std::{collections::BTreeMap, time::Duration};

    use super::*;

    #[derive(Serialize, Type)]
    pub(super) struct Meeting {
        pub(super) times: Vec<Span>,
    }

    #[derive(Serialize, Type)]
    pub(super) struct Span {
        pub(super) nanoseconds: Option<u64>,
    }

    #[query(state = ())]
    pub(super) async fn meeting() -> Result<Option<Meeting>, Never> {
        Ok(None)
    }

    #[derive(Serialize, Type)]
    pub(super) struct Timer {
        pub(super) left: Duration,
    }

    #[query(state = ())]
    pub(super) async fn timer() -> Result<Option<Timer>, Never> {
        Ok(None)
    }

    #[query(state = ())]
    pub(super) async fn change() -> Result<Option<chrono::TimeDelta>, Never> {
        Ok(None)
    }

    #[derive(Serialize, Type, PartialEq, Eq, PartialOrd, Ord)]
    pub(super) struct Point {
        x: u8,
    }

    #[derive(Serialize, Type)]
    pub(super) struct Terrain {
        pub(super) heights: BTreeMap<Point, u8>,
    }

    #[query(state = ())]
    pub(super) async fn terrain() -> Result<Option<Terrain>, Never> {
        Ok(None)
    }

    #[derive(Serialize, Type)]
    pub(super) struct AppRouter {
        name: String,
    }

    #[query(state = ())]
    pub(super) async fn reserved() -> Result<Option<AppRouter>, Never> {
        Ok(None)
    }

    #[derive(Serialize, Type)]
    #[serde(rename = "two words")]
    pub(super) struct Words {
        name: String,
    }

    #[query(state = ())]
    pub(super) async fn words() -> Result<Option<Words>, Never> {
        Ok(None)
    }

    #[derive(Serialize, Type)]
    #[serde(transparent)]
    pub(super) struct Loop(Option<Box<Loop>>);

    #[query(state = ())]
    pub(super) async fn endless() -> Result<Option<Loop>, Never> {
        Ok(None)
    }

    #[derive(Serialize, Type)]
    pub(super) struct First {
        a: u8,
    }

    #[derive(Serialize, Type)]
    #[serde(rename = "First")]
    pub(super) struct Second {
        b: u8,
    }

    #[query(state = ())]
    pub(super) async fn twins() -> Result<Option<(First, Second)>, Never> {
        Ok(None)
    }

    #[derive(Serialize, Type)]
    pub(super) struct NoteInput {
        a: u8,
    }

    #[query(state = ())]
    pub(super) async fn taken(input: notes::Note) -> Result<(notes::Note, NoteInput), Never> {
        Ok((input, NoteInput { a: 0 }))
    }
}

#[test]
fn a_number_that_javascript_would_round_is_refused_with_its_place() {
    let error = refusal(&router! { meetings: [mistakes::meeting] });

    assert!(matches!(&error, DescribeError::NoWireForm { part: Part::Output, .. }), "{error:?}");
    let message = error.to_string();
    assert!(
        message.starts_with("Span.nanoseconds in the output of meetings.meeting is `u64`, which has digits"),
        "{message}"
    );
    assert!(message.contains("use `tintype::wire::BigInt<u64>`"), "{message}");
}

#[test]
fn types_that_serde_writes_as_nobody_expects_are_refused_with_a_cure() {
    let messages = [router! { [mistakes::timer] }, router! { [mistakes::change] }, router! { [mistakes::terrain] }]
        .map(|router| refusal(&router).to_string());

    assert!(messages[0].starts_with("Timer.left in the output of timer is `std::time::Duration`"), "{}", messages[0]);
    assert!(messages[0].ends_with("use `tintype::wire::Duration`"), "{}", messages[0]);
    assert!(messages[1].contains("`chrono::TimeDelta`"), "{}", messages[1]);
    assert!(messages[2].starts_with("Terrain.heights[key] in the output of terrain"), "{}", messages[2]);
    assert!(messages[2].ends_with("wrap the map in `tintype::wire::Entries`"), "{}", messages[2]);
}

const HERE: &str = "crates/tintype/tests/it/contract.rs:";

#[test]
fn names_that_typescript_does_not_take_are_refused_with_their_place() {
    let reserved = refusal(&router! { [mistakes::reserved] }).to_string();
    assert!(reserved.starts_with(&format!("a type is called \"AppRouter\", at {HERE}")), "{reserved}");

    let words = refusal(&router! { [mistakes::words] }).to_string();
    assert!(words.starts_with(&format!("a type is called \"two words\", at {HERE}")), "{words}");

    let path = refusal(&Router::new().procedure::<notes::store>("my-notes")).to_string();
    assert!(path.starts_with(&format!("procedure \"my-notes.store\" at {HERE}")), "{path}");
}

#[test]
fn a_type_that_is_nothing_but_itself_is_refused_with_its_place() {
    let message = refusal(&router! { [mistakes::endless] }).to_string();

    assert!(message.starts_with(&format!("the type \"Loop\", at {HERE}")), "{message}");
}

#[test]
fn two_types_of_one_name_in_one_module_are_refused_with_both_places() {
    let message = refusal(&router! { [mistakes::twins] }).to_string();

    assert_eq!(message.matches(HERE).count(), 2, "{message}");
    assert!(message.contains("\"First\""), "{message}");
}

#[test]
fn a_type_with_the_name_of_anothers_input_is_refused_with_both_places() {
    let message = refusal(&router! { [mistakes::taken] }).to_string();

    assert_eq!(message.matches(HERE).count(), 2, "{message}");
    assert!(message.contains("\"NoteInput\""), "{message}");
}

/// A type that describes itself as nobody else does.
#[derive(Serialize)]
struct Stranger;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Strange;

impl Type for Stranger {
    fn definition(_: &mut specta::Types) -> specta::datatype::DataType {
        specta::datatype::DataType::Reference(specta::datatype::Reference::opaque(Strange))
    }
}

#[query(state = ())]
async fn stranger() -> Result<Vec<Stranger>, Never> {
    Ok(Vec::new())
}

#[test]
fn a_description_of_another_crates_own_is_refused_with_its_place() {
    let error = refusal(&router! { strange: [stranger] });

    assert!(matches!(&error, DescribeError::Unknown { part: Part::Output, .. }), "{error:?}");
    let message = error.to_string();
    assert!(message.starts_with("the value itself[] in the output of strange.stranger is described as"), "{message}");
    assert!(message.contains("Strange"), "{message}");
}
