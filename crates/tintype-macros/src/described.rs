//! `Serialize` and `Deserialize` of a program that only describes its types.
//!
//! Serde's derives write most of the code of a contract, and none of it runs where no call is answered.
//! These read the same items and write the same implementations without bodies.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, DeriveInput, GenericParam, Generics, LifetimeParam, Path, parse_quote};

/// Implements `serde::Serialize`.
pub(crate) fn serialize(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let name = &input.ident;
    let (impl_generics, type_generics, predicates) = input.generics.split_for_impl();
    let signature = |value: TokenStream| {
        quote! {
            fn serialize<__S: ::tintype::__private::serde::Serializer>(
                #value,
                _: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                ::tintype::__private::described_only()
            }
        }
    };
    match remote(&input.attrs) {
        Some(remote) => {
            let function = signature(quote!(_: &#remote #type_generics));
            quote! { #[automatically_derived] impl #impl_generics #name #type_generics #predicates { pub #function } }
        }
        None => {
            let function = signature(quote!(&self));
            quote! {
                #[automatically_derived]
                impl #impl_generics ::tintype::__private::serde::Serialize for #name #type_generics #predicates {
                    #function
                }
            }
        }
    }
}

/// Implements `serde::Deserialize`.
pub(crate) fn deserialize(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let name = &input.ident;
    let (own_generics, type_generics, predicates) = input.generics.split_for_impl();
    let with_lifetime = with_lifetime(&input.generics);
    let (impl_generics, _, _) = with_lifetime.split_for_impl();
    let signature = |lifetime: TokenStream, value: TokenStream| {
        quote! {
            fn deserialize<#lifetime __D: ::tintype::__private::serde::Deserializer<'de>>(
                _: __D,
            ) -> ::core::result::Result<#value, __D::Error> {
                ::tintype::__private::described_only()
            }
        }
    };
    match remote(&input.attrs) {
        Some(remote) => {
            let function = signature(quote!('de,), quote!(#remote #type_generics));
            quote! { #[automatically_derived] impl #own_generics #name #type_generics #predicates { pub #function } }
        }
        None => {
            let function = signature(TokenStream::new(), quote!(Self));
            quote! {
                #[automatically_derived]
                impl #impl_generics ::tintype::__private::serde::Deserialize<'de> for #name #type_generics #predicates {
                    #function
                }
            }
        }
    }
}

/// The type for which `#[serde(remote = "…")]` stands in: it gets functions instead of an implementation.
fn remote(attributes: &[Attribute]) -> Option<Path> {
    let mut remote = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // What serde would refuse is refused by the ordinary build.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("remote") {
                remote = Some(meta.value()?.parse::<syn::LitStr>()?.parse()?);
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            } else if meta.input.peek(syn::token::Paren) {
                let content;
                syn::parenthesized!(content in meta.input);
                content.parse::<TokenStream>()?;
            }
            Ok(())
        });
    }
    remote
}

/// The generics with the lifetime `'de`, which outlives all that the value borrows.
fn with_lifetime(generics: &Generics) -> Generics {
    let mut lifetime: LifetimeParam = parse_quote!('de);
    lifetime.bounds = generics.lifetimes().map(|borrowed| borrowed.lifetime.clone()).collect();
    let mut generics = generics.clone();
    generics.params.insert(0, GenericParam::Lifetime(lifetime));
    generics
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `derived` has `tokens`, however they are spaced.
    fn has(derived: &TokenStream, tokens: &str) -> bool {
        derived.to_string().replace(' ', "").contains(&tokens.replace(' ', ""))
    }

    #[test]
    fn parameters_need_not_be_serializable() {
        let derived = serialize(quote! {
            #[serde(rename_all = "camelCase", bound(serialize = "T: Copy"))]
            struct Page<'a, T: Copy> where T: 'a { items: &'a [T] }
        });

        let head = "impl<'a, T: Copy> ::tintype::__private::serde::Serialize for Page<'a, T> where T: 'a";
        assert!(has(&derived, head), "{derived}");
    }

    #[test]
    fn what_a_value_borrows_outlives_it() {
        let derived = deserialize(quote! { struct Name<'a, const N: usize>(&'a str); });

        let head = "impl<'de: 'a, 'a, const N: usize> ::tintype::__private::serde::Deserialize<'de> for Name<'a, N>";
        assert!(has(&derived, head), "{derived}");
    }

    #[test]
    fn a_stand_in_for_a_type_of_another_crate_has_functions() {
        let item = quote! { #[serde(default, remote = "other::Duration")] struct Duration { seconds: u64 } };

        let (writes, reads) = (serialize(item.clone()), deserialize(item));

        assert!(has(&writes, "impl Duration { pub fn serialize"), "{writes}");
        assert!(has(&writes, "_: &other::Duration"), "{writes}");
        assert!(has(&reads, "Result<other::Duration, __D::Error>"), "{reads}");
    }
}
