//! The attribute and derive macros of tintype.
//!
//! Use them through the `tintype` crate, which documents and re-exports them.

mod attribute;
mod described;
mod expand;
mod procedure_error;
mod rules;
mod signature;

use proc_macro::TokenStream;

use attribute::Kind;

/// Makes a function a query: it reads, and clients send it by `GET`.
///
/// The function stays as it is and can be called and tested like any other.
/// Beside it the attribute declares a type of the same name, which implements `tintype::Procedure`.
///
/// The argument named `input` comes from the client: it is parsed after every other argument was extracted from the
/// context, and its garde rules, if it has any, are checked.
/// The state is `crate::AppState` unless the attribute says `state = …`.
///
/// Options, all of which reach the contract:
/// - `name = "…"`: the name clients use; by default the function's, in camelCase.
/// - `state = Type`: the application's state.
/// - `no_batch`: refused in a request that it would share with other calls.
/// - `sensitive`: the input is secret; clients send it by `POST`, never in a URL.
#[proc_macro_attribute]
pub fn query(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::procedure(Kind::Query, arguments.into(), item.into()).into()
}

/// Makes a function a mutation: it writes, and clients send it by `POST`.
///
/// Everything said of [`macro@query`] holds.
///
/// Options beside those of a query:
/// - `idempotent`: running it twice with the same input is running it once, so clients may retry.
/// - `invalidates(path, …)`: the queries whose cached results it makes stale; each must be a procedure.
#[proc_macro_attribute]
pub fn mutation(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::procedure(Kind::Mutation, arguments.into(), item.into()).into()
}

/// Makes a function a subscription: it returns a stream of events, `Result<Subscription<T>, Error>`.
///
/// Everything said of [`macro@query`] holds.
#[proc_macro_attribute]
pub fn subscription(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::procedure(Kind::Subscription, arguments.into(), item.into()).into()
}

/// Makes an enum the error of procedures.
///
/// Each variant has either `#[code(…)]` with one of the protocol's 21 codes, or `#[internal]`.
/// An internal variant holds one unexpected error; it never reaches clients, so it also needs `#[serde(skip)]`.
/// `Serialize`, `Type` and `Display` (thiserror) are derived beside it.
#[proc_macro_derive(ProcedureError, attributes(code, internal))]
pub fn procedure_error(item: TokenStream) -> TokenStream {
    procedure_error::derive(item.into()).into()
}

/// Describes the garde rules of a type, so that clients can check them before they send.
///
/// It reads the `#[garde(…)]` attributes, beside `garde::Validate`, which enforces them.
/// A field that garde dives into needs the derive on its type too.
#[proc_macro_derive(Rules, attributes(garde))]
pub fn derive_rules(item: TokenStream) -> TokenStream {
    rules::derive(item.into()).into()
}

/// What `tintype::Serialize` derives in a program that only describes its contract.
#[doc(hidden)]
#[proc_macro_derive(DescribedSerialize, attributes(serde))]
pub fn described_serialize(item: TokenStream) -> TokenStream {
    described::serialize(item.into()).into()
}

/// What `tintype::Deserialize` derives in a program that only describes its contract.
#[doc(hidden)]
#[proc_macro_derive(DescribedDeserialize, attributes(serde))]
pub fn described_deserialize(item: TokenStream) -> TokenStream {
    described::deserialize(item.into()).into()
}
