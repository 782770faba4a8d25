//! JSON as a tree whose leaves keep their spelling, so that no digit of a number is lost.

use std::{borrow::Cow, collections::HashMap, ops::Deref};

/// Deeper values are refused, as serde_json refuses them.
pub(super) const MAX_DEPTH: usize = 128;

/// A JSON value, or what superjson makes of one.
#[derive(Debug, Clone)]
pub(crate) enum Tree<'a> {
    /// A text with its quotes, a number, `true`, `false` or `null`.
    Leaf(Cow<'a, str>),
    Array(Vec<Tree<'a>>),
    Object(Members<'a>),
    /// A JavaScript `Map`: an array of pairs.
    Map(Vec<Tree<'a>>),
    /// Left out of objects, and null elsewhere.
    Undefined,
}

/// The members of an object in their order.
#[derive(Debug, Clone)]
pub(crate) struct Members<'a> {
    list: Vec<(String, Tree<'a>)>,
    /// Where each name is, the last of equal ones; left out where looking through the list is as fast.
    places: HashMap<String, usize>,
}

impl<'a> Members<'a> {
    fn new(list: Vec<(String, Tree<'a>)>) -> Self {
        let places = match list.len() {
            0..=8 => HashMap::new(),
            _ => list.iter().enumerate().map(|(place, (name, _))| (name.clone(), place)).collect(),
        };
        Self { list, places }
    }

    fn place(&self, name: &str) -> Option<usize> {
        match self.places.is_empty() {
            true => self.list.iter().rposition(|(known, _)| known == name),
            false => self.places.get(name).copied(),
        }
    }
}

impl<'a> Deref for Members<'a> {
    type Target = [(String, Tree<'a>)];

    fn deref(&self) -> &Self::Target {
        &self.list
    }
}

/// The index that a key spells, in the one way that JavaScript spells it.
fn index(key: &str) -> Option<usize> {
    key.parse::<usize>().ok().filter(|index| index.to_string() == key)
}

impl<'a> Tree<'a> {
    /// Reads a text that is known to be JSON; `None` if it is deeper than anybody needs.
    pub(crate) fn parse(json: &'a str) -> Option<Self> {
        let mut reader = Reader { json, position: 0 };
        reader.value(0)
    }

    /// The text of a string; `None` for everything else.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Leaf(leaf) if leaf.starts_with('"') => serde_json::from_str(leaf).ok(),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Leaf(leaf) if leaf == "null")
    }

    /// The member `key` of an object, or the element at the index that `key` spells.
    pub(super) fn child(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.place(key).map(|place| &members.list[place].1),
            Self::Array(elements) | Self::Map(elements) => elements.get(index(key)?),
            Self::Leaf(_) | Self::Undefined => None,
        }
    }

    /// As [`Tree::child`], to be changed.
    pub(super) fn child_mut(&mut self, key: &str) -> Option<&mut Self> {
        match self {
            Self::Object(members) => members.place(key).map(|place| &mut members.list[place].1),
            Self::Array(elements) | Self::Map(elements) => elements.get_mut(index(key)?),
            Self::Leaf(_) | Self::Undefined => None,
        }
    }

    /// Whether any object in it has a key twice.
    pub(crate) fn has_duplicates(&self) -> bool {
        match self {
            Self::Leaf(_) | Self::Undefined => false,
            Self::Array(elements) | Self::Map(elements) => elements.iter().any(Self::has_duplicates),
            Self::Object(members) => members
                .iter()
                .enumerate()
                .any(|(place, (name, value))| members.place(name) != Some(place) || value.has_duplicates()),
        }
    }

    /// How deep its values are nested.
    pub(super) fn depth(&self) -> usize {
        1 + match self {
            Self::Leaf(_) | Self::Undefined => 0,
            Self::Array(elements) | Self::Map(elements) => elements.iter().map(Self::depth).max().unwrap_or(0),
            Self::Object(members) => members.iter().map(|(_, value)| value.depth()).max().unwrap_or(0),
        }
    }

    /// How many values it consists of.
    pub(super) fn size(&self) -> usize {
        1 + match self {
            Self::Leaf(_) | Self::Undefined => 0,
            Self::Array(elements) | Self::Map(elements) => elements.iter().map(Self::size).sum(),
            Self::Object(members) => members.iter().map(|(_, value)| value.size()).sum::<usize>(),
        }
    }

    /// Writes it as the JSON that serde reads.
    ///
    /// A `Map` becomes an object if its keys can be those of one, and stays an array of pairs otherwise.
    pub(crate) fn write(&self, json: &mut String) {
        match self {
            Self::Leaf(leaf) => json.push_str(leaf),
            Self::Undefined => json.push_str("null"),
            Self::Array(elements) => write_list(json, elements),
            Self::Object(members) => {
                json.push('{');
                let mut separator = "";
                for (place, (name, value)) in members.iter().enumerate() {
                    // The last of equal names counts.
                    if matches!(value, Self::Undefined) || members.place(name) != Some(place) {
                        continue;
                    }
                    json.push_str(separator);
                    push_text(json, name);
                    json.push(':');
                    value.write(json);
                    separator = ",";
                }
                json.push('}');
            }
            Self::Map(pairs) => match pairs.iter().map(member).collect::<Option<Vec<_>>>() {
                None => write_list(json, pairs),
                Some(members) => {
                    json.push('{');
                    let mut separator = "";
                    for (name, value) in members {
                        json.push_str(separator);
                        json.push_str(&name);
                        json.push(':');
                        value.write(json);
                        separator = ",";
                    }
                    json.push('}');
                }
            },
        }
    }
}

/// Writes a text with its quotes.
pub(super) fn push_text(json: &mut String, text: &str) {
    json.push_str(&serde_json::Value::from(text).to_string());
}

fn write_list(json: &mut String, elements: &[Tree<'_>]) {
    json.push('[');
    let mut separator = "";
    for element in elements {
        json.push_str(separator);
        element.write(json);
        separator = ",";
    }
    json.push(']');
}

/// A pair as a member of an object: the key with its quotes, and the value.
fn member<'a, 'b>(pair: &'b Tree<'a>) -> Option<(Cow<'b, str>, &'b Tree<'a>)> {
    let Tree::Array(pair) = pair else { return None };
    let [Tree::Leaf(key), value] = pair.as_slice() else { return None };
    match key.as_ref() {
        "null" => None,
        text if text.starts_with('"') => Some((Cow::Borrowed(text), value)),
        number_or_bool => Some((Cow::Owned(format!("\"{number_or_bool}\"")), value)),
    }
}

struct Reader<'a> {
    json: &'a str,
    position: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Tree<'a>> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'[' => {
                let mut elements = Vec::new();
                self.position += 1;
                while self.peek()? != b']' {
                    elements.push(self.value(depth + 1)?);
                    self.skip_comma()?;
                }
                self.position += 1;
                Some(Tree::Array(elements))
            }
            b'{' => {
                let mut members = Vec::new();
                self.position += 1;
                while self.peek()? != b'}' {
                    let name = serde_json::from_str(self.leaf()?).ok()?;
                    if self.peek()? != b':' {
                        return None;
                    }
                    self.position += 1;
                    members.push((name, self.value(depth + 1)?));
                    self.skip_comma()?;
                }
                self.position += 1;
                Some(Tree::Object(Members::new(members)))
            }
            _ => Some(Tree::Leaf(Cow::Borrowed(self.leaf()?))),
        }
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.json.as_bytes().get(self.position..)?;
        self.position += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.json.as_bytes().get(self.position).copied()
    }

    fn skip_comma(&mut self) -> Option<()> {
        if self.peek()? == b',' {
            self.position += 1;
        }
        Some(())
    }

    fn leaf(&mut self) -> Option<&'a str> {
        let is_text = self.peek()? == b'"';
        let rest = &self.json.as_bytes()[self.position..];
        let length = if is_text {
            let mut escaped = false;
            let end = rest.iter().skip(1).position(|byte| {
                let ends = *byte == b'"' && !escaped;
                escaped = *byte == b'\\' && !escaped;
                ends
            });
            end? + 2
        } else {
            rest.iter()
                .take_while(|byte| !matches!(byte, b',' | b']' | b'}' | b':') && !byte.is_ascii_whitespace())
                .count()
        };
        let leaf = self.json.get(self.position..self.position + length).filter(|leaf| !leaf.is_empty())?;
        self.position += length;
        Some(leaf)
    }
}
