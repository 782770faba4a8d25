//! The tree of elements as far as their text needs it, built by html5ever.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    rc::Rc,
};

use ego_tree::{NodeId, NodeMut, NodeRef, Tree};
use html5ever::{
    Attribute, ParseOpts, QualName,
    interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink},
    parse_document,
    tendril::{StrTendril, TendrilSink},
};

use crate::ReadError;

/// So much is parsed between two looks at how deep the tree is.
const PIECE: usize = 4 << 10;

/// A node of a parsed page.
#[derive(Debug)]
pub(super) enum Node {
    /// The page, or something without text.
    Other,
    Text(StrTendril),
    Element(Element),
}

#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: Rc<QualName>,
    /// Whether its author hides it from readers.
    pub(super) is_hidden: bool,
    /// What stands for an image.
    pub(super) alternative: Option<StrTendril>,
    depth: usize,
}

/// Parses a page as browsers do, whose elements are nested no deeper than allowed.
///
/// The parser looks through the open elements at every tag, so a page of many would take forever: it stops at once.
pub(super) fn parse(html: &str, depth: usize) -> Result<Tree<Node>, ReadError> {
    let sink = Sink { tree: RefCell::new(Tree::new(Node::Other)), most: depth, is_too_deep: Cell::new(false) };
    let mut parser = parse_document(sink, ParseOpts::default());
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        parser.process(StrTendril::from_slice(piece));
        rest = after;
        if parser.tokenizer.sink.sink.is_too_deep.get() {
            return Err(ReadError::TooDeep { limit: depth });
        }
    }
    let sink = parser.finish();
    match sink.is_too_deep.get() {
        true => Err(ReadError::TooDeep { limit: depth }),
        false => Ok(sink.tree.into_inner()),
    }
}

struct Sink {
    tree: RefCell<Tree<Node>>,
    most: usize,
    is_too_deep: Cell<bool>,
}

/// A node, and the name that the parser asks for again and again.
#[derive(Debug, Clone)]
struct Handle {
    id: NodeId,
    name: Option<Rc<QualName>>,
}

impl Sink {
    fn with<T>(&self, id: NodeId, change: impl FnOnce(NodeMut<'_, Node>) -> T) -> T {
        let mut tree = self.tree.borrow_mut();
        change(tree.get_mut(id).expect("nodes are never removed from the tree"))
    }

    fn orphan(&self, node: Node) -> Handle {
        let name = match &node {
            Node::Element(element) => Some(Rc::clone(&element.name)),
            Node::Other | Node::Text(_) => None,
        };
        Handle { id: self.tree.borrow_mut().orphan(node).id(), name }
    }

    /// Notes how deep an element is, once it has its place.
    fn place(&self, id: NodeId) {
        self.with(id, |mut node| {
            let parent = node.parent().map_or(0, |mut parent| depth(parent.value()));
            if let Node::Element(element) = node.value() {
                element.depth = parent + 1;
                if element.depth > self.most {
                    self.is_too_deep.set(true);
                }
            }
        });
    }
}

fn depth(node: &Node) -> usize {
    match node {
        Node::Element(element) => element.depth,
        Node::Other | Node::Text(_) => 0,
    }
}

/// Adds a text to one that stands before it.
fn extend(previous: Option<NodeMut<'_, Node>>, text: &StrTendril) -> bool {
    match previous {
        Some(mut previous) => match previous.value() {
            Node::Text(before) => {
                before.push_tendril(text);
                true
            }
            Node::Other | Node::Element(_) => false,
        },
        None => false,
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { id: self.tree.borrow().root().id(), name: None }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        target.name.as_deref().expect("the parser asks elements only")
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        let is_image = &*name.local == "img";
        let is_hidden = attributes.iter().any(hides);
        let alternative = attributes.into_iter().find(|attribute| is_image && &*attribute.name.local == "alt");
        let alternative = alternative.map(|attribute| attribute.value);
        self.orphan(Node::Element(Element { name: Rc::new(name), is_hidden, alternative, depth: 0 }))
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.orphan(Node::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.orphan(Node::Other)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendNode(child) => {
                self.with(parent.id, |mut parent| parent.append_id(child.id).id());
                self.place(child.id);
            }
            NodeOrText::AppendText(text) => self.with(parent.id, |mut parent| {
                if !extend(parent.last_child(), &text) {
                    parent.append(Node::Text(text));
                }
            }),
        }
    }

    fn append_before_sibling(&self, sibling: &Handle, new: NodeOrText<Handle>) {
        match new {
            NodeOrText::AppendNode(new) => {
                self.with(new.id, |mut new| new.detach());
                self.with(sibling.id, |mut sibling| sibling.insert_id_before(new.id).id());
                self.place(new.id);
            }
            NodeOrText::AppendText(text) => self.with(sibling.id, |mut sibling| {
                if !extend(sibling.prev_sibling(), &text) {
                    sibling.insert_before(Node::Text(text));
                }
            }),
        }
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if self.with(element.id, |mut element| element.parent().is_some()) {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// What is in templates is not shown: it goes where nobody looks.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        self.with(target.id, |mut target| target.detach());
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.with(new_parent.id, |mut parent| parent.reparent_from_id_append(node.id));
    }
}

/// Whether an attribute hides its element.
fn hides(attribute: &Attribute) -> bool {
    match &*attribute.name.local {
        "hidden" => true,
        "aria-hidden" => attribute.value.trim().eq_ignore_ascii_case("true"),
        "style" => {
            let style: String = attribute.value.chars().filter(|char| !char.is_whitespace()).collect();
            let style = style.to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        }
        _ => false,
    }
}

/// The element at a node, if it is one.
pub(super) fn element<'a>(node: &NodeRef<'a, Node>) -> Option<&'a Element> {
    match node.value() {
        Node::Element(element) => Some(element),
        Node::Other | Node::Text(_) => None,
    }
}
