//! Names of procedures where a dot may not be.

use std::collections::HashSet;

use super::Procedure;

/// `widgets_list` for `widgets.list`: letters, digits and `_` only, unique, and at most `longest` bytes.
pub(super) fn flat_names(procedures: &[Procedure], longest: usize) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut unique = |path: &str| {
        let flat = path.replace('.', "_");
        let fit = |suffix: &str| {
            let room = longest.saturating_sub(suffix.len());
            // Paths are made of ASCII letters, digits, `_` and dots; anything else is not cut in the middle.
            format!("{}{suffix}", &flat[..flat.floor_char_boundary(room)])
        };
        let others = (2..).map(|number| fit(&format!("_{number}")));
        let name = std::iter::once(fit(""))
            .chain(others)
            .find(|name| !taken.contains(name))
            .expect("there are more numbers than procedures");
        taken.insert(name.clone());
        name
    };
    procedures.iter().map(|procedure| unique(&procedure.path)).collect()
}
