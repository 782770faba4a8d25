//! Paths as superjson writes them: keys joined by dots.

/// The keys of a path; since version 1 a backslash in a key is written twice.
pub(super) fn split(path: &str, is_escaped: bool) -> impl Iterator<Item = String> + use<> {
    let mut keys = vec![String::new()];
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        let key = keys.last_mut().expect("never empty");
        match (character, characters.peek()) {
            ('\\', Some('.')) => {
                key.push('.');
                characters.next();
            }
            ('\\', Some('\\')) if is_escaped => {
                key.push('\\');
                characters.next();
            }
            ('.', _) => keys.push(String::new()),
            (other, _) => key.push(other),
        }
    }
    keys.into_iter()
}

/// Appends a key to a path, which is empty at the root.
pub(super) fn join(path: &str, key: &str) -> String {
    let key = key.replace('\\', "\\\\").replace('.', "\\.");
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
