//! Writes the procedure beside the function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{
    Attribute, ItemFn, Type, Visibility,
    parse::{ParseStream, Parser},
    parse_quote,
    spanned::Spanned,
};

use crate::{
    attribute::{Kind, Options},
    signature::{Argument, Ends, Return, Signature, camel_case, deprecated, docs},
};

/// Whether the program only describes its procedures, and answers no call: then bodies are left out, because the
/// generator is built at every save.
const ONLY_DESCRIBES: bool = cfg!(tintype_describe);

/// Expands one of the three attributes.
pub(crate) fn procedure(kind: Kind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(_) => {
            let message = format!("{} is a function: put this attribute on an `async fn`", kind.article());
            let error = syn::Error::new(keyword(item.clone()), message).into_compile_error();
            return quote! { #error #item };
        }
    };
    if let Some(receiver) = function.sig.receiver() {
        let message = "a procedure is a free function: take the state with an extractor, for example `State<…>`";
        let error = syn::Error::new(receiver.span(), message).into_compile_error();
        // It stands in an `impl`, where the procedure's type cannot.
        return quote! { #error #function };
    }
    let procedure = Options::parse(kind, arguments)
        .and_then(|options| Ok((options, Signature::parse(kind, &function)?)))
        .map(|(options, signature)| implementation(kind, &function, &options, &signature))
        // The stub keeps the mistake the only one reported: `router!` still finds a procedure.
        .unwrap_or_else(|error| {
            let error = error.into_compile_error();
            let stub = stub(&function);
            quote! { #error #stub }
        });
    let marker = marker(&function);
    if ONLY_DESCRIBES {
        function.block = parse_quote!({ ::tintype::__private::described_only() });
    }
    quote! { #function #marker #procedure }
}

/// The word that says what kind of item it is, after attributes and visibility.
fn keyword(item: TokenStream) -> Span {
    let after_visibility = |input: ParseStream<'_>| {
        Attribute::parse_outer(input)?;
        input.parse::<Visibility>()?;
        let span = input.span();
        input.parse::<TokenStream>()?;
        Ok(span)
    };
    after_visibility.parse2(item).unwrap_or_else(|_| Span::call_site())
}

/// The empty type of the function's name. Braces keep it out of the namespace of values, where the function is.
fn marker(function: &ItemFn) -> TokenStream {
    let name = &function.sig.ident;
    let visibility = &function.vis;
    let docs = format!("The procedure of the function [`{name}()`].");
    quote_spanned! { name.span() =>
        #[doc = #docs]
        #[allow(non_camel_case_types)]
        #[derive(Debug)]
        #visibility struct #name {}
    }
}

fn implementation(kind: Kind, function: &ItemFn, options: &Options, signature: &Signature) -> TokenStream {
    let name = &function.sig.ident;
    let span = name.span();
    let state = match &options.state {
        Some(state) => quote!(#state),
        None => quote_spanned!(span => crate::AppState),
    };
    let Return { ty: returns, output, error } = &signature.returns;
    let output = half(returns, "Output", *output);
    let error = half(returns, "Error", *error);
    let input = signature.input().map_or_else(|| quote!(()), |input| quote!(#input));
    let has_input = signature.input().is_some();
    let wire = match kind {
        Kind::Query | Kind::Mutation => quote!(value),
        Kind::Subscription => quote!(events),
    };

    // One hygiene for the names that several of the pieces below share: the types may come from a `macro_rules!`.
    let cx = Ident::new("cx", Span::call_site());
    let input_value = Ident::new("input", Span::call_site());
    let mut extractions = Vec::new();
    let mut reading = quote!(let _ = #input_value;);
    let mut passed = Vec::new();
    for (index, argument) in signature.arguments.iter().enumerate() {
        match argument {
            Argument::Extractor(ty) => {
                let local = format_ident!("argument_{index}");
                extractions.push(quote_spanned! { ty.span() =>
                    let #local = <#ty as ::tintype::FromContext<#state>>::from_context(&#cx).await?;
                });
                passed.push(quote!(#local));
            }
            Argument::Input(ty) => {
                reading = quote_spanned! { ty.span() =>
                    let #input_value: #ty = ::tintype::__private::InputSource::read(#input_value).await?;
                    (&&::tintype::__private::Constraints::of(&#input_value)).check()?;
                };
                passed.push(quote!(#input_value));
            }
        }
    }

    let rules = signature.input().map(|input| {
        quote_spanned! { input.span() =>
            fn rules(rules: &mut ::tintype::RuleSet) {
                (&&&&::tintype::__private::RulesOf::<#input>::new()).describe(rules);
            }
        }
    });
    let info = info(kind, function, options, has_input);
    let allow_deprecated = deprecated(function).map(|_| quote!(#[allow(deprecated)]));
    let ignore_context = extractions.is_empty().then(|| quote!(let _ = #cx;));
    let body = if ONLY_DESCRIBES {
        quote! {
            drop((#cx, #input_value));
            ::tintype::__private::described_only()
        }
    } else {
        quote! {
            #ignore_context
            #(#extractions)*
            #reading
            ::tintype::__private::ProcedureReturn::into_result(#name(#(#passed),*).await)
        }
    };

    quote_spanned! { span =>
        #allow_deprecated
        const _: () = {
            #[allow(unused_imports)]
            use ::tintype::__private::{Checked as _, Constrained as _, Described as _, Unconstrained as _, Unruled as _};

            impl ::tintype::Procedure for #name {
                type State = #state;
                type Input = #input;
                type Output = #output;
                type Error = #error;

                const INFO: ::tintype::ProcedureInfo = #info;

                async fn invoke<I: ::tintype::__private::InputSource<Self::Input>>(
                    #cx: ::tintype::Context<Self::State>,
                    #input_value: I,
                ) -> ::core::result::Result<Self::Output, ::tintype::CallError<Self::Error>> {
                    #body
                }

                fn wire() -> ::tintype::__private::Wire<Self::State> {
                    ::tintype::__private::Wire::#wire::<#input, #output, Self>()
                }

                #rules
            }
        };
    }
}

/// The output or the error in the type that the function returns, written at `ends`: there its mistakes are reported.
fn half(returns: &Type, name: &str, ends: Ends) -> TokenStream {
    let name = Ident::new(name, ends.last);
    quote_spanned!(ends.first => <#returns as ::tintype::__private::ProcedureReturn>::#name)
}

fn info(kind: Kind, function: &ItemFn, options: &Options, has_input: bool) -> TokenStream {
    let name = &function.sig.ident;
    let wire_name = options.name.clone().unwrap_or_else(|| camel_case(name));
    let docs = docs(function);
    let deprecated = match deprecated(function) {
        Some(note) => quote!(::core::option::Option::Some(#note)),
        None => quote!(::core::option::Option::None),
    };
    let kind = match kind {
        Kind::Query => quote!(Query),
        Kind::Mutation => quote!(Mutation),
        Kind::Subscription => quote!(Subscription),
    };
    let Options { no_batch, sensitive, idempotent, invalidates, .. } = options;
    let invalidates =
        invalidates.iter().map(|path| quote_spanned!(path.span() => || ::tintype::__private::procedure_id::<#path>()));
    // Spanned at the name, so that the position is the function's and not the attribute's.
    quote_spanned! { name.span() =>
        ::tintype::ProcedureInfo {
            name: #wire_name,
            kind: ::tintype::ProcedureKind::#kind,
            docs: #docs,
            deprecated: #deprecated,
            has_input: #has_input,
            flags: ::tintype::Flags { no_batch: #no_batch, sensitive: #sensitive, idempotent: #idempotent },
            source: ::tintype::SourceLocation {
                file: ::core::file!(),
                line: ::core::line!(),
                column: ::core::column!(),
            },
            invalidates: &[#(#invalidates),*],
        }
    }
}

/// A procedure of any state that stands in for one with a mistake.
fn stub(function: &ItemFn) -> TokenStream {
    let name = &function.sig.ident;
    quote_spanned! { name.span() =>
        const _: () = {
            impl ::tintype::Procedure for #name {
                type State = crate::AppState;
                type Input = ();
                type Output = ();
                type Error = ::tintype::Never;

                const INFO: ::tintype::ProcedureInfo = ::tintype::__private::STUB;

                async fn invoke<I: ::tintype::__private::InputSource<()>>(
                    _: ::tintype::Context<Self::State>,
                    _: I,
                ) -> ::core::result::Result<(), ::tintype::CallError<::tintype::Never>> {
                    ::core::result::Result::Ok(())
                }

                fn wire() -> ::tintype::__private::Wire<Self::State> {
                    ::tintype::__private::Wire::stub()
                }
            }
        };
    }
}
