//! Pairs of Rust types, old and new: what is written as one is really read as the other.
//!
//! An input is read by the framework in a procedure of the other side. An output is read by serde, as a client in Rust
//! would, and what that client has must have been sent. Each verdict must be right about every sample: what is safe is
//! taken, and of what is broken at least one sample is refused.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tintype::{
    contract::{
        diff,
        diff::{Change, ChangeKind, Part, Verdict},
    },
    prelude::*,
    router,
    wire::{BigInt, Entries, Float, SafeInt, SafeUint},
};

use super::side::Side;

use ChangeKind::*;
use Verdict::{BreaksBoth as B, BreaksOldClients as C, BreaksOldServers as V, Safe as S};

/// What is claimed of a pair.
struct Claim {
    name: &'static str,
    old: Side,
    new: Side,
    old_samples: &'static [&'static str],
    new_samples: &'static [&'static str],
    input: Verdict,
    output: Verdict,
    /// The kinds of change, in the order of the alphabet, without those that are about names.
    kinds: &'static [ChangeKind],
}

impl Claim {
    /// What is wrong with the claim.
    async fn mistakes(&self) -> Vec<String> {
        let changes = diff(&self.old.contract, &self.new.contract);
        let verdict = |part| {
            let of_part = |change: &&Change| change.places.iter().any(|place| place.part == Some(part));
            let verdicts: Vec<Verdict> = changes.iter().filter(of_part).map(|change| change.verdict).collect();
            let clients = verdicts.iter().any(|verdict| verdict.breaks_old_clients());
            let servers = verdicts.iter().any(|verdict| verdict.breaks_old_servers());
            match (clients, servers) {
                (true, true) => B,
                (true, false) => C,
                (false, true) => V,
                (false, false) => S,
            }
        };
        let mut mistakes = Vec::new();
        let verdicts = (verdict(Part::Input), verdict(Part::Output));
        if verdicts != (self.input, self.output) {
            mistakes.push(format!("the verdicts are {verdicts:?}"));
        }
        let kinds: BTreeSet<ChangeKind> = changes.iter().map(|it| it.kind).filter(|it| *it != TypeRenamed).collect();
        if kinds != self.kinds.iter().copied().collect() {
            mistakes.push(format!("the kinds are {kinds:?}"));
        }
        let (old, new) = (&self.old, &self.new);
        mistakes.extend(Self::inputs(old, new, self.old_samples, self.input.breaks_old_clients()).await);
        mistakes.extend(Self::inputs(new, old, self.new_samples, self.input.breaks_old_servers()).await);
        mistakes.extend(Self::outputs(new, old, self.new_samples, self.output.breaks_old_clients()).await);
        mistakes.extend(Self::outputs(old, new, self.old_samples, self.output.breaks_old_servers()).await);
        if !mistakes.is_empty() {
            mistakes.push(format!("{changes:#?}"));
        }
        mistakes.into_iter().map(|mistake| format!("{}: {mistake}", self.name)).collect()
    }

    /// Clients of `client` send inputs to the server of `server`.
    async fn inputs(client: &Side, server: &Side, samples: &[&str], is_broken: bool) -> Option<String> {
        let mut refused = Vec::new();
        for sample in samples {
            assert!(client.echo(sample).await.is_some(), "{sample} is no input of its own contract");
            if server.echo(sample).await.is_none() {
                refused.push(sample);
            }
        }
        (refused.is_empty() == is_broken).then(|| format!("refused as an input: {refused:?}"))
    }

    /// The server of `server` answers clients of `client`.
    async fn outputs(server: &Side, client: &Side, samples: &[&str], is_broken: bool) -> Option<String> {
        let mut refused = Vec::new();
        for sample in samples {
            let sent = server.echo(sample).await.unwrap();
            assert!(server.understands(&sent), "{sent} is no output of its own contract");
            if !client.understands(&sent) {
                refused.push(sent);
            }
        }
        (refused.is_empty() == is_broken).then(|| format!("refused as an output: {refused:?}"))
    }
}

/// A side whose procedure `echo` takes and answers `T`, which is among the items.
macro_rules! side {
    ($side:ident { $($item:item)* }) => {
        #[allow(unreachable_pub, clippy::redundant_pub_crate)]
        mod $side {
            #[allow(unused_imports)]
            use super::super::*;

            $(#[derive(Serialize, Deserialize, Type)] $item)*

            #[mutation(state = ())]
            pub async fn echo(input: T) -> Result<T, Never> {
                Ok(input)
            }

            pub(super) fn side() -> Side {
                Side::new(|| router! { [echo] }, |json| {
                    let value: T = serde_json::from_str(json).ok()?;
                    serde_json::to_value(value).ok()
                })
            }
        }
    };
}

macro_rules! pairs {
    ($($name:ident: {$($old:tt)*} => {$($new:tt)*}, $old_samples:expr, $new_samples:expr,
        $input:ident $output:ident, [$($kind:ident),*];)*) => {
        $(mod $name {
            side! { old { $($old)* } }
            side! { new { $($new)* } }

            pub(super) fn claim() -> super::Claim {
                super::Claim {
                    name: stringify!($name),
                    old: old::side(),
                    new: new::side(),
                    old_samples: &$old_samples,
                    new_samples: &$new_samples,
                    input: super::$input,
                    output: super::$output,
                    kinds: &[$(super::$kind),*],
                }
            }
        })*

        /// Each of them is tried in both directions, as an input and as an output.
        #[tokio::test]
        async fn every_verdict_is_what_happens_to_what_is_sent() {
            let claims = [$($name::claim()),*];
            assert!(claims.len() >= 60, "{}", claims.len());
            let mut mistakes = Vec::new();
            for claim in claims {
                mistakes.extend(claim.mistakes().await);
            }
            assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
        }
    };
}

pairs! {
    // Members.
    required_field_added: { pub struct T { a: u8 } } => { pub struct T { a: u8, b: String } },
        [r#"{"a":1}"#], [r#"{"a":1,"b":"x"}"#], C V, [FieldAdded];
    option_added: { pub struct T { a: u8 } } => { pub struct T { a: u8, b: Option<String> } },
        [r#"{"a":1}"#], [r#"{"a":1}"#, r#"{"a":1,"b":null}"#, r#"{"a":1,"b":"x"}"#], S V, [FieldAdded];
    default_added: { pub struct T { a: u8 } } => { pub struct T { a: u8, #[serde(default)] b: String } },
        [r#"{"a":1}"#], [r#"{"a":1}"#, r#"{"a":1,"b":"x"}"#], S V, [FieldAdded];
    omitted_option_added: { pub struct T { a: u8 } }
        => { pub struct T { a: u8, #[serde(default, skip_serializing_if = "Option::is_none")] b: Option<u8> } },
        [r#"{"a":1}"#], [r#"{"a":1}"#, r#"{"a":1,"b":2}"#], S S, [FieldAdded];
    required_field_removed: { pub struct T { a: u8, b: String } } => { pub struct T { a: u8 } },
        [r#"{"a":1,"b":"x"}"#], [r#"{"a":1}"#], V C, [FieldRemoved];
    option_removed: { pub struct T { a: u8, b: Option<String> } } => { pub struct T { a: u8 } },
        [r#"{"a":1}"#, r#"{"a":1,"b":null}"#], [r#"{"a":1}"#], S C, [FieldRemoved];
    omitted_option_removed:
        { pub struct T { a: u8, #[serde(default, skip_serializing_if = "Option::is_none")] b: Option<u8> } }
        => { pub struct T { a: u8 } },
        [r#"{"a":1}"#, r#"{"a":1,"b":2}"#], [r#"{"a":1}"#], S S, [FieldRemoved];
    field_renamed: { pub struct T { a: u8 } } => { pub struct T { b: u8 } },
        [r#"{"a":1}"#], [r#"{"b":1}"#], B B, [FieldAdded, FieldRemoved];
    case_changed: { pub struct T { long_name: u8 } }
        => { #[serde(rename_all = "camelCase")] pub struct T { long_name: u8 } },
        [r#"{"long_name":1}"#], [r#"{"longName":1}"#], B B, [FieldAdded, FieldRemoved];
    required_to_option: { pub struct T { a: u8 } } => { pub struct T { a: Option<u8> } },
        [r#"{"a":1}"#], ["{}", r#"{"a":null}"#, r#"{"a":1}"#], V C, [FieldOptional, NullAdded];
    option_to_required: { pub struct T { a: Option<u8> } } => { pub struct T { a: u8 } },
        ["{}", r#"{"a":null}"#, r#"{"a":1}"#], [r#"{"a":1}"#], C V, [FieldRequired, NullRemoved];
    required_to_default: { pub struct T { a: u8 } } => { pub struct T { #[serde(default)] a: u8 } },
        [r#"{"a":1}"#], ["{}", r#"{"a":1}"#], V S, [FieldOptional];
    default_to_required: { pub struct T { #[serde(default)] a: u8 } } => { pub struct T { a: u8 } },
        ["{}", r#"{"a":1}"#], [r#"{"a":1}"#], C S, [FieldRequired];
    default_to_option: { pub struct T { #[serde(default)] a: u8 } } => { pub struct T { a: Option<u8> } },
        ["{}", r#"{"a":1}"#], ["{}", r#"{"a":null}"#], V C, [NullAdded];
    fields_reordered: { pub struct T { a: u8, b: bool } } => { pub struct T { b: bool, a: u8 } },
        [r#"{"a":1,"b":true}"#], [r#"{"b":true,"a":1}"#], S S, [];
    struct_to_map: { pub struct T { a: u8 } } => { #[serde(transparent)] pub struct T { map: BTreeMap<String, u8> } },
        [r#"{"a":1}"#], ["{}", r#"{"b":1}"#], V C, [TypeChanged];
    map_to_struct: { #[serde(transparent)] pub struct T { map: BTreeMap<String, u8> } } => { pub struct T { a: u8 } },
        ["{}", r#"{"b":1}"#], [r#"{"a":1}"#], C V, [TypeChanged];

    // Numbers.
    integer_widened: { pub struct T { a: u8 } } => { pub struct T { a: u16 } },
        [r#"{"a":255}"#], [r#"{"a":256}"#], V C, [RangeChanged];
    integer_narrowed: { pub struct T { a: i32 } } => { pub struct T { a: i16 } },
        [r#"{"a":-40000}"#], [r#"{"a":-4}"#], C V, [RangeChanged];
    sign_removed: { pub struct T { a: i8 } } => { pub struct T { a: u8 } },
        [r#"{"a":-1}"#], [r#"{"a":200}"#], B B, [RangeChanged];
    unsigned_fits_larger_signed: { pub struct T { a: u16 } } => { pub struct T { a: i32 } },
        [r#"{"a":65535}"#], [r#"{"a":-1}"#], V C, [RangeChanged];
    safe_integer: { pub struct T { a: u32 } } => { pub struct T { a: SafeInt } },
        [r#"{"a":4294967295}"#], [r#"{"a":9007199254740991}"#], V C, [RangeChanged];
    safe_unsigned_integer: { pub struct T { a: SafeInt } } => { pub struct T { a: SafeUint } },
        [r#"{"a":-9007199254740991}"#], [r#"{"a":9007199254740991}"#], C V, [RangeChanged];
    integer_to_number: { pub struct T { a: i32 } } => { pub struct T { a: f64 } },
        [r#"{"a":-7}"#], [r#"{"a":0.5}"#], V C, [TypeChanged];
    number_to_integer: { pub struct T { a: f64 } } => { pub struct T { a: i32 } },
        [r#"{"a":0.5}"#], [r#"{"a":7}"#], C V, [TypeChanged];
    number_to_float: { pub struct T { a: f64 } } => { pub struct T { a: Float } },
        [r#"{"a":0.5}"#], [r#"{"a":"NaN"}"#, r#"{"a":"-Infinity"}"#], V C, [TypeChanged];
    double_for_single: { pub struct T { a: f32 } } => { pub struct T { a: f64 } },
        [r#"{"a":0.5}"#], [r#"{"a":0.25}"#], S S, [];
    integer_to_text: { pub struct T { a: u32 } } => { pub struct T { a: BigInt<u64> } },
        [r#"{"a":1}"#], [r#"{"a":"1"}"#], B B, [TypeChanged];
    big_integer_widened: { pub struct T { a: BigInt<u64> } } => { pub struct T { a: BigInt<u128> } },
        [r#"{"a":"1"}"#], [r#"{"a":"18446744073709551616"}"#], V C, [RangeChanged];
    big_integer_to_text: { pub struct T { a: BigInt<u64> } } => { pub struct T { a: String } },
        [r#"{"a":"1"}"#], [r#"{"a":"x"}"#], V C, [TypeChanged];
    boolean_to_text: { pub struct T { a: bool } } => { pub struct T { a: String } },
        [r#"{"a":true}"#], [r#"{"a":"true"}"#], B B, [TypeChanged];
    text_to_integer: { pub struct T { a: String } } => { pub struct T { a: u32 } },
        [r#"{"a":"7"}"#], [r#"{"a":7}"#], B B, [TypeChanged];

    // Text.
    text_to_uuid: { pub struct T { a: String } } => { pub struct T { a: uuid::Uuid } },
        [r#"{"a":"x"}"#], [r#"{"a":"018f4c1e-7b1a-7c3d-9e2f-0123456789ab"}"#], C V, [FormatChanged];
    uuid_to_text: { pub struct T { a: uuid::Uuid } } => { pub struct T { a: String } },
        [r#"{"a":"018f4c1e-7b1a-7c3d-9e2f-0123456789ab"}"#], [r#"{"a":"x"}"#], V C, [FormatChanged];
    time_to_text: { pub struct T { a: chrono::DateTime<chrono::Utc> } } => { pub struct T { a: String } },
        [r#"{"a":"2026-11-25T18:00:00Z"}"#], [r#"{"a":"soon"}"#], V C, [FormatChanged];
    time_to_date: { pub struct T { a: chrono::DateTime<chrono::Utc> } } => { pub struct T { a: chrono::NaiveDate } },
        [r#"{"a":"2026-11-25T18:00:00Z"}"#], [r#"{"a":"2026-11-25"}"#], B B, [FormatChanged];
    offset_lost: { pub struct T { a: chrono::DateTime<chrono::Utc> } }
        => { pub struct T { a: chrono::NaiveDateTime } },
        [r#"{"a":"2026-11-25T18:00:00Z"}"#], [r#"{"a":"2026-11-25T18:00:00"}"#], B B, [FormatChanged];
    character_to_text: { pub struct T { a: char } } => { pub struct T { a: String } },
        [r#"{"a":"x"}"#], [r#"{"a":"xy"}"#], V C, [FormatChanged];
    address_widened: { pub struct T { a: std::net::Ipv4Addr } } => { pub struct T { a: std::net::IpAddr } },
        [r#"{"a":"127.0.0.1"}"#], [r#"{"a":"::1"}"#], V C, [FormatChanged];
    text_to_anything: { pub struct T { a: String } } => { pub struct T { a: serde_json::Value } },
        [r#"{"a":"x"}"#], [r#"{"a":[1]}"#], V C, [TypeChanged];

    // Lists.
    element_widened: { pub struct T { a: Vec<u16> } } => { pub struct T { a: Vec<u32> } },
        [r#"{"a":[1]}"#], [r#"{"a":[65536]}"#], V C, [RangeChanged];
    list_to_set: { pub struct T { a: Vec<u16> } } => { pub struct T { a: BTreeSet<u16> } },
        [r#"{"a":[1,1]}"#], [r#"{"a":[1,2]}"#], S V, [UniquenessChanged];
    set_to_list: { pub struct T { a: BTreeSet<u16> } } => { pub struct T { a: Vec<u16> } },
        [r#"{"a":[1,2]}"#], [r#"{"a":[1,1]}"#], S C, [UniquenessChanged];
    list_to_array: { pub struct T { a: Vec<u16> } } => { pub struct T { a: [u16; 2] } },
        [r#"{"a":[]}"#], [r#"{"a":[1,2]}"#], C V, [LengthChanged];
    array_to_list: { pub struct T { a: [u16; 2] } } => { pub struct T { a: Vec<u16> } },
        [r#"{"a":[1,2]}"#], [r#"{"a":[1,2,3]}"#], V C, [LengthChanged];
    array_longer: { pub struct T { a: [u16; 2] } } => { pub struct T { a: [u16; 3] } },
        [r#"{"a":[1,2]}"#], [r#"{"a":[1,2,3]}"#], B B, [LengthChanged];
    tuple_to_array: { pub struct T { a: (u8, u8) } } => { pub struct T { a: [u8; 2] } },
        [r#"{"a":[1,2]}"#], [r#"{"a":[1,2]}"#], S S, [TypeChanged];
    tuple_longer: { pub struct T { a: (u8, bool) } } => { pub struct T { a: (u8, bool, u8) } },
        [r#"{"a":[1,true]}"#], [r#"{"a":[1,true,2]}"#], B B, [LengthChanged];
    tuple_element_narrowed: { pub struct T { a: (u8, u16) } } => { pub struct T { a: (u8, u8) } },
        [r#"{"a":[1,256]}"#], [r#"{"a":[1,2]}"#], C V, [RangeChanged];
    null_in_list: { pub struct T { a: Vec<Option<u8>> } } => { pub struct T { a: Vec<u8> } },
        [r#"{"a":[null]}"#], [r#"{"a":[1]}"#], C V, [NullRemoved];
    one_to_many: { pub struct T { a: u16 } } => { pub struct T { a: Vec<u16> } },
        [r#"{"a":1}"#], [r#"{"a":[1]}"#], B B, [TypeChanged];

    // Maps.
    map_value_widened: { pub struct T { a: BTreeMap<String, u8> } } => { pub struct T { a: BTreeMap<String, u16> } },
        [r#"{"a":{"x":1}}"#], [r#"{"a":{"x":256}}"#], V C, [RangeChanged];
    map_key_to_text: { pub struct T { a: BTreeMap<u8, u8> } } => { pub struct T { a: BTreeMap<String, u8> } },
        [r#"{"a":{"7":1}}"#], [r#"{"a":{"x":1}}"#], V C, [KeysChanged];
    map_key_to_variant: { pub struct T { a: BTreeMap<String, u8> } }
        => { pub struct T { a: BTreeMap<K, u8> } #[derive(PartialEq, Eq, PartialOrd, Ord)] pub enum K { X, Y } },
        [r#"{"a":{"Z":1}}"#], [r#"{"a":{"X":1}}"#], C V, [KeysChanged];
    map_to_entries: { pub struct T { a: BTreeMap<String, u8> } }
        => { pub struct T { a: Entries<BTreeMap<String, u8>> } },
        [r#"{"a":{"Z":1}}"#], [r#"{"a":[["Z",1]]}"#], B B, [TypeChanged];

    // Unions.
    name_added: { pub enum T { X } } => { pub enum T { X, Y } },
        [r#""X""#], [r#""X""#, r#""Y""#], V C, [VariantAdded];
    name_removed: { pub enum T { X, Y, Z } } => { pub enum T { X, Z } },
        [r#""X""#, r#""Y""#], [r#""X""#], C V, [VariantRemoved];
    name_changed: { pub enum T { X, Y } } => { pub enum T { X, #[serde(rename = "why")] Y } },
        [r#""Y""#], [r#""why""#], B B, [VariantAdded, VariantRemoved];
    names_reordered: { pub enum T { X, Y } } => { pub enum T { Y, X } },
        [r#""X""#, r#""Y""#], [r#""X""#, r#""Y""#], S S, [];
    names_to_text: { pub struct T { a: K } pub enum K { X, Y } } => { pub struct T { a: String } },
        [r#"{"a":"X"}"#], [r#"{"a":"Z"}"#], V C, [TypeChanged];
    text_to_names: { pub struct T { a: String } } => { pub struct T { a: K } pub enum K { X, Y } },
        [r#"{"a":"Z"}"#], [r#"{"a":"X"}"#], C V, [TypeChanged];
    null_to_names: { pub struct T { a: Vec<Option<K>> } pub enum K { X, Y } }
        => { pub struct T { a: Vec<K> } pub enum K { X, Y } },
        [r#"{"a":[null,"X"]}"#], [r#"{"a":["X"]}"#], C V, [NullRemoved];
    tagged_added: { #[serde(tag = "kind")] pub enum T { X { a: u8 }, Z } }
        => { #[serde(tag = "kind")] pub enum T { X { a: u8 }, Y { b: u8 }, Z } },
        [r#"{"kind":"X","a":1}"#, r#"{"kind":"Z"}"#], [r#"{"kind":"Y","b":1}"#], V C, [VariantAdded];
    tagged_removed: { #[serde(tag = "kind")] pub enum T { X { a: u8 }, Y { b: u8 }, Z } }
        => { #[serde(tag = "kind")] pub enum T { X { a: u8 }, Z } },
        [r#"{"kind":"Y","b":1}"#], [r#"{"kind":"X","a":1}"#], C V, [VariantRemoved];
    tagged_field_added: { #[serde(tag = "kind")] pub enum T { X { a: u8 }, Z } }
        => { #[serde(tag = "kind")] pub enum T { X { a: u8, b: u8 }, Z } },
        [r#"{"kind":"X","a":1}"#], [r#"{"kind":"X","a":1,"b":2}"#], C V, [FieldAdded];
    tag_renamed: { #[serde(tag = "kind")] pub enum T { X { a: u8 }, Z } }
        => { #[serde(tag = "type")] pub enum T { X { a: u8 }, Z } },
        [r#"{"kind":"X","a":1}"#], [r#"{"type":"X","a":1}"#], B B, [TagChanged];
    content_moved: { #[serde(tag = "kind")] pub enum T { X { a: u8 }, Y { a: u8 } } }
        => { #[serde(tag = "kind", content = "data")] pub enum T { X { a: u8 }, Y { a: u8 } } },
        [r#"{"kind":"X","a":1}"#], [r#"{"kind":"X","data":{"a":1}}"#], B B, [FieldAdded, FieldRemoved];
    external_data_widened: { pub enum T { X(u8), Y } } => { pub enum T { X(u16), Y } },
        [r#"{"X":1}"#, r#""Y""#], [r#"{"X":256}"#], V C, [RangeChanged];
    external_gets_data: { pub enum T { X, Y } } => { pub enum T { X(u8), Y } },
        [r#""X""#], [r#"{"X":1}"#], B B, [TypeChanged];
    external_added: { pub enum T { X(u8), Y } } => { pub enum T { X(u8), Y, Z { a: u8 } } },
        [r#"{"X":1}"#], [r#"{"Z":{"a":1}}"#], V C, [VariantAdded];
    untagged_added: { #[serde(untagged)] pub enum T { N(u32), S(String) } }
        => { #[serde(untagged)] pub enum T { N(u32), S(String), B(bool) } },
        ["1", r#""x""#], ["true"], V C, [VariantAdded];
    untagged_absorbed: { #[serde(untagged)] pub enum T { N(u32), S(String) } }
        => { #[serde(untagged)] pub enum T { N(u32), S(String), B(u8) } },
        ["1", r#""x""#], ["1"], S S, [VariantAdded];
    one_to_union: { pub struct T { a: u32 } }
        => { pub struct T { a: K } #[serde(untagged)] pub enum K { N(u32), S(String) } },
        [r#"{"a":1}"#], [r#"{"a":"x"}"#], V C, [VariantAdded];

    // Named, generic and flattened types.
    inner_field_added: { pub struct T { a: Vec<I> } pub struct I { x: u8 } }
        => { pub struct T { a: Vec<I> } pub struct I { x: u8, y: u8 } },
        [r#"{"a":[{"x":1}]}"#], [r#"{"a":[{"x":1,"y":2}]}"#], C V, [FieldAdded];
    type_renamed: { pub struct T { a: I } pub struct I { x: u8 } } => { pub struct T { a: J } pub struct J { x: u8 } },
        [r#"{"a":{"x":1}}"#], [r#"{"a":{"x":1}}"#], S S, [];
    id_for_uuid: { pub struct T { a: uuid::Uuid } }
        => { pub struct T { a: ThingId } pub struct ThingId(uuid::Uuid); },
        [r#"{"a":"018f4c1e-7b1a-7c3d-9e2f-0123456789ab"}"#], [r#"{"a":"018f4c1e-7b1a-7c3d-9e2f-0123456789ab"}"#],
        S S, [];
    argument_widened: { pub struct T { a: Page<u8> } pub struct Page<I> { items: Vec<I> } }
        => { pub struct T { a: Page<u16> } pub struct Page<I> { items: Vec<I> } },
        [r#"{"a":{"items":[1]}}"#], [r#"{"a":{"items":[256]}}"#], V C, [RangeChanged];
    generic_written_out: { pub struct T { a: Page<u8> } pub struct Page<I> { items: Vec<I> } }
        => { pub struct T { a: Numbers } pub struct Numbers { items: Vec<u8> } },
        [r#"{"a":{"items":[1]}}"#], [r#"{"a":{"items":[2]}}"#], S S, [];
    recursive_field_removed: { pub struct T { a: u8, below: Vec<T> } } => { pub struct T { below: Vec<T> } },
        [r#"{"a":1,"below":[{"a":2,"below":[]}]}"#], [r#"{"below":[{"below":[]}]}"#], V C, [FieldRemoved];
    recursive_field_added: { pub struct T { below: Option<Box<T>> } } => { pub struct T { below: Option<Box<T>>, a: u8 } },
        [r#"{"below":{"below":null}}"#], [r#"{"below":{"below":null,"a":1},"a":2}"#], C V, [FieldAdded];
    flattened: { pub struct T { a: u8, b: bool } }
        => { pub struct T { a: u8, #[serde(flatten)] more: I } pub struct I { b: bool } },
        [r#"{"a":1,"b":true}"#], [r#"{"a":1,"b":true}"#], S S, [];
    flattened_variant_added:
        { pub struct T { a: u8, #[serde(flatten)] more: I } #[serde(tag = "kind")] pub enum I { X { b: bool }, Z } }
        => { pub struct T { a: u8, #[serde(flatten)] more: I }
            #[serde(tag = "kind")] pub enum I { X { b: bool }, Y { c: bool }, Z } },
        [r#"{"a":1,"kind":"X","b":true}"#], [r#"{"a":1,"kind":"Y","c":true}"#], V C, [VariantAdded];
    flattened_map_added: { pub struct T { a: u8 } }
        => { pub struct T { a: u8, #[serde(flatten)] more: BTreeMap<String, u8> } },
        [r#"{"a":1}"#], [r#"{"a":1,"b":2}"#], S S, [TypeChanged];
}
