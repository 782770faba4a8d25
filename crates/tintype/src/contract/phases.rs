//! Types as serde writes or reads them, through specta-serde.

use specta::{
    Types,
    datatype::{DataType, NamedReferenceType, Reference},
};
use specta_serde::{Phase, select_phase_datatype};

/// `ty` as it is on the wire in one direction.
///
/// `select_phase_datatype` of specta-serde 0.0.14 gives a generic type back without its arguments, so they are selected
/// here and put back.
pub(super) fn select(ty: &DataType, types: &Types, phase: Phase) -> DataType {
    match ty {
        DataType::Nullable(inner) => DataType::Nullable(Box::new(select(inner, types, phase))),
        DataType::List(list) => {
            let mut list = list.clone();
            *list.ty = select(&list.ty, types, phase);
            DataType::List(list)
        }
        DataType::Map(map) => {
            let mut map = map.clone();
            map.set_key_ty(select(map.key_ty(), types, phase));
            map.set_value_ty(select(map.value_ty(), types, phase));
            DataType::Map(map)
        }
        DataType::Tuple(tuple) => {
            let mut tuple = tuple.clone();
            tuple.elements.iter_mut().for_each(|ty| *ty = select(ty, types, phase));
            DataType::Tuple(tuple)
        }
        DataType::Reference(Reference::Named(reference)) => {
            let selected = select_phase_datatype(ty, types, phase);
            let NamedReferenceType::Reference { generics, .. } = &reference.inner else { return selected };
            let DataType::Reference(Reference::Named(chosen)) = &selected else { return selected };
            let Some(named) = types.get(chosen) else { return selected };
            let arguments = generics.iter().map(|(name, ty)| (name.clone(), select(ty, types, phase))).collect();
            named.reference(arguments).into()
        }
        ty => select_phase_datatype(ty, types, phase),
    }
}
