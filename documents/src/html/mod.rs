//! HTML as a reader sees it.

mod tree;

use ego_tree::{NodeId, iter::Edge};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use self::tree::{Element, Node};
use crate::{
    Document, Limits, ReadError,
    draft::{self, Draft, Gap},
    encoding,
};

/// How far into a page its encoding is looked for, as the HTML standard says.
const ENCODING_WITHIN: usize = 1_024;

/// Reads a page: a section for each heading, and nothing of what is hidden or only there to be clicked.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let html = encoding::decode(bytes, named_encoding(bytes))?;
    let tree = tree::parse(&html, limits.depth)?;
    let mut page = Page::new(limits);
    for edge in tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) => page.text(text),
                Node::Element(element) => page.open(node.id(), element)?,
                Node::Other => {}
            },
            Edge::Close(node) => {
                if let Some(element) = tree::element(&node) {
                    page.close(node.id(), element)?;
                }
            }
        }
    }
    page.flush(Gap::Paragraph)?;
    page.draft.finish(page.title.as_deref())
}

struct Page<'a> {
    draft: Draft<'a>,
    title: Option<String>,
    /// The element whose contents are left out.
    skipping: Option<NodeId>,
    in_title: bool,
    in_heading: bool,
    /// How many elements are open in which blanks count.
    preformatted: usize,
    /// The number of the next item of each open list; none where there are bullets.
    lists: Vec<Option<u64>>,
    /// The block that is being read.
    block: String,
    /// What begins it: the mark of an item.
    marker: String,
    gap: Gap,
}

/// What an element is to its text.
enum Kind {
    Skipped,
    Title,
    Heading(u8),
    List(Option<u64>),
    Item,
    Cell,
    Preformatted,
    Break,
    Image,
    Block(Gap),
    Inline,
}

impl<'a> Page<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self {
            draft: Draft::new(limits),
            title: None,
            skipping: None,
            in_title: false,
            in_heading: false,
            preformatted: 0,
            lists: Vec::new(),
            block: String::new(),
            marker: String::new(),
            gap: Gap::Line,
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipping.is_some() {
            return;
        }
        if self.in_title {
            self.title.get_or_insert_default().push_str(text);
        } else if self.preformatted > 0 {
            self.block.push_str(text);
        } else {
            collapse(&mut self.block, text);
        }
    }

    fn open(&mut self, id: NodeId, element: &Element) -> Result<(), ReadError> {
        if self.skipping.is_some() {
            return Ok(());
        }
        match kind(element) {
            Kind::Skipped => self.skipping = Some(id),
            Kind::Title if self.title.is_none() => self.in_title = true,
            Kind::Title => self.skipping = Some(id),
            Kind::Heading(_) => {
                self.flush(Gap::Paragraph)?;
                self.in_heading = true;
            }
            Kind::List(first) => {
                self.flush(Gap::Paragraph)?;
                self.lists.push(first);
            }
            Kind::Item => {
                self.flush(Gap::Line)?;
                self.marker = draft::marker(&mut self.lists);
            }
            Kind::Cell => {
                if !self.block.trim().is_empty() {
                    collapse(&mut self.block, " | ");
                }
            }
            Kind::Preformatted => {
                self.flush(Gap::Paragraph)?;
                self.preformatted += 1;
            }
            Kind::Break => self.block.push('\n'),
            Kind::Image => {
                if let Some(alternative) = &element.alternative {
                    collapse(&mut self.block, " ");
                    collapse(&mut self.block, alternative);
                    collapse(&mut self.block, " ");
                }
            }
            Kind::Block(gap) => self.flush(gap)?,
            Kind::Inline => {}
        }
        Ok(())
    }

    fn close(&mut self, id: NodeId, element: &Element) -> Result<(), ReadError> {
        if let Some(skipped) = self.skipping {
            if skipped == id {
                self.skipping = None;
            }
            return Ok(());
        }
        match kind(element) {
            Kind::Title => self.in_title = false,
            Kind::Heading(level) => {
                self.in_heading = false;
                let heading = std::mem::take(&mut self.block);
                self.marker.clear();
                self.draft.heading(level, &heading)?;
                self.gap = Gap::Paragraph;
            }
            Kind::List(_) => {
                self.flush(Gap::Line)?;
                self.lists.pop();
                self.flush(Gap::Paragraph)?;
            }
            Kind::Item => {
                self.flush(Gap::Line)?;
                self.marker.clear();
            }
            Kind::Preformatted => {
                self.flush(Gap::Paragraph)?;
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            Kind::Block(gap) => self.flush(gap)?,
            Kind::Skipped | Kind::Cell | Kind::Break | Kind::Image | Kind::Inline => {}
        }
        Ok(())
    }

    /// Ends the block, if there is one, and says how far the next is from it.
    fn flush(&mut self, gap: Gap) -> Result<(), ReadError> {
        // Lists stay together, whatever is in them.
        let gap = if self.lists.is_empty() { gap } else { Gap::Line };
        if self.in_heading {
            collapse(&mut self.block, " ");
            return Ok(());
        }
        if self.block.trim().is_empty() {
            self.block.clear();
            self.gap = self.gap.max(gap);
            return Ok(());
        }
        let mut block = std::mem::take(&mut self.marker);
        block.push_str(if self.preformatted > 0 { &self.block } else { self.block.trim() });
        self.block.clear();
        self.draft.block(self.gap, &block)?;
        self.gap = gap;
        Ok(())
    }
}

/// A text with all blanks in a row as one.
fn collapse(block: &mut String, text: &str) {
    for char in text.chars() {
        if !char.is_whitespace() {
            block.push(char);
        } else if !block.is_empty() && !block.ends_with([' ', '\n']) {
            block.push(' ');
        }
    }
}

fn kind(element: &Element) -> Kind {
    if element.is_hidden {
        return Kind::Skipped;
    }
    match &*element.name.local {
        "script" | "style" | "template" | "noscript" | "nav" | "iframe" | "noframes" | "noembed" | "object" | "svg"
        | "math" | "canvas" | "audio" | "video" | "map" | "button" | "select" | "datalist" | "textarea" | "dialog" => {
            Kind::Skipped
        }
        "title" => Kind::Title,
        "h1" => Kind::Heading(1),
        "h2" => Kind::Heading(2),
        "h3" => Kind::Heading(3),
        "h4" => Kind::Heading(4),
        "h5" => Kind::Heading(5),
        "h6" => Kind::Heading(6),
        "ul" | "menu" | "dir" => Kind::List(None),
        "ol" => Kind::List(Some(1)),
        "li" => Kind::Item,
        "td" | "th" => Kind::Cell,
        "pre" | "listing" | "xmp" | "plaintext" => Kind::Preformatted,
        "br" => Kind::Break,
        "img" => Kind::Image,
        "p" | "section" | "article" | "aside" | "main" | "header" | "footer" | "blockquote" | "figure" | "table"
        | "hr" | "form" | "fieldset" | "details" | "dl" | "hgroup" | "search" => Kind::Block(Gap::Paragraph),
        "html" | "body" | "div" | "tr" | "dt" | "dd" | "address" | "summary" | "figcaption" | "caption" | "legend"
        | "center" | "thead" | "tbody" | "tfoot" | "frameset" => Kind::Block(Gap::Line),
        _ => Kind::Inline,
    }
}

/// The encoding that a page names in its head.
fn named_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    const NAME: &[u8] = b"charset";
    let start = &bytes[..bytes.len().min(ENCODING_WITHIN)];
    let mut places = start.windows(NAME.len()).enumerate().filter(|(_, window)| window.eq_ignore_ascii_case(NAME));
    let encoding = places.find_map(|(at, _)| {
        let value = start[at + NAME.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
        let end = value
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\'' | b';' | b'>' | b'/') || byte.is_ascii_whitespace());
        Encoding::for_label(&value[..end?])
    })?;
    // Who could read this name does not read UTF-16.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}
