//! Walks over a type description of specta's.

use specta::datatype::{DataType, Fields, NamedReferenceType, Reference};

/// The descriptions directly inside of `ty`.
pub(super) fn children(ty: &DataType) -> Vec<&DataType> {
    match ty {
        DataType::Primitive(_) | DataType::Generic(_) | DataType::Reference(Reference::Opaque(_)) => Vec::new(),
        DataType::List(list) => vec![&list.ty],
        DataType::Map(map) => vec![map.key_ty(), map.value_ty()],
        DataType::Struct(object) => field_types(&object.fields),
        DataType::Enum(union) => {
            union.variants.iter().filter(|(_, it)| !it.skip).flat_map(|(_, it)| field_types(&it.fields)).collect()
        }
        DataType::Tuple(tuple) => tuple.elements.iter().collect(),
        DataType::Nullable(inner) => vec![inner],
        DataType::Intersection(parts) => parts.iter().collect(),
        DataType::Reference(Reference::Named(reference)) => match &reference.inner {
            NamedReferenceType::Inline { dt, .. } => vec![dt],
            NamedReferenceType::Reference { generics, .. } => generics.iter().map(|(_, ty)| ty).collect(),
            NamedReferenceType::Recursive(_) => Vec::new(),
        },
    }
}

fn field_types(fields: &Fields) -> Vec<&DataType> {
    match fields {
        Fields::Unit => Vec::new(),
        Fields::Unnamed(fields) => fields.fields.iter().filter_map(|field| field.ty.as_ref()).collect(),
        Fields::Named(fields) => fields.fields.iter().filter_map(|(_, field)| field.ty.as_ref()).collect(),
    }
}

/// Calls `change` for `ty` and then for everything inside of what it has become.
pub(super) fn rewrite(ty: &mut DataType, change: &mut dyn FnMut(&mut DataType)) {
    change(ty);
    let mut inside = |ty: &mut DataType| rewrite(ty, change);
    match ty {
        DataType::Primitive(_) | DataType::Generic(_) | DataType::Reference(Reference::Opaque(_)) => {}
        DataType::List(list) => inside(&mut list.ty),
        DataType::Map(map) => {
            inside(map.key_ty_mut());
            inside(map.value_ty_mut());
        }
        DataType::Struct(object) => rewrite_fields(&mut object.fields, &mut inside),
        DataType::Enum(union) => {
            union.variants.iter_mut().for_each(|(_, variant)| rewrite_fields(&mut variant.fields, &mut inside));
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

fn rewrite_fields(fields: &mut Fields, inside: &mut dyn FnMut(&mut DataType)) {
    match fields {
        Fields::Unit => {}
        Fields::Unnamed(fields) => fields.fields.iter_mut().filter_map(|field| field.ty.as_mut()).for_each(inside),
        Fields::Named(fields) => fields.fields.iter_mut().filter_map(|(_, it)| it.ty.as_mut()).for_each(inside),
    }
}
