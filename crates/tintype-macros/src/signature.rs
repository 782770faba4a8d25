//! What the signature of a procedure says: its extractors, its input, its return type.

use syn::{Expr, ExprLit, FnArg, Ident, ItemFn, Lit, Meta, Pat, PatType, ReturnType, Type, spanned::Spanned};

use crate::attribute::Kind;

/// A signature that fits.
pub(crate) struct Signature {
    /// The arguments in the order of the function.
    pub(crate) arguments: Vec<Argument>,
    pub(crate) returns: Type,
}

/// One argument of the function.
pub(crate) enum Argument {
    Extractor(Box<Type>),
    Input(Box<Type>),
}

impl Signature {
    pub(crate) fn parse(kind: Kind, function: &ItemFn) -> syn::Result<Self> {
        let signature = &function.sig;
        if signature.asyncness.is_none() {
            let message = format!("{} is an `async fn`: write `async` before `fn`", kind.article());
            return Err(syn::Error::new(signature.fn_token.span, message));
        }
        if let Some(parameter) = signature.generics.params.first() {
            let message = "a procedure has no generic parameters: clients call it with one type";
            return Err(syn::Error::new(parameter.span(), message));
        }
        let ReturnType::Type(_, returns) = &signature.output else {
            let message =
                format!("{} returns a `Result`: write `-> Result<…, Never>` if it cannot fail", kind.article());
            return Err(syn::Error::new(signature.ident.span(), message));
        };
        if let Type::ImplTrait(opaque) = returns.as_ref() {
            return Err(syn::Error::new(opaque.span(), "name the return type: clients need to know it"));
        }
        let mut arguments = Vec::new();
        for argument in &signature.inputs {
            arguments.push(Argument::parse(argument)?);
        }
        Ok(Self { arguments, returns: (**returns).clone() })
    }

    pub(crate) fn input(&self) -> Option<&Type> {
        self.arguments.iter().find_map(|argument| match argument {
            Argument::Input(input) => Some(input.as_ref()),
            Argument::Extractor(_) => None,
        })
    }
}

impl Argument {
    fn parse(argument: &FnArg) -> syn::Result<Self> {
        let PatType { pat, ty, .. } = match argument {
            FnArg::Receiver(receiver) => {
                let message =
                    "a procedure is a free function: take the state with an extractor, for example `State<…>`";
                return Err(syn::Error::new(receiver.span(), message));
            }
            FnArg::Typed(argument) => argument,
        };
        if let Type::ImplTrait(opaque) = ty.as_ref() {
            return Err(syn::Error::new(opaque.span(), "name the type of the argument: an extractor is chosen by it"));
        }
        if let Type::Reference(reference) = ty.as_ref() {
            return Err(syn::Error::new(reference.span(), "a procedure owns its arguments: remove the `&`"));
        }
        let is_input = matches!(pat.as_ref(), Pat::Ident(name) if name.ident == "input" || name.ident == "_input");
        Ok(if is_input { Self::Input(ty.clone()) } else { Self::Extractor(ty.clone()) })
    }
}

/// The doc comment, each line without its leading blank.
pub(crate) fn docs(function: &ItemFn) -> String {
    let lines: Vec<String> = function
        .attrs
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(meta) if meta.path.is_ident("doc") => text(&meta.value),
            _ => None,
        })
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned())
        .collect();
    lines.join("\n").trim().to_owned()
}

/// The note of `#[deprecated]`, empty if it has none.
pub(crate) fn deprecated(function: &ItemFn) -> Option<String> {
    let attribute = function.attrs.iter().find(|attribute| attribute.path().is_ident("deprecated"))?;
    let mut note = String::new();
    match &attribute.meta {
        Meta::Path(_) => {}
        Meta::NameValue(meta) => note = text(&meta.value).unwrap_or_default(),
        // A malformed attribute is the compiler's to report.
        Meta::List(_) => drop(attribute.parse_nested_meta(|meta| {
            let value: Expr = meta.value()?.parse()?;
            if meta.path.is_ident("note") {
                note = text(&value).unwrap_or_default();
            }
            Ok(())
        })),
    }
    Some(note)
}

fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// `get_cost_metrics` as clients spell it: `getCostMetrics`.
pub(crate) fn camel_case(name: &Ident) -> String {
    let name = name.to_string();
    let mut words = name.trim_start_matches("r#").split('_').filter(|word| !word.is_empty());
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut characters = word.chars();
        camel.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(characters.as_str());
    }
    camel
}
