//! Reads an answer in JSON lines as `httpBatchStreamLink` does.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;

use crate::answer::{self, Wrapping};

/// What a number stands for at the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Promise,
    Iterable,
}

/// Checks that each line is JSON and that everything announced is settled once; gives the number of calls.
pub(crate) fn check(wrapping: Wrapping, lines: &[Bytes]) -> usize {
    let text = lines.concat();
    let text = std::str::from_utf8(&text).expect("JSON lines are UTF-8");
    assert!(text.ends_with('\n'), "the last line is not whole");
    let mut lines = text.lines().map(|line| {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("no JSON: {error}: {line}"));
        wrapping.open(&value).clone()
    });
    let Some(Value::Object(head)) = lines.next() else { panic!("no head: {text}") };
    let mut pending = BTreeMap::new();
    for (index, call) in &head {
        let number: u64 = index.parse().expect("a call is a number");
        assert_eq!(*call, serde_json::json!([[0], [null, 0, number]]));
        pending.insert(number, Part::Promise);
    }
    for line in lines {
        let Value::Array(line) = line else { panic!("no line: {line}") };
        let [Value::Number(number), Value::Number(status), value] = &*line else { panic!("no line: {line:?}") };
        let number = number.as_u64().expect("a number of a part");
        let part = *pending.get(&number).unwrap_or_else(|| panic!("nobody waits for {line:?}"));
        let goes_on = part == Part::Iterable && status.as_u64() == Some(1);
        if !goes_on {
            pending.remove(&number);
        }
        let is_failure = status.as_u64() == Some(if part == Part::Promise { 1 } else { 2 });
        if is_failure {
            // An error within a line is not wrapped on its own.
            answer::error(Wrapping::Plain, value);
            continue;
        }
        let Value::Array(value) = value else { panic!("no value: {value}") };
        let Some((Value::Array(data), definitions)) = value.split_first() else { panic!("no data: {value:?}") };
        assert!(data.len() < 2, "one value or none: {data:?}");
        if usize::try_from(number).is_ok_and(|number| number < head.len())
            && definitions.is_empty()
            && let Some(envelope) = data.first()
        {
            answer::envelope(Wrapping::Plain, envelope);
        }
        for definition in definitions {
            let [_, kind, number] = definition.as_array().map_or(&[][..], Vec::as_slice) else {
                panic!("no definition: {definition}")
            };
            let part = if kind.as_u64() == Some(0) { Part::Promise } else { Part::Iterable };
            let known = pending.insert(number.as_u64().expect("a number of a part"), part);
            assert_eq!(known, None, "{number} is announced twice");
        }
    }
    assert!(pending.is_empty(), "never settled: {pending:?}");
    head.len()
}
