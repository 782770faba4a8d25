//! Walks over a type description.

use specta::datatype::{DataType, Field, Fields, NamedReferenceType, Reference};

/// The descriptions directly inside of `ty`, each with what leads to it: `.name`, `[]` or nothing.
pub(super) fn children(ty: &DataType) -> Vec<(String, &DataType)> {
    match ty {
        DataType::Primitive(_) | DataType::Generic(_) | DataType::Reference(Reference::Opaque(_)) => Vec::new(),
        DataType::List(list) => vec![("[]".to_owned(), &*list.ty)],
        DataType::Map(map) => vec![("[key]".to_owned(), map.key_ty()), ("[]".to_owned(), map.value_ty())],
        DataType::Struct(object) => field_types(&object.fields),
        DataType::Enum(union) => {
            union.variants.iter().filter(|(_, it)| !it.skip).flat_map(|(_, it)| field_types(&it.fields)).collect()
        }
        DataType::Tuple(tuple) => {
            tuple.elements.iter().enumerate().map(|(index, ty)| (format!(".{index}"), ty)).collect()
        }
        DataType::Nullable(inner) => vec![unnamed(inner)],
        DataType::Intersection(parts) => parts.iter().map(unnamed).collect(),
        DataType::Reference(Reference::Named(reference)) => match &reference.inner {
            NamedReferenceType::Inline { dt, .. } => vec![unnamed(dt)],
            NamedReferenceType::Reference { generics, .. } => generics.iter().map(|(_, ty)| unnamed(ty)).collect(),
            NamedReferenceType::Recursive(_) => Vec::new(),
        },
    }
}

fn unnamed(ty: &DataType) -> (String, &DataType) {
    (String::new(), ty)
}

fn field_types(fields: &Fields) -> Vec<(String, &DataType)> {
    match fields {
        Fields::Unit => Vec::new(),
        Fields::Unnamed(fields) => fields.fields.iter().filter_map(|field| field.ty.as_ref()).map(unnamed).collect(),
        Fields::Named(fields) => {
            fields.fields.iter().filter_map(|(name, field)| Some((format!(".{name}"), field.ty.as_ref()?))).collect()
        }
    }
}

/// Calls `change` for `ty` and for everything inside of it, and `document` for the docs of its fields.
pub(super) fn rewrite(ty: &mut DataType, change: &mut dyn FnMut(&mut DataType), document: &dyn Fn(&str) -> String) {
    change(ty);
    let mut inside = |ty: &mut DataType| rewrite(ty, change, document);
    match ty {
        DataType::Primitive(_) | DataType::Generic(_) | DataType::Reference(Reference::Opaque(_)) => {}
        DataType::List(list) => inside(&mut list.ty),
        DataType::Map(map) => {
            inside(map.key_ty_mut());
            inside(map.value_ty_mut());
        }
        DataType::Struct(object) => rewrite_fields(&mut object.fields, change, document),
        DataType::Enum(union) => {
            for (_, variant) in &mut union.variants {
                variant.docs = document(&variant.docs).into();
                rewrite_fields(&mut variant.fields, change, document);
            }
        }
        DataType::Tuple(tuple) => tuple.elements.iter_mut().for_each(inside),
        DataType::Nullable(inner) => inside(inner),
        DataType::Intersection(parts) => parts.iter_mut().for_each(inside),
        DataType::Reference(Reference::Named(reference)) => match &mut reference.inner {
            NamedReferenceType::Inline { dt, .. } => inside(dt),
            NamedReferenceType::Reference { generics, .. } => generics.iter_mut().for_each(|(_, ty)| inside(ty)),
            NamedReferenceType::Recursive(_) => {}
        },
    }
}

fn rewrite_fields(fields: &mut Fields, change: &mut dyn FnMut(&mut DataType), document: &dyn Fn(&str) -> String) {
    let mut field = |field: &mut Field| {
        field.docs = document(&field.docs).into();
        if let Some(ty) = &mut field.ty {
            rewrite(ty, change, document);
        }
    };
    match fields {
        Fields::Unit => {}
        Fields::Unnamed(fields) => fields.fields.iter_mut().for_each(field),
        Fields::Named(fields) => fields.fields.iter_mut().for_each(|(_, it)| field(it)),
    }
}
