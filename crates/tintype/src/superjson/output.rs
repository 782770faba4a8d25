//! Writes values in superjson's form: `{"json": …, "meta": …}`.

use std::borrow::Cow;

use super::{
    path,
    place::Place,
    shape::{Key, Member, Part, Plain, Shape},
    tree::{Tree, push_text},
};

/// One text in superjson's form, in which values of the contract may stand anywhere.
///
/// A result is one value; a JSON line is plain text around some.
#[derive(Debug, Default)]
pub(crate) struct Document {
    json: String,
    /// What the value as a whole is.
    root: Option<String>,
    /// What is inside of it: a path, and superjson's tree of types.
    inner: Vec<(String, String)>,
}

impl Document {
    /// Appends JSON about which there is nothing to say.
    pub(crate) fn plain(&mut self, json: &str) {
        self.json.push_str(json);
    }

    /// Appends a value that stands at `at`; `None` is `undefined`.
    pub(crate) fn value(&mut self, at: &[&str], value: Option<&[u8]>, place: &Place) {
        let at = at.iter().fold(String::new(), |path, key| path::join(&path, key));
        let text = value.map(String::from_utf8_lossy);
        let Some(text) = text.as_deref() else {
            self.json.push_str("null");
            return self.annotate(&at, Annotation::leaf("undefined"));
        };
        // Too deep to be looked into: it goes as it is.
        let Some((shape, part, tree)) = place.get().and_then(|(shape, part)| Some((shape, part, Tree::parse(text)?)))
        else {
            return self.json.push_str(text);
        };
        let annotation = Writer { shape, json: &mut self.json }.value(part, &tree);
        self.annotate(&at, annotation);
    }

    fn annotate(&mut self, at: &str, annotation: Annotation) {
        match annotation {
            Annotation { own: None, inner } => {
                self.inner.extend(inner.into_iter().map(|(path, types)| (joined(at, &path), types)));
            }
            annotation if at.is_empty() => self.root = Some(annotation.tree()),
            annotation => self.inner.push((at.to_owned(), annotation.tree())),
        }
    }

    /// The text.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut text = String::with_capacity(self.json.len() + 16);
        text.push_str("{\"json\":");
        text.push_str(&self.json);
        let values = match &self.root {
            Some(root) => Some(root.clone()),
            None if self.inner.is_empty() => None,
            None => Some(object(&self.inner)),
        };
        if let Some(values) = values {
            text.push_str(",\"meta\":{\"values\":");
            text.push_str(&values);
            text.push_str(",\"v\":1}");
        }
        text.push('}');
        text.into_bytes()
    }
}

/// What superjson says of one value.
#[derive(Debug, Default)]
struct Annotation {
    /// Its type, as JSON.
    own: Option<Cow<'static, str>>,
    /// What is inside of it: a path from here, and the tree there.
    inner: Vec<(String, String)>,
}

impl Annotation {
    fn leaf(name: &'static str) -> Self {
        Self { own: Some(Cow::Owned(format!("\"{name}\""))), inner: Vec::new() }
    }

    fn tree(&self) -> String {
        let own = self.own.as_deref().unwrap_or("null");
        if self.inner.is_empty() { format!("[{own}]") } else { format!("[{own},{}]", object(&self.inner)) }
    }

    /// Takes what was said of the value at `key`.
    fn take(&mut self, key: &str, of: Self) {
        let at = path::join("", key);
        match of {
            Self { own: None, inner } => {
                self.inner.extend(inner.into_iter().map(|(path, tree)| (joined(&at, &path), tree)));
            }
            of => self.inner.push((at, of.tree())),
        }
    }
}

fn joined(start: &str, rest: &str) -> String {
    if start.is_empty() { rest.to_owned() } else { format!("{start}.{rest}") }
}

fn object(members: &[(String, String)]) -> String {
    let mut json = String::from("{");
    for (index, (path, tree)) in members.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        push_text(&mut json, path);
        json.push(':');
        json.push_str(tree);
    }
    json.push('}');
    json
}

struct Writer<'a> {
    shape: &'a Shape,
    json: &'a mut String,
}

impl Writer<'_> {
    /// Writes `value`, and says of it what the contract knows; where they do not fit, the value goes as it is.
    fn value(&mut self, part: usize, value: &Tree<'_>) -> Annotation {
        let shape = self.shape;
        match (shape.part(part), value) {
            (Part::Nullable(inner), value) if !value.is_null() => return self.value(*inner, value),
            (Part::Union(variants), value) => {
                if let Some(variant) = variants.iter().find(|variant| fits(shape, **variant, value)) {
                    return self.value(*variant, value);
                }
            }
            (Part::Date, Tree::Leaf(leaf)) if leaf.starts_with('"') => {
                value.write(self.json);
                return Annotation::leaf("Date");
            }
            (Part::BigInt, Tree::Leaf(leaf))
                if leaf.starts_with(|first: char| first == '-' || first.is_ascii_digit()) =>
            {
                push_text(self.json, leaf);
                return Annotation::leaf("bigint");
            }
            (Part::Bytes, Tree::Array(_)) => {
                value.write(self.json);
                let own = Some(Cow::Borrowed("[\"typed-array\",\"Uint8Array\"]"));
                return Annotation { own, inner: Vec::new() };
            }
            (Part::Set(element), Tree::Array(elements)) => {
                let inner = self.list(elements, |_| Some(*element));
                return Annotation { own: Some(Cow::Borrowed("\"set\"")), inner: inner.inner };
            }
            (Part::List(element), Tree::Array(elements)) => return self.list(elements, |_| Some(*element)),
            (Part::Tuple(parts), Tree::Array(elements)) => {
                return self.list(elements, |index| parts.get(index).copied());
            }
            (Part::Map { key, value }, Tree::Object(members)) => return self.map(*key, *value, members),
            (Part::Object(_) | Part::Merged(_), Tree::Object(members)) => {
                let mut described = Vec::new();
                collect_members(shape, part, value, &mut described);
                return self.object(&described, members);
            }
            _ => {}
        }
        value.write(self.json);
        Annotation::default()
    }

    fn list(&mut self, elements: &[Tree<'_>], part: impl Fn(usize) -> Option<usize>) -> Annotation {
        let mut annotation = Annotation::default();
        self.json.push('[');
        for (index, element) in elements.iter().enumerate() {
            if index > 0 {
                self.json.push(',');
            }
            match part(index) {
                Some(part) => {
                    let of = self.value(part, element);
                    annotation.take(&index.to_string(), of);
                }
                None => element.write(self.json),
            }
        }
        self.json.push(']');
        annotation
    }

    fn map(&mut self, keys: Key, part: usize, members: &[(String, Tree<'_>)]) -> Annotation {
        let mut annotation = Annotation { own: Some(Cow::Borrowed("\"map\"")), inner: Vec::new() };
        self.json.push('[');
        for (index, (key, value)) in members.iter().enumerate() {
            self.json.push_str(if index > 0 { ",[" } else { "[" });
            let mut pair = Annotation::default();
            match keys {
                Key::Number => self.json.push_str(key),
                Key::Text => push_text(self.json, key),
                Key::BigInt => {
                    push_text(self.json, key);
                    pair.take("0", Annotation::leaf("bigint"));
                }
            }
            self.json.push(',');
            let of = self.value(part, value);
            pair.take("1", of);
            annotation.take(&index.to_string(), pair);
            self.json.push(']');
        }
        self.json.push(']');
        annotation
    }

    fn object(&mut self, described: &[&Member], members: &[(String, Tree<'_>)]) -> Annotation {
        let mut annotation = Annotation::default();
        self.json.push('{');
        let mut separator = "";
        for (name, value) in members {
            self.json.push_str(separator);
            separator = ",";
            push_text(self.json, name);
            self.json.push(':');
            match described.iter().find(|member| member.name == *name) {
                Some(member) => {
                    let of = self.value(member.part, value);
                    annotation.take(name, of);
                }
                None => value.write(self.json),
            }
        }
        let absent = |member: &&&Member| member.optional && !members.iter().any(|(name, _)| *name == member.name);
        for member in described.iter().filter(absent) {
            self.json.push_str(separator);
            separator = ",";
            push_text(self.json, &member.name);
            self.json.push_str(":null");
            annotation.take(&member.name, Annotation::leaf("undefined"));
        }
        self.json.push('}');
        annotation
    }
}

/// The members that an object may have, those of all that is merged into it.
fn collect_members<'a>(shape: &'a Shape, part: usize, value: &Tree<'_>, members: &mut Vec<&'a Member>) {
    match shape.part(part) {
        Part::Object(own) => members.extend(own),
        Part::Merged(parts) => parts.iter().for_each(|part| collect_members(shape, *part, value, members)),
        Part::Union(variants) => {
            if let Some(variant) = variants.iter().find(|variant| fits(shape, **variant, value)) {
                collect_members(shape, *variant, value, members);
            }
        }
        _ => {}
    }
}

/// Whether a value is of a type, as far as a union needs to know.
fn fits(shape: &Shape, part: usize, value: &Tree<'_>) -> bool {
    match (shape.part(part), value) {
        (Part::Plain(Plain::Anything), _) => true,
        (Part::Nullable(inner), value) => value.is_null() || fits(shape, *inner, value),
        (Part::Union(variants), value) => variants.iter().any(|variant| fits(shape, *variant, value)),
        (Part::Merged(parts), value) => parts.iter().all(|part| fits(shape, *part, value)),
        (Part::Literal(literal), value) => value.text().as_ref() == Some(literal),
        (Part::Plain(Plain::Null), value) => value.is_null(),
        (Part::Plain(Plain::Text) | Part::Date, Tree::Leaf(leaf)) => leaf.starts_with('"'),
        (Part::Plain(Plain::Bool), Tree::Leaf(leaf)) => matches!(leaf.as_ref(), "true" | "false"),
        // A double that is not finite is null.
        (Part::Plain(Plain::Number), Tree::Leaf(leaf)) => !leaf.starts_with(['"', 't', 'f']),
        (Part::BigInt, Tree::Leaf(leaf)) => leaf.starts_with(|first: char| first == '-' || first.is_ascii_digit()),
        (Part::Bytes, Tree::Array(elements)) => {
            elements.iter().all(|element| matches!(element, Tree::Leaf(leaf) if leaf.parse::<u8>().is_ok()))
        }
        (Part::Set(element) | Part::List(element), Tree::Array(elements)) => {
            elements.iter().all(|value| fits(shape, *element, value))
        }
        (Part::Tuple(parts), Tree::Array(elements)) => {
            parts.len() == elements.len() && parts.iter().zip(elements).all(|(part, value)| fits(shape, *part, value))
        }
        (Part::Map { value, .. }, Tree::Object(members)) => {
            members.iter().all(|(_, member)| fits(shape, *value, member))
        }
        (Part::Object(described), Tree::Object(_)) => described.iter().all(|member| match value.child(&member.name) {
            Some(value) => fits(shape, member.part, value),
            None => member.optional,
        }),
        _ => false,
    }
}
