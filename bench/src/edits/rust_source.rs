//! The made-up API in Rust, with as many procedures as wanted.

/// Procedures to a module: 12 queries, 6 mutations, 2 subscriptions.
const PER_MODULE: usize = 20;

/// Name and text of each file of the contract crate; `field` is the name of a field in the first module.
pub(super) fn files(procedures: usize, field: &str) -> Vec<(String, String)> {
    let indexes: Vec<usize> = (0..procedures).collect();
    let mut files = vec![("lib.rs".to_owned(), root(procedures))];
    for (number, indexes) in indexes.chunks(PER_MODULE).enumerate() {
        files.push((format!("area{number}.rs"), module(indexes, field)));
    }
    files
}

/// The text of the module that a rename of the field changes.
pub(super) fn first_module(procedures: usize, field: &str) -> String {
    let indexes: Vec<usize> = (0..procedures.min(PER_MODULE)).collect();
    module(&indexes, field)
}

fn root(procedures: usize) -> String {
    let modules: Vec<String> = (0..procedures.div_ceil(PER_MODULE)).map(|number| format!("area{number}")).collect();
    let mut text = "//! A contract.\n\nuse tintype::{Router, router};\n\n".to_owned();
    modules.iter().for_each(|module| text.push_str(&format!("pub mod {module};\n")));
    text.push_str(
        "\n/// Nothing.\n#[derive(Debug, Clone)]\npub struct AppState;\n\n/// Every procedure.\npub fn router() -> \
         Router<AppState> {\n    router! {\n",
    );
    for (number, module) in modules.iter().enumerate() {
        let indexes = number * PER_MODULE..procedures.min((number + 1) * PER_MODULE);
        let paths: Vec<String> = indexes.map(|index| format!("{module}::{}", name(index))).collect();
        text.push_str(&format!("        {module}: [{}],\n", paths.join(", ")));
    }
    text.push_str("    }\n}\n");
    text
}

fn name(index: usize) -> String {
    match index % PER_MODULE {
        ..12 => format!("find{index}"),
        12..18 => format!("change{index}"),
        _ => format!("watch{index}"),
    }
}

fn module(indexes: &[usize], field: &str) -> String {
    let mut text = "//! Procedures.\n\nuse garde::Validate;\nuse tintype::{Untracked, \
                    prelude::*};\n"
        .to_owned();
    text.push_str(SHARED);
    for &index in indexes {
        let field = if index == 0 { field.to_owned() } else { format!("name{index}") };
        text.push_str(&types(index, &field));
        if part(index) == index {
            text.push_str(&part_type(index));
        }
        text.push_str(&procedure(index, &field));
    }
    text
}

/// What the procedures of a module share: parts of their inputs and outputs, and their error.
const SHARED: &str = r##"
/// Which ones.
#[derive(Debug, Deserialize, Type)]
pub struct Filter {
    /// What is in it.
    pub text: String,
    /// From where to where.
    pub range: (u32, u32),
}

/// Which first.
#[derive(Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Order {
    /// The newest.
    Newest,
    /// By a field.
    By {
        /// Its name.
        field: String,
    },
}

/// Whose it is.
#[derive(Debug, Serialize, Type)]
pub struct Owner {
    /// Which one.
    pub id: String,
    /// Called what.
    pub name: String,
    /// Reached where.
    pub email: String,
}

/// How it is.
#[derive(Debug, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum State {
    /// Not to be seen.
    Draft,
    /// To be seen.
    Live {
        /// Since when.
        since: String,
        /// How often it was.
        views: u32,
    },
}

/// What may go wrong.
#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Failure {
    /// It is not there.
    #[error("{id:?} is not there")]
    #[code(NOT_FOUND)]
    Missing {
        /// Which one.
        id: String,
    },
    /// Somebody else has it.
    #[error("{by:?} has it")]
    #[code(CONFLICT)]
    Taken {
        /// Who.
        by: String,
    },
}
"##;

/// The input and the output of a procedure, of six fields each.
fn types(index: usize, field: &str) -> String {
    format!(
        r##"
/// What goes in.
#[derive(Debug, Deserialize, Type, Validate)]
#[serde(rename_all = "camelCase")]
#[garde(allow_unvalidated)]
pub struct Input{index} {{
    /// Which one.
    pub id: String,
    /// Its label.
    #[garde(length(chars, min = 1, max = 120))]
    pub label{index}: String,
    /// How many.
    #[garde(range(max = 100))]
    pub count: u32,
    /// Which ones.
    pub filter: Filter,
    /// Its tags.
    pub tags: Vec<String>,
    /// Which first.
    pub order: Order,
}}

/// What comes out.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Output{index} {{
    /// Which one.
    pub id: String,
    /// Its name.
    pub {field}: String,
    /// Whose it is.
    pub owner: Owner,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its parts.
    pub parts: Vec<Part{part}>,
    /// How it is.
    pub state: State,
}}
"##,
        part = part(index)
    )
}

/// Two procedures each have one type of part: with it there are 2.75 types to a procedure, as the product has.
fn part(index: usize) -> usize {
    index - index % 2
}

fn part_type(index: usize) -> String {
    format!(
        r##"
/// A part.
#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Part{index} {{
    /// Its number.
    pub sku: String,
    /// How many.
    pub amount: u32,
}}
"##
    )
}

fn procedure(index: usize, field: &str) -> String {
    let name = name(index);
    let value = format!(
        "Output{index} {{
        id: input.id,
        {field}: input.label{index},
        owner: Owner {{ id: String::new(), name: input.filter.text, email: String::new() }},
        tags: input.tags,
        parts: Vec::new(),
        state: State::Draft,
    }}"
    );
    let (attribute, output, value) = if name.starts_with("watch") {
        let value = format!("Subscription::untracked(futures_util::stream::iter([{value}]))");
        ("subscription", format!("Subscription<Output{index}, Untracked>"), value)
    } else {
        let attribute = if name.starts_with("find") { "query" } else { "mutation" };
        (attribute, format!("Output{index}"), value)
    };
    format!(
        "
/// Does it.
#[{attribute}]
pub async fn {name}(input: Input{index}) -> Result<{output}, Failure> {{
    if input.count == 0 {{
        return Err(Failure::Missing {{ id: input.id }});
    }}
    Ok({value})
}}
"
    )
}
