//! `#[derive(ProcedureError)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Data, DeriveInput, Fields, Variant, spanned::Spanned};

/// The protocol's codes, as attributes spell them and as the enum `tintype::ErrorCode` calls them.
const CODES: [(&str, &str); 21] = [
    ("PARSE_ERROR", "ParseError"),
    ("BAD_REQUEST", "BadRequest"),
    ("INTERNAL_SERVER_ERROR", "InternalServerError"),
    ("NOT_IMPLEMENTED", "NotImplemented"),
    ("BAD_GATEWAY", "BadGateway"),
    ("SERVICE_UNAVAILABLE", "ServiceUnavailable"),
    ("GATEWAY_TIMEOUT", "GatewayTimeout"),
    ("UNAUTHORIZED", "Unauthorized"),
    ("PAYMENT_REQUIRED", "PaymentRequired"),
    ("FORBIDDEN", "Forbidden"),
    ("NOT_FOUND", "NotFound"),
    ("METHOD_NOT_SUPPORTED", "MethodNotSupported"),
    ("TIMEOUT", "Timeout"),
    ("CONFLICT", "Conflict"),
    ("PRECONDITION_FAILED", "PreconditionFailed"),
    ("PAYLOAD_TOO_LARGE", "PayloadTooLarge"),
    ("UNSUPPORTED_MEDIA_TYPE", "UnsupportedMediaType"),
    ("UNPROCESSABLE_CONTENT", "UnprocessableContent"),
    ("PRECONDITION_REQUIRED", "PreconditionRequired"),
    ("TOO_MANY_REQUESTS", "TooManyRequests"),
    ("CLIENT_CLOSED_REQUEST", "ClientClosedRequest"),
];

pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    match arms(&input) {
        Ok(arms) => implementation(&input, &arms),
        // The stub keeps the mistake the only one reported: procedures still find an error type.
        Err(error) => {
            let error = error.into_compile_error();
            let stub = stub(&input.ident);
            quote! { #error #stub }
        }
    }
}

enum Arm<'a> {
    Code { variant: &'a Variant, code: Ident },
    Internal { variant: &'a Variant },
}

fn arms(input: &DeriveInput) -> syn::Result<Vec<Arm<'_>>> {
    let Data::Enum(data) = &input.data else {
        let message = "the error of a procedure is an enum: each variant is one way to fail, with its code";
        return Err(syn::Error::new(input.ident.span(), message));
    };
    if let Some(parameter) = input.generics.params.first() {
        return Err(syn::Error::new(parameter.span(), "the error of a procedure has no generic parameters"));
    }
    let mut arms = Vec::new();
    let mut mistakes: Option<syn::Error> = None;
    for variant in &data.variants {
        match arm(variant) {
            Ok(arm) => arms.push(arm),
            Err(mistake) => match &mut mistakes {
                Some(mistakes) => mistakes.combine(mistake),
                None => mistakes = Some(mistake),
            },
        }
    }
    mistakes.map_or(Ok(arms), Err)
}

fn arm(variant: &Variant) -> syn::Result<Arm<'_>> {
    let find = |name: &str| variant.attrs.iter().find(|attribute| attribute.path().is_ident(name));
    match (find("code"), find("internal")) {
        (Some(code), None) => Ok(Arm::Code { variant, code: parse_code(code)? }),
        (None, Some(internal)) => {
            check_internal(variant, internal)?;
            Ok(Arm::Internal { variant })
        }
        (Some(_), Some(internal)) => {
            Err(syn::Error::new(internal.path().span(), "a variant has a code or is internal, not both: remove one"))
        }
        (None, None) => {
            let message = format!(
                "variant `{}` has no code: add `#[code(NOT_FOUND)]` or another, or `#[internal]` if clients must not see it",
                variant.ident
            );
            Err(syn::Error::new(variant.ident.span(), message))
        }
    }
}

fn parse_code(attribute: &Attribute) -> syn::Result<Ident> {
    let key: Ident = attribute.parse_args().map_err(|error| {
        let message = "write one code of the protocol, for example `#[code(NOT_FOUND)]`";
        syn::Error::new(
            if attribute.meta.require_list().is_ok() { error.span() } else { attribute.path().span() },
            message,
        )
    })?;
    let text = key.to_string();
    match CODES.iter().find(|(name, _)| *name == text) {
        Some((_, variant)) => Ok(Ident::new(variant, key.span())),
        None => {
            let near = nearest(&text);
            Err(syn::Error::new(key.span(), format!("the protocol has no code `{text}`: did you mean `{near}`?")))
        }
    }
}

/// The code whose letters differ least from `text`.
fn nearest(text: &str) -> &'static str {
    let upper = text.to_uppercase();
    let distance = |name: &str| {
        let mut row: Vec<usize> = (0..=name.len()).collect();
        for (i, a) in upper.bytes().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, b) in name.bytes().enumerate() {
                let replaced = diagonal + usize::from(a != b);
                diagonal = row[j + 1];
                row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
            }
        }
        row[name.len()]
    };
    CODES.iter().map(|(name, _)| *name).min_by_key(|name| distance(name)).unwrap_or("BAD_REQUEST")
}

fn check_internal(variant: &Variant, internal: &Attribute) -> syn::Result<()> {
    if !matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
        let message = format!("an internal variant holds one error: write `{}(#[from] SomeError)`", variant.ident);
        return Err(syn::Error::new(variant.ident.span(), message));
    }
    let skipped = variant.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")).any(|attribute| {
        let mut skip = false;
        // Other serde options are serde's to check.
        let _ = attribute.parse_nested_meta(|meta| {
            skip |= meta.path.is_ident("skip");
            Ok(())
        });
        skip
    });
    if skipped {
        return Ok(());
    }
    Err(syn::Error::new(internal.path().span(), "clients never see an internal variant: add `#[serde(skip)]` to it"))
}

fn implementation(input: &DeriveInput, arms: &[Arm<'_>]) -> TokenStream {
    let name = &input.ident;
    let codes = arms.iter().map(|arm| match arm {
        Arm::Code { variant, code } => {
            let variant = &variant.ident;
            quote!(Self::#variant { .. } => ::tintype::ErrorCode::#code)
        }
        Arm::Internal { variant } => {
            let variant = &variant.ident;
            quote!(Self::#variant { .. } => ::tintype::ErrorCode::InternalServerError)
        }
    });
    let internals = arms.iter().filter_map(|arm| match arm {
        Arm::Code { .. } => None,
        Arm::Internal { variant } => {
            let variant = &variant.ident;
            let source = format_ident!("source");
            Some(quote!(Self::#variant(#source) => ::tintype::Failure::unexpected(#source)))
        }
    });
    quote_spanned! { name.span() =>
        impl ::tintype::ProcedureError for #name {
            fn into_failure(self) -> ::tintype::Failure {
                match self {
                    #(#internals,)*
                    #[allow(unreachable_patterns)]
                    error => ::tintype::Failure::typed(
                        ::tintype::ProcedureError::code(&error),
                        ::std::string::ToString::to_string(&error),
                        &error,
                    ),
                }
            }

            fn code(&self) -> ::tintype::ErrorCode {
                match self {
                    #(#codes,)*
                }
            }

            fn wire_type(
                types: &mut ::tintype::__private::Types,
            ) -> ::core::option::Option<::tintype::__private::DataType> {
                ::tintype::__private::wire_type_of::<Self>(types)
            }
        }
    }
}

fn stub(name: &Ident) -> TokenStream {
    quote_spanned! { name.span() =>
        impl ::tintype::ProcedureError for #name {
            fn into_failure(self) -> ::tintype::Failure {
                ::tintype::Failure::unexpected("this error did not compile")
            }

            fn code(&self) -> ::tintype::ErrorCode {
                ::tintype::ErrorCode::InternalServerError
            }

            fn wire_type(
                _: &mut ::tintype::__private::Types,
            ) -> ::core::option::Option<::tintype::__private::DataType> {
                ::core::option::Option::None
            }
        }
    }
}
