//! Where the name of a type stands in its source.

use std::{collections::HashMap, fs, path::Path};

use specta::datatype::NamedDataType;

/// The sources that types were found in.
///
/// The compiler tells where `#[derive(Type)]` stands; the name that a reader looks for comes a few lines later.
pub(super) struct TypeSources<'a> {
    folder: Option<&'a Path>,
    files: HashMap<&'static str, Vec<String>>,
}

impl<'a> TypeSources<'a> {
    /// Reads sources in `folder`, which the compiler's paths are relative to.
    pub(super) fn new(folder: Option<&'a Path>) -> Self {
        Self { folder, files: HashMap::new() }
    }

    /// Line and column of the type's name, from 1, or of its derive if the name is not found.
    pub(super) fn position(&mut self, named: &NamedDataType) -> (u32, u32) {
        let derive = (named.location.line(), named.location.column());
        let Some(folder) = self.folder else { return derive };
        let file = named.location.file();
        let lines = self.files.entry(file).or_insert_with(|| {
            let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
            text.lines().map(str::to_owned).collect()
        });
        let before = usize::try_from(derive.0).expect("a line number fits") - 1;
        let found = lines.iter().enumerate().skip(before).find_map(|(index, line)| Some((index, name_column(line)?)));
        match found {
            Some((index, column)) => {
                (u32::try_from(index + 1).unwrap_or(derive.0), u32::try_from(column + 1).unwrap_or(derive.1))
            }
            None => derive,
        }
    }
}

/// Where the name begins in a line that declares a type.
fn name_column(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start().len();
    let mut rest = &line[indent..];
    if let Some(after) = rest.strip_prefix("pub") {
        // `pub(crate) `, `pub(in path) ` or `pub `.
        rest = match after.strip_prefix('(') {
            Some(scope) => scope.split_once(')')?.1.trim_start(),
            None => after.trim_start(),
        };
    }
    let name = rest.strip_prefix("struct ").or_else(|| rest.strip_prefix("enum "))?.trim_start();
    Some(line.len() - name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_follows_struct_and_enum() {
        assert_eq!(name_column("pub struct Widget {"), Some(11));
        assert_eq!(name_column("    pub(in super::super) enum Event {"), Some(30));
        assert_eq!(name_column("        pub struct $name(Uuid);"), Some(19));
        assert_eq!(name_column("struct Bare;"), Some(7));
        assert_eq!(name_column("#[derive(Debug, Type)]"), None);
        assert_eq!(name_column("/// A struct of its own."), None);
        assert_eq!(name_column("pub structure: u8,"), None);
    }
}
