//! Markdown without its marks.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{
    Document, Limits, ReadError,
    draft::{self, Draft, Gap},
    encoding,
};

/// Reads Markdown: a section for each heading, code as it is, lists and tables as text.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let text = encoding::decode(bytes, None)?;
    encoding::refuse_binary(&text)?;
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader::new(limits);
    for event in Parser::new_ext(&text, options) {
        reader.event(event)?;
    }
    reader.flush()?;
    reader.draft.finish(reader.title.as_deref())
}

struct Reader<'a> {
    draft: Draft<'a>,
    limits: &'a Limits,
    title: Option<String>,
    depth: usize,
    /// The block that is being read.
    block: String,
    gap: Gap,
    /// The number of the next item of each open list; none where there are bullets.
    lists: Vec<Option<u64>>,
    /// What begins the first block of an item.
    marker: String,
    cells: Vec<String>,
}

impl<'a> Reader<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self {
            draft: Draft::new(limits),
            limits,
            title: None,
            depth: 0,
            block: String::new(),
            gap: Gap::Paragraph,
            lists: Vec::new(),
            marker: String::new(),
            cells: Vec::new(),
        }
    }

    fn event(&mut self, event: Event<'_>) -> Result<(), ReadError> {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                if self.depth > self.limits.depth {
                    return Err(ReadError::TooDeep { limit: self.limits.depth });
                }
                return self.start(tag);
            }
            Event::End(tag) => {
                self.depth -= 1;
                return self.end(tag);
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) => self.block.push_str(&text),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.block.push_str(&text),
            Event::InlineHtml(tag) if is_line_break(&tag) => self.block.push('\n'),
            Event::InlineHtml(_) => {}
            Event::FootnoteReference(label) => self.block.extend(["[", &label, "]"]),
            Event::SoftBreak => self.block.push(' '),
            Event::HardBreak => self.block.push('\n'),
            Event::Rule => return self.flush(),
            Event::TaskListMarker(is_done) => self.block.push_str(if is_done { "[x] " } else { "[ ] " }),
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag<'_>) -> Result<(), ReadError> {
        match tag {
            Tag::List(first) => {
                self.flush()?;
                self.gap = if self.lists.is_empty() { Gap::Paragraph } else { Gap::Line };
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush()?;
                self.marker = draft::marker(&mut self.lists);
            }
            Tag::FootnoteDefinition(label) => {
                self.flush()?;
                self.marker = format!("[{label}] ");
            }
            Tag::Table(_) => {
                self.flush()?;
                self.gap = Gap::Paragraph;
            }
            Tag::Paragraph | Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.flush()?;
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) -> Result<(), ReadError> {
        match tag {
            TagEnd::Heading(level) => {
                let heading = std::mem::take(&mut self.block);
                self.gap = Gap::Paragraph;
                return self.draft.heading(number(level), &heading);
            }
            TagEnd::HtmlBlock => {
                let html = std::mem::take(&mut self.block);
                self.block = without_tags(&html);
                return self.flush();
            }
            TagEnd::MetadataBlock(_) => {
                let metadata = std::mem::take(&mut self.block);
                self.title = metadata.lines().find_map(title);
            }
            TagEnd::List(_) => {
                self.flush()?;
                self.lists.pop();
                self.gap = if self.lists.is_empty() { Gap::Paragraph } else { Gap::Line };
            }
            TagEnd::TableCell => self.cells.push(std::mem::take(&mut self.block)),
            TagEnd::TableHead | TagEnd::TableRow => {
                self.block = std::mem::take(&mut self.cells).join(" | ");
                self.flush()?;
                self.gap = Gap::Line;
            }
            TagEnd::Table => self.gap = Gap::Paragraph,
            TagEnd::Paragraph
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::Item
            | TagEnd::FootnoteDefinition => return self.flush(),
            _ => {}
        }
        Ok(())
    }

    /// Ends the block, if there is one.
    fn flush(&mut self) -> Result<(), ReadError> {
        if self.block.trim().is_empty() {
            self.block.clear();
            return Ok(());
        }
        let mut block = std::mem::take(&mut self.marker);
        block.push_str(&self.block);
        self.block.clear();
        self.draft.block(self.gap, &block)?;
        self.gap = if self.lists.is_empty() { Gap::Paragraph } else { Gap::Line };
        Ok(())
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The title in a line of metadata.
fn title(line: &str) -> Option<String> {
    let value = line.strip_prefix("title:")?.trim();
    let unquoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    Some(unquoted.unwrap_or(value).to_owned())
}

fn is_line_break(tag: &str) -> bool {
    let name = tag.trim_start_matches('<').trim_end_matches(['>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}

/// What stands between the tags of a block of HTML; nothing of scripts, styles and comments.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        if !tag.starts_with(|char: char| char.is_ascii_alphabetic() || matches!(char, '/' | '!' | '?')) {
            text.push('<');
            rest = tag;
            continue;
        }
        let end = match tag {
            _ if tag.starts_with("!--") => "-->",
            _ if starts_with_name(tag, "script") => "</script>",
            _ if starts_with_name(tag, "style") => "</style>",
            _ => ">",
        };
        rest = match find_ignoring_case(tag, end) {
            Some(at) => &tag[at + end.len()..],
            // No tag after all, and neither is what follows.
            None if end == ">" => {
                text.push('<');
                rest = tag;
                break;
            }
            None => "",
        };
    }
    text.push_str(rest);
    text
}

fn starts_with_name(tag: &str, name: &str) -> bool {
    tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

fn find_ignoring_case(text: &str, pattern: &str) -> Option<usize> {
    text.as_bytes().windows(pattern.len()).position(|window| window.eq_ignore_ascii_case(pattern.as_bytes()))
}
