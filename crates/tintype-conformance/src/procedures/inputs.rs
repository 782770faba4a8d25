//! Inputs of every shape, each returned in a way that shows how it was read.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tintype::prelude::*;

use crate::input::Int;

#[query]
pub(crate) async fn none() -> Result<String, Never> {
    Ok("none".to_owned())
}

#[mutation]
pub(crate) async fn none_mutation() -> Result<String, Never> {
    Ok("none".to_owned())
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Read<T> {
    value: T,
}

#[query]
pub(crate) async fn string(input: String) -> Result<Read<String>, Never> {
    Ok(Read { value: input })
}

#[query]
pub(crate) async fn int(input: i32) -> Result<Read<i32>, Never> {
    Ok(Read { value: input })
}

#[query(name = "bool")]
pub(crate) async fn boolean(input: bool) -> Result<Read<bool>, Never> {
    Ok(Read { value: input })
}

/// A text or null, and not nothing: at the root of an input a bare `Option` would say that it may be absent.
#[derive(Debug, Deserialize, Serialize, Type)]
pub(crate) struct Nullable(Option<String>);

#[query]
pub(crate) async fn nullable(input: Nullable) -> Result<Read<Nullable>, Never> {
    Ok(Read { value: input })
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct OnlyA {
    a: Int,
}

#[derive(Debug, Serialize, Type)]
#[serde(tag = "got", rename_all = "camelCase")]
pub(crate) enum Got {
    Absent,
    Object { a: Int },
}

#[query]
pub(crate) async fn optional(input: Option<OnlyA>) -> Result<Got, Never> {
    Ok(input.map_or(Got::Absent, |OnlyA { a }| Got::Object { a }))
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Summary {
    length: u32,
    sum: f64,
}

#[query]
pub(crate) async fn array(input: Vec<Int>) -> Result<Summary, Never> {
    let length = u32::try_from(input.len()).unwrap_or(u32::MAX);
    Ok(Summary { length, sum: input.into_iter().map(f64::from).sum() })
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Color {
    Red,
    Green,
    Blue,
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Colored {
    color: Color,
}

#[query(name = "enum")]
pub(crate) async fn color(input: Color) -> Result<Colored, Never> {
    Ok(Colored { color: input })
}

#[derive(Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum Shape {
    Circle { r: f64 },
    Rect { w: f64, h: f64 },
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Area {
    area: f64,
}

#[query]
pub(crate) async fn union(input: Shape) -> Result<Area, Never> {
    let area = match input {
        Shape::Circle { r } => 3.0 * r * r,
        Shape::Rect { w, h } => w * h,
    };
    Ok(Area { area })
}

#[derive(Debug, Deserialize, Serialize, Type)]
pub(crate) struct Item {
    id: Int,
    name: String,
    #[serde(default)]
    tags: Vec<String>,
    note: Option<String>,
}

#[query]
pub(crate) async fn object(input: Item) -> Result<Item, Never> {
    Ok(input)
}

#[derive(Debug, Default, Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Order {
    #[default]
    Asc,
    Desc,
}

#[derive(Debug, Deserialize, Serialize, Type)]
pub(crate) struct Page {
    #[serde(default = "ten")]
    limit: Int,
    #[serde(default)]
    order: Order,
}

fn ten() -> Int {
    Int::TEN
}

#[query]
pub(crate) async fn defaults(input: Page) -> Result<Page, Never> {
    Ok(input)
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Letter {
    user: Addressee,
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Addressee {
    name: String,
    address: Address,
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Address {
    city: String,
}

#[query]
pub(crate) async fn nested(input: Letter) -> Result<String, Never> {
    let Addressee { name, address } = input.user;
    Ok(format!("{name}@{}", address.city))
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Update {
    id: Int,
    name: String,
}

#[mutation]
pub(crate) async fn mutate(input: Update) -> Result<Value, Never> {
    Ok(json!({ "updated": input.id, "name": input.name }))
}
