//! What the generator writes, feature by feature.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tintype::{
    Router,
    contract::DescribeError,
    prelude::*,
    router,
    typescript::{Bindings, GenerateError, Options},
};

fn generate(router: &Router<()>) -> Bindings {
    Bindings::generate(router, &Options::default()).unwrap()
}

fn file<'a>(bindings: &'a Bindings, name: &str) -> &'a str {
    bindings.files().find(|(file, _)| *file == name).unwrap().1
}

/// What the contract itself contributes: the procedures, and the types after the fixed ones.
fn declarations(router: &Router<()>) -> String {
    declarations_of(&generate(router))
}

fn declarations_of(bindings: &Bindings) -> String {
    let text = file(bindings, "index.d.ts");
    let procedures = text.split_once("export type Procedures = ").unwrap().1.split_once("\n};\n").unwrap().0;
    let types = text.split_once("export type ErrorShape").unwrap().1.split_once("\n};\n").unwrap().1;
    format!("{procedures}\n}}\n{}", types.split_once("\nexport {};").unwrap().0)
}

mod directions {
    use super::*;

    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Note {
        /// Shown in the list.
        pub(super) title: String,
        #[serde(default)]
        pub(super) tags: Vec<String>,
        pub(super) body: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub(super) pinned: Option<bool>,
        pub(super) weight: f64,
    }

    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Page<T> {
        pub(super) items: Vec<T>,
    }

    /// Stores a note.
    ///
    /// Twice is once.
    #[mutation(state = (), idempotent)]
    pub(super) async fn store(input: Note) -> Result<Note, Never> {
        Ok(input)
    }

    #[query(state = ())]
    pub(super) async fn all() -> Result<Page<Note>, Never> {
        Ok(Page { items: Vec::new() })
    }

    #[query(state = ())]
    pub(super) async fn maybe(input: Option<Page<Note>>) -> Result<(), Never> {
        drop(input);
        Ok(())
    }
}

#[test]
fn a_type_of_both_directions_is_written_twice_where_serde_makes_them_differ() {
    let router = router! { notes: [directions::store, directions::all, directions::maybe] };

    insta::assert_snapshot!(declarations(&router));
}

// Only described, never made.
#[allow(dead_code)]
mod shapes {
    use super::*;

    #[derive(Serialize, Type)]
    #[serde(rename_all = "camelCase")]
    pub(super) enum Plain {
        FirstOne,
        Second,
    }

    #[derive(Serialize, Type)]
    pub(super) enum External {
        Empty,
        Text(String),
        Size { width: u32, height: u32 },
    }

    #[derive(Serialize, Type)]
    #[serde(tag = "type", content = "value")]
    pub(super) enum Adjacent {
        Empty,
        Text(String),
    }

    #[derive(Serialize, Type)]
    #[serde(untagged)]
    pub(super) enum Untagged {
        Number(i32),
        Text(String),
    }

    #[derive(Serialize, Type)]
    pub(super) struct Tree {
        pub(super) children: Vec<Tree>,
        pub(super) names: BTreeMap<String, Plain>,
        pub(super) pair: (u8, bool),
        pub(super) anything: serde_json::Value,
        #[deprecated = "use `pair`"]
        pub(super) old: u8,
        #[serde(flatten)]
        pub(super) more: More,
    }

    #[derive(Serialize, Type)]
    pub(super) struct More {
        pub(super) external: External,
        pub(super) adjacent: Adjacent,
        pub(super) untagged: Untagged,
    }

    #[query(state = ())]
    #[deprecated = "use `bush`"]
    pub(super) async fn tree() -> Result<Option<Box<Tree>>, Never> {
        Ok(None)
    }
}

#[test]
fn every_shape_of_serde_has_its_shape_in_typescript() {
    insta::assert_snapshot!(declarations(&router! { deep.er: [shapes::tree] }));
}

mod streams {
    use super::*;
    use tintype::{Mixed, Tracked, Untracked};

    type Stream<I> = Subscription<u32, I>;

    #[subscription(state = ())]
    pub(super) async fn tracked() -> Result<Stream<Tracked>, Never> {
        Ok(Subscription::tracked(futures_util::stream::empty()))
    }

    #[subscription(state = ())]
    pub(super) async fn untracked() -> Result<Stream<Untracked>, Never> {
        Ok(Subscription::untracked(futures_util::stream::empty()))
    }

    #[subscription(state = ())]
    pub(super) async fn mixed() -> Result<Stream<Mixed>, Never> {
        Ok(Subscription::mixed(futures_util::stream::empty()))
    }
}

#[test]
fn events_with_ids_are_what_clients_receive_of_them() {
    let router = router! { [streams::tracked, streams::untracked, streams::mixed] };

    insta::assert_snapshot!(declarations(&router));
}

// Only described, never made.
#[allow(dead_code)]
mod later {
    use super::*;
    use tintype::{Deferred, Streamed};

    #[derive(Serialize, Type)]
    pub(super) struct Report {
        title: String,
        pages: Deferred<Vec<u32>>,
        lines: Streamed<String>,
    }

    #[query(state = ())]
    pub(super) async fn report() -> Result<Report, Never> {
        Ok(Report {
            title: String::new(),
            pages: Deferred::new(async { Vec::new() }),
            lines: Streamed::new(futures_util::stream::empty()),
        })
    }

    #[query(state = ())]
    pub(super) async fn count() -> Result<Streamed<u32, String>, Never> {
        Ok(Streamed::with_return(futures_util::stream::empty(), async { String::new() }))
    }
}

#[test]
fn what_comes_later_is_a_promise_or_an_async_iterable() {
    insta::assert_snapshot!(declarations(&router! { [later::report, later::count] }));
}

#[test]
fn the_same_contract_gives_the_same_bytes() {
    let options = Options { schemas: true, zod: true, ..Options::default() };
    let router = || router! { notes: [directions::store, directions::all], [shapes::tree] };
    let generate = || Bindings::generate(&router(), &options).unwrap();

    for _ in 0..8 {
        assert_eq!(generate(), generate());
    }
}

#[test]
fn files_are_written_once_and_reported_stale_when_they_differ() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("not/there/yet");
    let bindings = generate(&router! { notes: [directions::store] });

    assert_eq!(bindings.stale_in(&folder).unwrap().len(), 6);
    assert_eq!(bindings.write_to(&folder).unwrap().len(), 6);
    assert_eq!(bindings.stale_in(&folder).unwrap(), []);
    assert_eq!(bindings.write_to(&folder).unwrap(), Vec::<std::path::PathBuf>::new());

    let path = folder.join("index.d.ts");
    let edited = std::fs::read_to_string(&path).unwrap().replacen("store:", "stored:", 1);
    std::fs::write(&path, edited).unwrap();
    let stale = bindings.stale_in(&folder).unwrap();
    assert_eq!(stale.len(), 1);
    assert!(stale[0].expected.contains("store: $Mutation"), "{}", stale[0]);
}

mod superjson {
    use chrono::{DateTime, Utc};

    use super::*;

    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Meeting {
        pub(super) starts_at: DateTime<Utc>,
        pub(super) duration_ns: u64,
        pub(super) badge: Option<Vec<u8>>,
        pub(super) seats: BTreeMap<u32, Vec<BTreeSet<Guest>>>,
        pub(super) pages: Page<BTreeSet<i64>>,
    }

    #[derive(Serialize, Deserialize, Type, PartialEq, Eq, PartialOrd, Ord)]
    pub(super) struct Guest {
        #[serde(default)]
        pub(super) name: String,
    }

    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Page<T> {
        pub(super) items: Vec<T>,
        pub(super) by_day: BTreeMap<String, T>,
    }

    #[query(state = ())]
    pub(super) async fn meeting(input: Meeting) -> Result<Option<Meeting>, Never> {
        Ok(Some(input))
    }

    #[query(state = ())]
    pub(super) async fn days(input: BTreeSet<DateTime<Utc>>) -> Result<BTreeMap<String, DateTime<Utc>>, Never> {
        Ok(input.into_iter().map(|day| (day.to_string(), day)).collect())
    }
}

#[test]
fn with_superjson_clients_have_the_objects_of_javascript() {
    let router = router! { [superjson::meeting, superjson::days] };
    let transformer = tintype::protocol::Transformer::SuperJson;
    let bindings = Bindings::generate(&router, &Options { transformer, ..Options::default() }).unwrap();

    insta::assert_snapshot!(declarations_of(&bindings), @r"
    {
      days: $Query<Set<Date>, Map<string, Date>, never>;
      meeting: $Query<MeetingInput, Meeting | null, never>;
    }

    export type Guest = {
      name: string;
    };

    export type GuestInput = {
      name?: string;
    };

    export type Meeting = {
      starts_at: Date;
      duration_ns: bigint;
      badge: Uint8Array | null;
      seats: Map<number, Set<Guest>[]>;
      pages: Page<Set<bigint>>;
    };

    export type MeetingInput = {
      starts_at: Date;
      duration_ns: bigint;
      badge?: Uint8Array | null;
      seats: Map<number, Set<GuestInput>[]>;
      pages: Page<Set<bigint>>;
    };

    export type Page<T> = {
      items: T[];
      by_day: Map<string, T>;
    };
    ");

    let plain = Bindings::generate(&router, &Options::default()).unwrap_err();
    assert!(matches!(plain, GenerateError::Describe(DescribeError::NoWireForm { .. })));
}

mod bodies {
    use tintype::{ByteStream, Form, FormEntries};

    use super::*;

    #[derive(Deserialize)]
    pub(super) struct Upload {
        _title: String,
    }

    #[mutation(state = ())]
    pub(super) async fn upload(input: Form<Upload>) -> Result<(), Failure> {
        drop(input);
        Ok(())
    }

    #[mutation(state = ())]
    pub(super) async fn any_form(input: FormEntries) -> Result<(), Failure> {
        drop(input);
        Ok(())
    }

    #[mutation(state = ())]
    pub(super) async fn bytes(input: ByteStream) -> Result<(), Failure> {
        drop(input);
        Ok(())
    }
}

#[test]
fn forms_and_bytes_are_the_types_that_links_take() {
    let router = router! { [bodies::upload, bodies::any_form, bodies::bytes] };

    insta::assert_snapshot!(declarations(&router), @r"
    {
      anyForm: $Mutation<FormData, void, never>;
      bytes: $Mutation<Blob | Uint8Array, void, never>;
      upload: $Mutation<FormData, void, never>;
    }
    ");
}

mod rich {
    use chrono::{DateTime, NaiveDate, Utc};
    use std::collections::HashMap;
    use tintype::wire::{BigInt, Bytes, Duration, Entries, Float};
    use uuid::Uuid;

    use super::*;

    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct MeetingId(Uuid);

    /// A meeting.
    #[derive(Serialize, Deserialize, Type)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Meeting {
        /// Its id.
        pub(super) id: MeetingId,
        pub(super) starts_at: DateTime<Utc>,
        pub(super) day: NaiveDate,
        pub(super) takes: Duration,
        pub(super) views: BigInt<u64>,
        pub(super) balance: Option<BigInt<i128>>,
        pub(super) thumbnail: Bytes,
        pub(super) load: Float,
        pub(super) heights: Entries<BTreeMap<(u8, u8), Float>>,
        pub(super) votes: HashMap<u64, BigInt<i64>>,
        pub(super) follow_up: Option<Box<Meeting>>,
        pub(super) history: Page<DateTime<Utc>>,
        pub(super) names: Page<String>,
    }

    #[derive(Serialize, Deserialize, Type)]
    pub(super) struct Page<T> {
        pub(super) items: Vec<T>,
    }

    #[derive(Serialize, Deserialize, Type)]
    #[serde(tag = "kind", rename_all = "camelCase")]
    pub(super) enum Event {
        Planned(Box<Meeting>),
        Moved { to: DateTime<Utc> },
        Cancelled,
    }

    #[derive(Serialize, Deserialize, Type)]
    pub(super) enum External {
        Nothing,
        At(DateTime<Utc>),
    }

    /// Nothing tells a date from another text.
    #[derive(Serialize, Deserialize, Type)]
    #[serde(untagged)]
    pub(super) enum Untagged {
        At(DateTime<Utc>),
        Meeting(Box<Meeting>),
    }

    #[derive(Serialize, Type, Debug, thiserror::Error, ProcedureError)]
    #[serde(tag = "kind")]
    pub(super) enum Late {
        #[error("too late")]
        #[code(CONFLICT)]
        Late { since: DateTime<Utc> },
    }

    #[query(state = ())]
    pub(super) async fn meeting(input: MeetingId) -> Result<Meeting, Late> {
        Err(Late::Late { since: drop_id(input) })
    }

    fn drop_id(id: MeetingId) -> DateTime<Utc> {
        let _ = id;
        Utc::now()
    }

    #[subscription(state = ())]
    pub(super) async fn events() -> Result<Subscription<Event>, Never> {
        Ok(Subscription::tracked(futures_util::stream::empty()))
    }

    #[mutation(state = (), no_batch, idempotent, invalidates(meeting))]
    pub(super) async fn edges(input: External) -> Result<(External, Untagged), Never> {
        Ok((input, Untagged::At(Utc::now())))
    }
}

#[test]
fn our_client_has_the_objects_of_javascript_and_the_metadata_to_make_them() {
    let bindings = generate(&router! { meetings: [rich::meeting, rich::events, rich::edges] });

    insta::assert_snapshot!(file(&bindings, "api.d.ts"));
    insta::assert_snapshot!(file(&bindings, "api.js"));
}

#[test]
fn a_contract_that_json_says_everything_of_has_no_metadata_of_types() {
    let bindings = generate(&router! { notes: [directions::store, directions::all] });

    assert!(!file(&bindings, "api.d.ts").contains("Rich"));
    assert!(!file(&bindings, "api.js").contains("import"));
}

mod prototype {
    use chrono::{DateTime, Utc};

    use super::*;

    #[derive(Serialize, Type)]
    pub(super) struct Odd {
        #[serde(rename = "__proto__")]
        pub(super) at: DateTime<Utc>,
    }

    #[query(state = ())]
    pub(super) async fn odd() -> Result<Option<Odd>, Never> {
        Ok(None)
    }
}

#[test]
fn a_field_with_the_name_of_the_prototype_is_a_field() {
    let bindings = generate(&router! { [prototype::odd] });

    assert!(file(&bindings, "api.js").contains("['o', { ['__proto__']: 'd' }]"), "{}", file(&bindings, "api.js"));
    assert!(file(&bindings, "api.d.ts").contains("'__proto__': Date"));
}
