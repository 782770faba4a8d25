use std::{path::PathBuf, process::Stdio, time::Duration};

use documents::{ChildCommand, Document, Format, Limits, ReadError};
use tempfile::TempDir;
use tokio::{
    io::AsyncReadExt,
    net::{UnixListener, UnixStream},
    time::timeout,
};

use crate::{child, pdf_file::PdfFile, read, read_in_child};

/// Sees a child for as long as it lives.
struct Witness {
    folder: TempDir,
    listener: UnixListener,
    path: String,
}

impl Witness {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("witness");
        let listener = UnixListener::bind(&path).unwrap();
        Self { folder, listener, path: path.to_str().unwrap().to_owned() }
    }

    async fn sees_it_begin(&self) -> UnixStream {
        self.listener.accept().await.unwrap().0
    }
}

/// Returns when the child is dead; one that lives on fails the test.
async fn sees_it_end(mut child: UnixStream) {
    let end = timeout(Duration::from_secs(60), child.read(&mut [0])).await;
    assert_eq!(end.expect("the child lives on").unwrap_or(0), 0);
}

async fn read_by(command: &ChildCommand, limits: &Limits) -> Result<Document, ReadError> {
    documents::read_in_child(command, Format::Text, b"hello", limits).await
}

#[tokio::test]
async fn a_child_reads_what_this_process_reads() {
    let html = "<title>t</title><h1>Grüße</h1>".to_owned() + &"<p>a \"quoted\" \\ word\u{2028}".repeat(100_000);
    let (here, there) = (read(Format::Html, &html), read_in_child(Format::Html, &html, &Limits::default()).await);

    assert!(here.is_ok());
    assert_eq!(there, here);
}

#[tokio::test]
async fn a_child_that_hangs_is_killed() {
    let witness = Witness::new();
    let limits = Limits { time: Duration::from_millis(300), ..Limits::default() };
    let command = child(&["hanging", &witness.path]);

    let (error, child) = tokio::join!(read_by(&command, &limits), witness.sees_it_begin());

    assert_eq!(error, Err(ReadError::TooLong { seconds: 0 }));
    sees_it_end(child).await;
}

#[tokio::test]
async fn a_child_dies_with_the_future_that_waits_for_it() {
    let witness = Witness::new();
    let limits = Limits::default();
    let command = child(&["hanging", &witness.path]);

    let child = tokio::select! {
        result = read_by(&command, &limits) => panic!("{result:?}"),
        child = witness.sees_it_begin() => child,
    };

    sees_it_end(child).await;
}

#[tokio::test]
async fn a_child_dies_with_its_parent() {
    let witness = Witness::new();
    let document = witness.folder.path().join("document.pdf");
    let pdf = PdfFile::that_takes_ages();
    // All of it is in the pipe then, and the child does not notice while it reads.
    assert!(pdf.len() < 32 << 10);
    std::fs::write(&document, pdf).unwrap();
    let command = child(&["parent", &witness.path, document.to_str().unwrap()]);
    let mut parent = tokio::process::Command::new(&command.program);
    parent.args(&command.arguments).kill_on_drop(true).stderr(Stdio::null());
    let mut parent = parent.spawn().unwrap();
    let child = witness.sees_it_begin().await;

    parent.kill().await.unwrap();

    sees_it_end(child).await;
}

#[tokio::test]
async fn what_is_no_child_is_no_fault_of_the_document() {
    let limits = Limits { time: Duration::from_secs(10), ..Limits::default() };
    let command = |program: &str| ChildCommand { program: PathBuf::from(program), arguments: Vec::new() };

    let missing = read_by(&command("/nowhere/to/be/found"), &limits).await.unwrap_err();
    let failing = read_by(&child(&["something else"]), &limits).await.unwrap_err();
    let silent = read_by(&command("/bin/true"), &limits).await.unwrap_err();

    assert!(matches!(missing, ReadError::NotStarted { .. }) && missing.is_transient(), "{missing:?}");
    assert!(matches!(failing, ReadError::NotStarted { .. }) && failing.is_transient(), "{failing:?}");
    assert!(matches!(silent, ReadError::Died { .. }) && !silent.is_transient(), "{silent:?}");
}

/// A child that does this instead of reading.
fn shell(script: &str, argument: &str) -> ChildCommand {
    let arguments = ["-c", script, "sh", argument].map(Into::into).to_vec();
    ChildCommand { program: PathBuf::from("/bin/sh"), arguments }
}

#[tokio::test]
async fn it_matters_how_a_child_was_ended() {
    let limits = Limits { time: Duration::from_secs(60), ..Limits::default() };
    let ended = async |signal: &str| read_by(&shell("kill -s $1 $$", signal), &limits).await.unwrap_err();

    for signal in ["KILL", "TERM"] {
        let error = ended(signal).await;
        assert!(matches!(error, ReadError::Stopped { .. }) && error.is_transient(), "{error:?}");
    }
    for signal in ["SEGV", "ABRT"] {
        let error = ended(signal).await;
        assert!(matches!(error, ReadError::Died { .. }) && !error.is_transient(), "{error:?}");
    }
    assert_eq!(ended("XCPU").await, ReadError::TooLong { seconds: 60 });
}

#[tokio::test]
async fn a_child_sees_nothing_of_the_environment() {
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some(), "cargo sets it for tests");
    let command = shell(r#"echo "it sees ${CARGO_MANIFEST_DIR:-nothing}" >&2; exit 3"#, "");

    let error = read_by(&command, &Limits::default()).await.unwrap_err();

    assert_eq!(error, ReadError::NotStarted { reason: "it sees nothing".to_owned() });
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let limits = Limits { text_bytes: 1_000, time: Duration::from_secs(60), ..Limits::default() };
    let command = shell("cat /dev/zero", "");

    let error = read_by(&command, &limits).await.unwrap_err();

    assert!(matches!(error, ReadError::Died { .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_is_not_believed() {
    let limits = Limits { time: Duration::from_secs(10), ..Limits::default() };
    let section =
        |start: usize, end: usize| format!(r#"{{"heading_path":[],"start":{start},"end":{end},"page":null}}"#);
    let answer = |section: &str, bytes: usize, text: &str| {
        format!(r#"{{"result":{{"Ok":{{"title":null,"sections":[{section}],"bytes":{bytes}}}}}}}"#) + "\n" + text
    };
    let check = async |answer: String| read_by(&shell("printf '%b' \"$1\"", &answer), &limits).await;

    assert_eq!(check(answer(&section(0, 3), 3, "aü")).await.unwrap().text, "aü");
    let lies = [
        answer(&section(0, 2), 3, "aü"),
        answer(&section(0, 4), 3, "aü"),
        answer(&section(2, 1), 3, "abc"),
        answer(&format!("{},{}", section(0, 2), section(1, 3)), 3, "abc"),
        answer(&section(0, 3), 4, "abc"),
        answer(&section(0, 3), 3, r"a\0001c"),
        r#"{"result":{"Err":{"kind":"notStarted","reason":"try again for ever"}}}"#.to_owned() + "\n",
        "hello".to_owned(),
    ];
    for lie in lies {
        let error = check(lie.clone()).await.unwrap_err();
        assert!(matches!(error, ReadError::Died { .. }), "{lie}: {error:?}");
    }
}
