//! What the tests and their children share.

/// A page that is allowed in every way and yet keeps its reader busy: each attribute is compared with all before it.
#[must_use]
pub fn page_that_takes_hours() -> String {
    let mut page = String::from("<p ");
    for number in 0..1_500_000 {
        page.push_str(&format!("a{number:x} "));
    }
    page.push_str(">words");
    page
}
