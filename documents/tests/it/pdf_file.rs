//! PDFs, written for the tests.

use std::io::Write;

use flate2::{Compress, Compression, FlushCompress};
use pdf_extract::{Document, EncryptionState, EncryptionVersion, Object, ObjectId, Permissions, Stream, dictionary};

/// A PDF while it is written.
pub(crate) struct PdfFile {
    pub(crate) document: Document,
    pages: ObjectId,
    resources: ObjectId,
    kids: Vec<Object>,
}

impl PdfFile {
    pub(crate) fn new() -> Self {
        let mut document = Document::with_version("1.5");
        let pages = document.new_object_id();
        let font = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding",
        });
        let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
        Self { document, pages, resources, kids: Vec::new() }
    }

    /// With parts that draw others twice, forty times over, and in them nothing.
    pub(crate) fn that_takes_ages() -> Vec<u8> {
        let mut file = Self::new();
        let form = || dictionary! { "Type" => "XObject", "Subtype" => "Form" };
        let mut inner = file.document.add_object(Stream::new(form(), Vec::new()));
        for _ in 0..40 {
            let mut form = form();
            form.set("Resources", dictionary! { "XObject" => dictionary! { "Fm" => inner } });
            inner = file.document.add_object(Stream::new(form, b"/Fm Do /Fm Do".to_vec()));
        }
        let resources = file.document.get_dictionary_mut(file.resources).unwrap();
        resources.set("XObject", dictionary! { "Fm" => inner });
        file.page(Stream::new(dictionary! {}, b"/Fm Do".to_vec()));
        file.finish()
    }

    /// With a page of these lines for each of the texts.
    pub(crate) fn of(pages: &[&str]) -> Self {
        let mut file = Self::new();
        for text in pages {
            let lines: String = text.lines().map(|line| format!("({line}) Tj T*\n")).collect();
            file.page(Stream::new(dictionary! {}, format!("BT /F1 12 Tf 14 TL 50 700 Td\n{lines}ET").into_bytes()));
        }
        file
    }

    pub(crate) fn page(&mut self, content: Stream) {
        let content = self.document.add_object(content);
        let page = self.document.add_object(dictionary! {
            "Type" => "Page", "Parent" => self.pages, "Contents" => content, "Resources" => self.resources,
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        });
        self.kids.push(page.into());
    }

    /// Gives all pages something that they can draw.
    pub(crate) fn drawing(&mut self, name: &str, stream: Stream) -> ObjectId {
        let id = self.document.add_object(stream);
        let resources = self.document.get_dictionary_mut(self.resources).unwrap();
        resources.set("XObject", dictionary! { name => id });
        id
    }

    /// Lists the pages again and again.
    pub(crate) fn repeat_pages(&mut self, times: usize) {
        self.kids = std::iter::repeat_n(&self.kids, times).flatten().cloned().collect();
    }

    pub(crate) fn titled(&mut self, title: Object) {
        let info = self.document.add_object(dictionary! { "Title" => title });
        self.document.trailer.set("Info", info);
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.close();
        self.bytes()
    }

    /// Readable without a password if that of its user is empty.
    pub(crate) fn encrypted(mut self, user_password: &str) -> Vec<u8> {
        self.close();
        let id = Object::string_literal("0123456789abcdef");
        self.document.trailer.set("ID", vec![id.clone(), id]);
        let version = EncryptionVersion::V2 {
            document: &self.document,
            owner_password: "owner",
            user_password,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        self.document.encrypt(&state).unwrap();
        self.bytes()
    }

    fn close(&mut self) {
        let count = i64::try_from(self.kids.len()).unwrap();
        let kids = std::mem::take(&mut self.kids);
        let pages = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
        self.document.objects.insert(self.pages, pages.into());
        let catalog = self.document.add_object(dictionary! { "Type" => "Catalog", "Pages" => self.pages });
        self.document.trailer.set("Root", catalog);
    }

    fn bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).unwrap();
        bytes
    }
}

/// What looks like a few hundred kilobytes and becomes that many megabytes of blanks.
pub(crate) fn bomb(megabytes: usize) -> Stream {
    let blanks = vec![b' '; 1 << 20];
    let mut compress = Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(1 << 20);
    compress.compress_vec(&blanks, &mut block, FlushCompress::Full).unwrap();
    let mut bytes = b"\x78\x9c".to_vec();
    for _ in 0..megabytes {
        bytes.write_all(&block).unwrap();
    }
    Stream::new(dictionary! { "Filter" => "FlateDecode" }, bytes)
}
