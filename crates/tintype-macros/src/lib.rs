//! The attribute and derive macros of tintype.
