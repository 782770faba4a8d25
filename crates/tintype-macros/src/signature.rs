//! What the signature of a procedure says: its extractors, its input, its return type.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{
    Expr, ExprLit, FnArg, GenericArgument, Ident, ItemFn, Lit, Meta, Pat, PatType, PathArguments, PathSegment,
    ReturnType, Type, spanned::Spanned,
};

use crate::attribute::Kind;

/// A signature that fits.
pub(crate) struct Signature {
    /// The arguments in the order of the function.
    pub(crate) arguments: Vec<Argument>,
    pub(crate) returns: Return,
}

/// The return type, and where its two halves stand.
pub(crate) struct Return {
    pub(crate) ty: Type,
    pub(crate) output: Ends,
    pub(crate) error: Ends,
}

/// The first and the last token of something: what is written at both is reported as all of it.
#[derive(Clone, Copy)]
pub(crate) struct Ends {
    pub(crate) first: Span,
    pub(crate) last: Span,
}

impl Ends {
    fn of(tokens: &impl ToTokens) -> Self {
        let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
        let first = spans.next().unwrap_or_else(Span::call_site);
        Self { first, last: spans.last().unwrap_or(first) }
    }
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
        let returns = Return::parse(kind, signature)?;
        let mut arguments = Vec::new();
        for argument in &signature.inputs {
            arguments.push(Argument::parse(argument)?);
        }
        let mut inputs = signature.inputs.iter().filter(|argument| is_input(argument));
        if let Some(second) = inputs.nth(1) {
            let message = "a procedure has one input: make the second a field of the first";
            return Err(syn::Error::new(second.span(), message));
        }
        Ok(Self { arguments, returns })
    }

    pub(crate) fn input(&self) -> Option<&Type> {
        self.arguments.iter().find_map(|argument| match argument {
            Argument::Input(input) => Some(input.as_ref()),
            Argument::Extractor(_) => None,
        })
    }
}

impl Return {
    fn parse(kind: Kind, signature: &syn::Signature) -> syn::Result<Self> {
        let article = kind.article();
        let ReturnType::Type(_, ty) = &signature.output else {
            let message = format!("{article} returns a `Result`: write `-> Result<…, Never>` if it cannot fail");
            return Err(syn::Error::new(signature.ident.span(), message));
        };
        if let Type::ImplTrait(opaque) = ty.as_ref() {
            return Err(syn::Error::new(opaque.span(), "name the return type: clients need to know it"));
        }
        // By its name, because an alias of a `Result` cannot be told from other types here.
        let Some(result) = last_segment(ty).filter(|segment| segment.ident.to_string().ends_with("Result")) else {
            let message = format!("{article} returns a `Result`: write `-> Result<…, Never>` if it cannot fail");
            return Err(syn::Error::new_spanned(ty, message));
        };
        let halves: Vec<&Type> = match &result.arguments {
            PathArguments::AngleBracketed(arguments) => arguments.args.iter().filter_map(type_argument).collect(),
            _ => Vec::new(),
        };
        if kind != Kind::Subscription
            && let Some(output) = halves.first()
            && last_segment(output).is_some_and(|segment| segment.ident == "Subscription")
        {
            let message = format!("{article} answers with one value: a stream is a `#[subscription]`");
            return Err(syn::Error::new_spanned(output, message));
        }
        let whole = Ends::of(ty);
        let ends = |half: Option<&&Type>| half.map_or(whole, Ends::of);
        Ok(Self { ty: (**ty).clone(), output: ends(halves.first()), error: ends(halves.get(1)) })
    }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        // A type that a `macro_rules!` passed on.
        Type::Group(group) => last_segment(&group.elem),
        _ => None,
    }
}

fn type_argument(argument: &GenericArgument) -> Option<&Type> {
    match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

fn is_input(argument: &FnArg) -> bool {
    let FnArg::Typed(PatType { pat, .. }) = argument else { return false };
    matches!(pat.as_ref(), Pat::Ident(name) if name.ident == "input" || name.ident == "_input")
}

impl Argument {
    fn parse(argument: &FnArg) -> syn::Result<Self> {
        let FnArg::Typed(PatType { ty, .. }) = argument else {
            return Err(syn::Error::new(argument.span(), "a procedure has no receiver"));
        };
        if let Type::ImplTrait(opaque) = ty.as_ref() {
            return Err(syn::Error::new(opaque.span(), "name the type of the argument: an extractor is chosen by it"));
        }
        if let Type::Reference(reference) = ty.as_ref() {
            return Err(syn::Error::new(reference.span(), "a procedure owns its arguments: remove the `&`"));
        }
        Ok(if is_input(argument) { Self::Input(ty.clone()) } else { Self::Extractor(ty.clone()) })
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
