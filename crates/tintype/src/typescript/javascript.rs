//! What a client with superjson has instead of JSON: dates, big integers, bytes, maps and sets.

use specta::{
    Types,
    datatype::{DataType, NamedReferenceType, Primitive, Reference},
};
use specta_typescript::{Error, Typescript, define, primitives};

use super::datatype;

/// Replaces dates, big integers and bytes, which consist of nothing else.
pub(super) fn replace_leaves(ty: &mut DataType, types: &Types) {
    let mut change = |ty: &mut DataType| {
        let name = match ty {
            DataType::Primitive(Primitive::i64 | Primitive::i128 | Primitive::isize) => "bigint",
            DataType::Primitive(Primitive::u64 | Primitive::u128 | Primitive::usize) => "bigint",
            DataType::List(list) if !list.unique && *list.ty == DataType::Primitive(Primitive::u8) => "Uint8Array",
            DataType::Reference(Reference::Named(reference)) => match types.get(reference) {
                Some(named) if named.name == "DateTime" && named.module_path.starts_with("chrono") => "Date",
                _ => return,
            },
            _ => return,
        };
        *ty = define(name).into();
    };
    datatype::rewrite(ty, &mut change, &str::to_owned);
}

/// Replaces maps and sets, the inner ones first; `types` has the names that clients see.
pub(super) fn replace_collections(ty: &mut DataType, types: &Types) -> Result<(), Error> {
    let mut failed = None;
    let mut change = |ty: &mut DataType| {
        if let Err(error) = replace_collection(ty, types) {
            failed = Some(error);
        }
    };
    datatype::rewrite(ty, &mut change, &str::to_owned);
    failed.map_or(Ok(()), Err)
}

fn replace_collection(ty: &mut DataType, types: &Types) -> Result<(), Error> {
    let write = |mut ty: DataType| {
        replace_collections(&mut ty, types)?;
        primitives::reference(&Typescript::default(), types, &ty)
    };
    let text = match ty {
        DataType::Map(map) => format!("Map<{}, {}>", write(map.key_ty().clone())?, write(map.value_ty().clone())?),
        DataType::List(list) if list.unique => format!("Set<{}>", write((*list.ty).clone())?),
        // specta writes what is inlined from its own description.
        DataType::Reference(Reference::Named(reference)) => {
            if let NamedReferenceType::Inline { dt, .. } = &mut reference.inner {
                *ty = (**dt).clone();
                return replace_collection(ty, types);
            }
            return Ok(());
        }
        _ => return Ok(()),
    };
    *ty = define(text).into();
    Ok(())
}
