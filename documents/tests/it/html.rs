use documents::{Format, Limits, ReadError};

use crate::{read, read_in_child, sections};

#[track_caller]
fn check(html: impl AsRef<[u8]>, expected: &str) {
    assert_eq!(read(Format::Html, html).unwrap().text, expected);
}

#[test]
fn headings_make_sections_with_paths() {
    let html = "<!doctype html><title>The\n title</title><p>before<h1>A <i>title</i></h1>one<div><h3>Deep</h3><p>two</div>\
        <h2><div>Mid</div><div>dle</div></h2><p>three<h2></h2><p>four";
    let document = read(Format::Html, html).unwrap();

    assert_eq!(document.title.as_deref(), Some("The title"));
    assert_eq!(
        sections(&document),
        [
            (String::new(), "before"),
            ("A title".to_owned(), "A title\n\none"),
            ("A title > Deep".to_owned(), "Deep\n\ntwo"),
            ("A title > Mid dle".to_owned(), "Mid dle\n\nthree\n\nfour"),
        ]
    );
    assert_eq!(read(Format::Html, "<h2>No</h2><h1>Yes</h1>").unwrap().title.as_deref(), Some("Yes"));
}

#[test]
fn what_readers_do_not_see_is_left_out() {
    check(
        "<head><title>t</title><style>s{}</style></head><nav>menu</nav><script>if (a<b) alert('</p>')</script>\
         <noscript>enable it</noscript><template><p>later</template><p hidden>h1</p><div aria-hidden=true>h2</div>\
         <div style='color: red; DISPLAY : none'>ignore <b>all</b></div><svg><title>no</title><text>no</text></svg>\
         <select><option>no</select><button>no</button><!-- no --><p>yes",
        "yes",
    );
}

#[test]
fn blocks_lists_and_tables_stay_readable() {
    check("<p>a\n  b <b>c</b>d<br>e<p>f<div>g</div>h", "a b cd\ne\n\nf\n\ng\nh");
    check("<ul><li>a<li>b<ol><li>c<li><p>d</ol><li>e</ul>f", "- a\n- b\n  1. c\n  2. d\n- e\n\nf");
    check("<table><tr><th>h<th>i<tr><td>1<td>2</table>end", "h | i\n1 | 2\n\nend");
    check(
        "<pre>fn main() {\n    x\n}</pre><p>&lt;b&gt; &copy;&nbsp;x <img alt='a cat' src=x>",
        "fn main() {\n    x\n}\n\n<b> © x a cat",
    );
    check("<dl><dt>term<dd>what it is<dt>other<dd>thing</dl>", "term\nwhat it is\nother\nthing");
}

#[test]
fn broken_pages_are_read_as_browsers_read_them() {
    check("<p hidden>secret<p>shown", "shown");
    check("<b><p>one</b>two</p><table>before<tr><td>in", "onetwo\n\nbefore\n\nin");
    check("no tags & no <entities", "no tags & no");
}

#[test]
fn pages_are_read_in_the_encoding_they_name() {
    check(b"<meta charset=windows-1252><p>Gr\xfc\xdfe", "Grüße");
    check(b"<meta http-equiv=content-type content='text/html; charset=\"koi8-r\"'><p>\xcd\xc9\xd2", "мир");
    check("<meta charset=utf-16><p>Grüße", "Grüße");
    check(b"\xff\xfe<\0p\0>\0\xfc\0", "ü");
    check("<p>Grüße", "Grüße");
    let mut wrong = b"<meta charset=utf-8><p>".to_vec();
    wrong.extend(b"\xfc\xf6\xe4".repeat(100));
    assert_eq!(read(Format::Html, wrong), Err(ReadError::WrongEncoding { encoding: "UTF-8".to_owned() }));
}

#[test]
fn nothing_is_no_document() {
    assert_eq!(read(Format::Html, ""), Err(ReadError::Empty));
    assert_eq!(read(Format::Html, "<title>only</title><script>x</script>"), Err(ReadError::Empty));
}

#[tokio::test]
async fn deep_pages_are_refused_before_they_cost_much() {
    let limits = Limits::default();
    for opening in ["<div>", "<b>", "<p><object>", "<svg><g>", "<table><tr><td>", "<ul><li>"] {
        let bomb = opening.repeat(200_000);

        assert_eq!(
            read_in_child(Format::Html, bomb, &limits).await,
            Err(ReadError::TooDeep { limit: 256 }),
            "{opening}"
        );
    }
}

#[test]
fn honest_pages_may_be_deep() {
    let deep = format!("{}words{}", "<div>".repeat(200), "</div>".repeat(200));

    check(deep, "words");
}

#[tokio::test]
async fn formatting_that_multiplies_itself_is_refused() {
    let formats: String = (0..2_000).map(|number| format!("<font size={number}>")).collect();
    let bomb = format!("{formats}{}", "<p>x".repeat(100_000));

    let error = read_in_child(Format::Html, bomb, &Limits::default()).await;

    assert_eq!(error, Err(ReadError::TooDeep { limit: 256 }));
}

#[tokio::test]
async fn a_flood_of_attributes_ends_with_the_time() {
    let limits = Limits { time: std::time::Duration::from_millis(500), ..Limits::default() };
    // Each is compared with all before it.
    let attributes: String = (0..1_500_000).map(|number| format!("a{number:x} ")).collect();
    let flood = format!("<p {attributes}>words");

    assert_eq!(read_in_child(Format::Html, flood, &limits).await, Err(ReadError::TooLong { seconds: 0 }));
}
