//! Where the names of types and fields stand in their sources.

use std::{collections::HashMap, fs, path::Path};

use specta::datatype::NamedDataType;

use super::Source;

/// The sources that types were found in, each read once.
///
/// The compiler tells where `#[derive(Type)]` stands; the name that a reader looks for comes a few lines later, and of
/// fields it tells nothing.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    folder: Option<&'a Path>,
    files: HashMap<String, Vec<String>>,
}

impl<'a> Sources<'a> {
    /// Reads sources in `folder`, which the compiler's paths are relative to.
    pub(crate) fn new(folder: Option<&'a Path>) -> Self {
        Self { folder, files: HashMap::new() }
    }

    /// Line and column of the type's name, from 1, or of its derive if the name is not found.
    pub(super) fn of_type(&mut self, named: &NamedDataType) -> (u32, u32) {
        let derive = (named.location.line(), named.location.column());
        let Some(lines) = self.lines(named.location.file()) else { return derive };
        let before = usize::try_from(derive.0).expect("a line number fits") - 1;
        let found = lines.iter().enumerate().skip(before).find_map(|(index, line)| Some((index, name_column(line)?)));
        match found {
            Some((index, column)) => {
                (u32::try_from(index + 1).unwrap_or(derive.0), u32::try_from(column + 1).unwrap_or(derive.1))
            }
            None => derive,
        }
    }

    /// Where the field that is called `name` on the wire stands in the type at `source`.
    pub(crate) fn of_field(&mut self, source: &Source, name: &str) -> Option<Source> {
        let lines = self.lines(&source.file)?;
        let plain = |name: &str| name.chars().filter(|c| *c != '_').collect::<String>().to_lowercase();
        let wanted = plain(name);
        let start = usize::try_from(source.line).ok()?;
        for (index, line) in lines.iter().enumerate().skip(start) {
            // The end of the type, unless it is indented.
            if line.starts_with('}') {
                return None;
            }
            let text = line.trim_start();
            let visible = text.strip_prefix("pub ").or_else(|| Some(text.strip_prefix("pub(")?.split_once(") ")?.1));
            let field = visible.unwrap_or(text);
            let Some((field, _)) = field.split_once(':') else { continue };
            if plain(field.trim_start_matches("r#")) == wanted {
                let column = line.find(field)? + 1;
                return Some(Source {
                    file: source.file.clone(),
                    line: u32::try_from(index + 1).ok()?,
                    column: u32::try_from(column).ok()?,
                });
            }
        }
        None
    }

    /// `None` if nobody said where sources are.
    fn lines(&mut self, file: &str) -> Option<&[String]> {
        let folder = self.folder?;
        if !self.files.contains_key(file) {
            let text = fs::read_to_string(folder.join(file)).unwrap_or_default();
            self.files.insert(file.to_owned(), text.lines().map(str::to_owned).collect());
        }
        self.files.get(file).map(Vec::as_slice)
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
