//! The options in `#[query(…)]`, `#[mutation(…)]` and `#[subscription(…)]`.

use proc_macro2::TokenStream;
use syn::{
    Ident, LitStr, Path, Token, Type, parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

/// Which attribute it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Query,
    Mutation,
    Subscription,
}

impl Kind {
    fn options(self) -> &'static str {
        match self {
            Self::Query => "`name`, `state`, `no_batch`, `sensitive`",
            Self::Mutation => "`name`, `state`, `no_batch`, `sensitive`, `idempotent`, `invalidates`",
            Self::Subscription => "`name`, `state`",
        }
    }

    pub(crate) fn article(self) -> &'static str {
        match self {
            Self::Query => "a query",
            Self::Mutation => "a mutation",
            Self::Subscription => "a subscription",
        }
    }
}

/// What the attribute says.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) name: Option<String>,
    pub(crate) state: Option<Type>,
    pub(crate) no_batch: bool,
    pub(crate) sensitive: bool,
    pub(crate) idempotent: bool,
    pub(crate) invalidates: Vec<Path>,
}

impl Options {
    pub(crate) fn parse(kind: Kind, arguments: TokenStream) -> syn::Result<Self> {
        let arguments = syn::parse::Parser::parse2(Punctuated::<Argument, Token![,]>::parse_terminated, arguments)?;
        let mut options = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for Argument { key, value } in arguments {
            let name = key.to_string();
            if seen.contains(&name) {
                return Err(syn::Error::new(key.span(), format!("`{name}` is given twice: remove one")));
            }
            match (name.as_str(), value) {
                ("name", Value::Name(text)) => options.name = Some(procedure_name(&text)?),
                ("state", Value::State(state)) => options.state = Some(*state),
                ("no_batch", Value::Nothing) if kind != Kind::Subscription => options.no_batch = true,
                ("sensitive", Value::Nothing) if kind != Kind::Subscription => options.sensitive = true,
                ("idempotent", Value::Nothing) if kind == Kind::Mutation => options.idempotent = true,
                ("invalidates", Value::Paths(paths)) if kind == Kind::Mutation => options.invalidates = paths,
                _ => {
                    let message = format!("{} has no option `{name}`: it has {}", kind.article(), kind.options());
                    return Err(syn::Error::new(key.span(), message));
                }
            }
            seen.push(name);
        }
        Ok(options)
    }
}

fn procedure_name(text: &LitStr) -> syn::Result<String> {
    let name = text.value();
    let mut characters = name.chars();
    let fit = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_');
    if fit {
        return Ok(name);
    }
    Err(syn::Error::new(text.span(), format!("{name:?} cannot be the name of a procedure: use letters and digits")))
}

struct Argument {
    key: Ident,
    value: Value,
}

enum Value {
    Nothing,
    Name(LitStr),
    State(Box<Type>),
    Paths(Vec<Path>),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key: Ident = input.parse()?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if key == "name" { Value::Name(input.parse()?) } else { Value::State(Box::new(input.parse()?)) }
        } else if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            let paths = Punctuated::<Path, Token![,]>::parse_terminated(&content)?;
            Value::Paths(paths.into_iter().collect())
        } else {
            Value::Nothing
        };
        Ok(Self { key, value })
    }
}
