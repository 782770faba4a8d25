//! `#[derive(Rules)]`: the `#[garde(…)]` attributes of a type as data.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, Field, Fields, Ident, Lit, Token, Type,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    if let Some(context) = context(&input.attrs) {
        let message = "the rules of an input have no context: what they need is a constant, or in the input";
        return syn::Error::new(context, message).into_compile_error();
    }
    let described = match &input.data {
        Data::Struct(data) => Described::of(&data.fields, "", &input),
        Data::Enum(data) => data.variants.iter().try_fold(Described::default(), |mut all, variant| {
            let prefix = format!("{}.", variant.ident.unraw());
            all.extend(Described::of(&variant.fields, &prefix, &input)?);
            Ok(all)
        }),
        Data::Union(_) => {
            let message = "rules are those of fields, and a union has no field that is certain: use an enum";
            return syn::Error::new(input.ident.span(), message).into_compile_error();
        }
    };
    match described {
        Ok(described) => implementation(&input, &described),
        // What garde does not know is garde's to report, and once.
        Err(_) => TokenStream::new(),
    }
}

/// What the fields of a type add to its description.
#[derive(Default)]
struct Described {
    /// The name of each field that has rules, and expressions of these.
    fields: Vec<(String, Vec<TokenStream>)>,
    /// The types of fields whose own rules are checked too.
    dives: Vec<Type>,
}

impl Described {
    fn of(fields: &Fields, prefix: &str, input: &DeriveInput) -> syn::Result<Self> {
        let mut described = Self::default();
        for (index, field) in fields.iter().enumerate() {
            let name = field.ident.as_ref().map_or_else(|| index.to_string(), |name| name.unraw().to_string());
            let rules = field_rules(field)?;
            if rules.iter().any(|rule| matches!(rule, FieldRule::Dive)) {
                described.dives.push(field.ty.clone());
            }
            // A rule of another module may check anything.
            let is_adapted = rules.iter().any(|rule| matches!(rule, FieldRule::Adapt));
            let ty = &field.ty;
            let of_field = quote_spanned!(ty.span() => ::tintype::__private::FieldType::<#ty>::new());
            let expressions = if is_adapted {
                vec![quote!(::tintype::__private::Rule::Custom)]
            } else {
                rules.iter().filter_map(|rule| rule.expression(&of_field, input)).collect()
            };
            if !expressions.is_empty() {
                described.fields.push((format!("{prefix}{name}"), expressions));
            }
        }
        Ok(described)
    }

    fn extend(&mut self, other: Self) {
        self.fields.extend(other.fields);
        self.dives.extend(other.dives);
    }
}

fn implementation(input: &DeriveInput, described: &Described) -> TokenStream {
    let name = &input.ident;
    // As specta names the type, so that both descriptions are found together.
    let type_name = name.unraw().to_string();
    let mut generics = input.generics.clone();
    let Described { fields, dives } = described;
    let parameters: Vec<Ident> = generics.type_params().map(|parameter| parameter.ident.clone()).collect();
    for ty in dives.iter().filter(|ty| mentions(quote!(#ty), &parameters)) {
        generics.make_where_clause().predicates.push(syn::parse_quote!(#ty: ::tintype::Rules));
    }
    let (implemented, arguments, conditions) = generics.split_for_impl();
    let fields = fields.iter().map(
        |(field, rules)| quote!(rules.field(::core::module_path!(), #type_name, #field, ::std::vec![#(#rules),*]);),
    );
    let dives = dives.iter().map(|ty| quote_spanned!(ty.span() => <#ty as ::tintype::Rules>::rules(rules);));
    quote_spanned! { name.span() =>
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic, unused_parens, unused_braces)]
        impl #implemented ::tintype::Rules for #name #arguments #conditions {
            fn rules(rules: &mut ::tintype::RuleSet) {
                if !rules.begin(::core::module_path!(), #type_name) {
                    return;
                }
                #(#fields)*
                #(#dives)*
            }
        }
    }
}

/// Whether one of `names` occurs in `tokens`.
fn mentions(tokens: TokenStream, names: &[Ident]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.contains(&ident),
        TokenTree::Group(group) => mentions(group.stream(), names),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The rules in the attributes of a field.
fn field_rules(field: &Field) -> syn::Result<Vec<FieldRule>> {
    let mut rules = Vec::new();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("garde")) {
        rules.extend(attribute.parse_args_with(Punctuated::<FieldRule, Token![,]>::parse_terminated)?);
    }
    Ok(rules)
}

/// One rule of garde.
enum FieldRule {
    /// Nothing that a value could break.
    Nothing,
    Dive,
    Adapt,
    /// Only the server can check it.
    Custom,
    /// A rule without arguments, by the name of its variant.
    Plain(&'static str),
    /// A rule with a text, by the name of its variant.
    Text(&'static str, Expr),
    Pattern(Expr),
    Length {
        unit: &'static str,
        limits: Limits,
    },
    Range(Limits),
    Inner(Vec<FieldRule>),
}

#[derive(Default)]
struct Limits {
    min: Option<Expr>,
    max: Option<Expr>,
}

impl Parse for FieldRule {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = Ident::parse_any(input)?;
        let arguments = if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            content.parse::<TokenStream>()?
        } else {
            TokenStream::new()
        };
        let expression = |arguments: TokenStream| syn::parse2::<Expr>(arguments);
        Ok(match name.to_string().as_str() {
            "skip" | "rename" | "code" => Self::Nothing,
            "dive" => Self::Dive,
            "adapt" => Self::Adapt,
            "required" => Self::Plain("Required"),
            "ascii" => Self::Plain("Ascii"),
            "alphanumeric" => Self::Plain("Alphanumeric"),
            "email" => Self::Plain("Email"),
            "url" => Self::Plain("Url"),
            "ip" => Self::Plain("Ip"),
            "ipv4" => Self::Plain("Ipv4"),
            "ipv6" => Self::Plain("Ipv6"),
            "contains" => Self::Text("Contains", expression(arguments)?),
            "prefix" => Self::Text("Prefix", expression(arguments)?),
            "suffix" => Self::Text("Suffix", expression(arguments)?),
            "pattern" => Self::Pattern(expression(arguments)?),
            "length" => length(arguments)?,
            "range" => Self::Range(Limits::default().read(arguments, &mut |_| Err(unknown()))?),
            "inner" => {
                let rules = Punctuated::<Self, Token![,]>::parse_terminated.parse2(arguments)?;
                Self::Inner(rules.into_iter().collect())
            }
            "credit_card" | "phone_number" | "matches" | "custom" | "if" => Self::Custom,
            _ => return Err(unknown()),
        })
    }
}

fn length(arguments: TokenStream) -> syn::Result<FieldRule> {
    let mut unit = "Simple";
    let limits = Limits::default().read(arguments, &mut |mode| {
        unit = match mode.to_string().as_str() {
            "simple" => "Simple",
            "bytes" => "Bytes",
            "chars" => "Chars",
            "graphemes" => "Graphemes",
            "utf16" => "Utf16",
            _ => return Err(unknown()),
        };
        Ok(())
    })?;
    Ok(FieldRule::Length { unit, limits })
}

/// Never shown: garde reports the same mistake in its own words.
fn unknown() -> syn::Error {
    syn::Error::new(Span::call_site(), "garde knows no such rule or argument")
}

impl Limits {
    /// Reads `min = …`, `max = …` or `equal = …`, and gives every other word to `word`.
    fn read(mut self, arguments: TokenStream, word: &mut dyn FnMut(&Ident) -> syn::Result<()>) -> syn::Result<Self> {
        let mut parse = |input: ParseStream<'_>| {
            while !input.is_empty() {
                let name = Ident::parse_any(input)?;
                if input.parse::<Option<Token![=]>>()?.is_some() {
                    let limit: Expr = input.parse()?;
                    match name.to_string().as_str() {
                        "min" => self.min = Some(limit),
                        "max" => self.max = Some(limit),
                        "equal" => (self.min, self.max) = (Some(limit.clone()), Some(limit)),
                        _ => return Err(unknown()),
                    }
                } else {
                    word(&name)?;
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        };
        (|input: ParseStream<'_>| parse(input)).parse2(arguments)?;
        Ok(self)
    }

    fn expressions(&self) -> impl Iterator<Item = &Expr> {
        self.min.iter().chain(&self.max)
    }
}

impl FieldRule {
    /// An expression of the rule, for a field whose type `of_field` stands for.
    fn expression(&self, of_field: &TokenStream, input: &DeriveInput) -> Option<TokenStream> {
        let rule = quote!(::tintype::__private::Rule);
        let custom = Some(quote!(#rule::Custom));
        if self.expressions().any(|expression| needs_value(expression, input)) {
            return custom;
        }
        Some(match self {
            Self::Nothing | Self::Dive | Self::Adapt => return None,
            Self::Custom => return custom,
            Self::Plain(name) => {
                let name = Ident::new(name, Span::call_site());
                quote!(#rule::#name)
            }
            Self::Text(name, text) => {
                let name = Ident::new(name, Span::call_site());
                quote!(#rule::#name { text: ::tintype::__private::text(&#text) })
            }
            Self::Pattern(Expr::Lit(ExprLit { lit: Lit::Str(pattern), .. })) => {
                quote!(#rule::Pattern { pattern: ::tintype::__private::text(#pattern) })
            }
            Self::Pattern(pattern) => {
                quote!(#rule::Pattern { pattern: ::tintype::__private::pattern(&#pattern) })
            }
            Self::Length { unit, limits } => {
                let unit = Ident::new(unit, Span::call_site());
                let min = option(limits.min.as_ref().map(|min| quote!(::tintype::__private::length(#min))));
                let max = option(limits.max.as_ref().map(|max| quote!(::tintype::__private::length(#max))));
                quote!(#rule::Length { unit: ::tintype::__private::LengthUnit::#unit, min: #min, max: #max })
            }
            Self::Range(limits) => {
                let limit = |limit: &Option<Expr>| match limit {
                    Some(limit) => quote!(#of_field.limit(#limit)),
                    None => option(None),
                };
                let (min, max) = (limit(&limits.min), limit(&limits.max));
                quote!(#rule::Range { min: #min, max: #max })
            }
            Self::Inner(rules) => {
                let inside = quote!(#of_field.inner());
                let rules: Vec<TokenStream> = rules.iter().filter_map(|rule| rule.expression(&inside, input)).collect();
                if rules.is_empty() {
                    return None;
                }
                quote!(#rule::Inner { rules: ::std::vec![#(#rules),*] })
            }
        })
    }

    fn expressions(&self) -> Box<dyn Iterator<Item = &Expr> + '_> {
        match self {
            Self::Text(_, expression) | Self::Pattern(expression) => Box::new(std::iter::once(expression)),
            Self::Length { limits, .. } | Self::Range(limits) => Box::new(limits.expressions()),
            _ => Box::new(std::iter::empty()),
        }
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// Whether an expression depends on the value that is checked.
fn needs_value(expression: &Expr, input: &DeriveInput) -> bool {
    let mut names = vec![Ident::new("self", Span::call_site())];
    names.extend(match &input.data {
        Data::Struct(data) => field_names(&data.fields),
        Data::Enum(data) => data.variants.iter().flat_map(|variant| field_names(&variant.fields)).collect(),
        Data::Union(_) => Vec::new(),
    });
    mentions(quote!(#expression), &names)
}

fn field_names(fields: &Fields) -> Vec<Ident> {
    fields.iter().filter_map(|field| field.ident.clone()).collect()
}

/// Where `#[garde(context(…))]` stands, if it does.
fn context(attributes: &[Attribute]) -> Option<Span> {
    let mut found = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("garde")) {
        // What does not parse is garde's to report.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("context") {
                found = Some(meta.path.span());
            }
            meta.input.parse::<TokenStream>().map(drop)
        });
    }
    found
}
