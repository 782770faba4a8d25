//! Puts an answer in JSON lines together again, section 7 of the protocol.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

#[derive(Debug)]
pub(crate) struct Decoded {
    /// The envelope of every call, keyed by its index.
    pub(crate) calls: Value,
    /// Where in the body the last line of each call ends.
    pub(crate) ends: BTreeMap<String, usize>,
    /// Characters sent to keep the connection alive.
    pub(crate) pings: usize,
}

impl Decoded {
    /// The indexes of the calls, by the arrival of their last lines.
    pub(crate) fn completion_order(&self) -> Vec<String> {
        let mut order: Vec<(&String, &usize)> = self.ends.iter().collect();
        order.sort_by_key(|(_, end)| **end);
        order.into_iter().map(|(index, _)| index.clone()).collect()
    }
}

/// Decodes a body; `is_wrapped` says that every line is wrapped by superjson.
pub(crate) fn decode(body: &[u8], is_wrapped: bool) -> Result<Decoded, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let mut head = None;
    let mut chunks = Chunks::default();
    let mut pings = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if head.is_some() {
            pings += line.len() - line.trim_start_matches(' ').len();
        }
        // The official client drops a last line that is not terminated.
        let Some(line) = line.strip_suffix('\n') else { break };
        let mut value: Value = serde_json::from_str(line).map_err(|error| format!("{error} in the line {line:?}"))?;
        if is_wrapped {
            value = value.get_mut("json").map(Value::take).ok_or_else(|| format!("not wrapped: {line}"))?;
        }
        match head {
            None => head = Some((value, end)),
            Some(_) => chunks.push(value, end)?,
        }
    }
    let (head, head_end) = head.ok_or("there is no head")?;
    let Value::Object(calls) = head else { return Err(format!("the head is no object: {head}")) };
    let mut decoded = Decoded { calls: json!({}), ends: BTreeMap::new(), pings };
    for (index, encoded) in calls {
        let mut last = head_end;
        decoded.calls[&index] = chunks.value(&encoded, &mut last)?;
        decoded.ends.insert(index, last);
    }
    Ok(decoded)
}

/// The lines after the head, by their id: status, payload and end in the body.
#[derive(Debug, Default)]
struct Chunks(HashMap<u64, Vec<(u64, Value, usize)>>);

impl Chunks {
    fn push(&mut self, line: Value, end: usize) -> Result<(), String> {
        let Some([id, status, payload]) = line.as_array().map(Vec::as_slice) else {
            return Err(format!("no chunk: {line}"));
        };
        let (Some(id), Some(status)) = (id.as_u64(), status.as_u64()) else { return Err(format!("no chunk: {line}")) };
        self.0.entry(id).or_default().push((status, payload.clone(), end));
        Ok(())
    }

    fn value(&self, encoded: &Value, last: &mut usize) -> Result<Value, String> {
        let wrong = || format!("no encoded value: {encoded}");
        let (data, definitions) = encoded.as_array().and_then(|parts| parts.split_first()).ok_or_else(wrong)?;
        let mut value = match data.as_array().map(Vec::as_slice) {
            Some([]) => json!({ "$undefined": true }),
            Some([data]) => data.clone(),
            _ => return Err(wrong()),
        };
        for definition in definitions {
            let Some([key, kind, id]) = definition.as_array().map(Vec::as_slice) else { return Err(wrong()) };
            let id = id.as_u64().ok_or_else(wrong)?;
            let part = match kind.as_u64() {
                Some(0) => self.promise(id, last)?,
                Some(1) => self.iterable(id, last)?,
                _ => return Err(wrong()),
            };
            let place = match key {
                Value::Null => &mut value,
                Value::String(key) => value.get_mut(key).ok_or_else(wrong)?,
                _ => return Err(wrong()),
            };
            if *place != json!(0) {
                return Err(format!("no placeholder at {key} of {encoded}"));
            }
            *place = part;
        }
        Ok(value)
    }

    fn promise(&self, id: u64, last: &mut usize) -> Result<Value, String> {
        let (status, payload, end) = match self.0.get(&id).map(Vec::as_slice) {
            Some([chunk]) => chunk,
            Some(chunks) => return Err(format!("promise {id} is settled {} times", chunks.len())),
            None => return Ok(json!({ "$pending": true })),
        };
        *last = (*last).max(*end);
        match status {
            0 => self.value(payload, last),
            _ => Ok(json!({ "$reject": payload })),
        }
    }

    fn iterable(&self, id: u64, last: &mut usize) -> Result<Value, String> {
        let mut items = Vec::new();
        let mut iterable = json!({});
        for (status, payload, end) in self.0.get(&id).into_iter().flatten() {
            *last = (*last).max(*end);
            if iterable != json!({}) {
                return Err(format!("iterable {id} goes on after its end"));
            }
            match status {
                1 => items.push(self.value(payload, last)?),
                0 => iterable["$return"] = self.value(payload, last)?,
                _ => iterable["$error"] = payload.clone(),
            }
        }
        iterable["$iterable"] = Value::Array(items);
        Ok(iterable)
    }
}

#[test]
fn parts_are_put_back_in_their_places() {
    let body = b"{\"0\":[[0],[null,0,0]],\"1\":[[0],[null,0,1]]}\n[1,0,[[{\"a\":0}],[\"a\",1,2]]]\n [0,1,\"no\"]\n[2,1,[[7]]]\n[2,0,[[]]]\n[9";

    let decoded = decode(body, false).unwrap();

    let iterable = json!({ "$iterable": [7], "$return": { "$undefined": true } });
    assert_eq!(decoded.calls, json!({ "0": { "$reject": "no" }, "1": { "a": iterable } }));
    assert_eq!(decoded.completion_order(), ["0", "1"]);
    assert_eq!(decoded.pings, 1);
}
