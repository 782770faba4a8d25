//! What Redis does in one step.

use std::sync::Arc;

use redis::{RedisError, RedisResult, aio::ConnectionLike};
use tintype::{EventId, Push, Retention};

use crate::{
    attendance::{AttendScript, Changes},
    keys::{Names, StreamId},
    lua::LuaScript,
    options::RedisOptions,
};

/// Appends an event and sends it.
///
/// The event knows the one before it, in the stream as on the channel: a chain that no expiry, eviction or lost write
/// can break unnoticed.
/// Where events have an age, the older ones go, and all of them when nothing is published for so long.
///
/// `SEND` is how it is sent: to whoever listens, or in a cluster to whoever listens at the master of its slot.
const APPEND: &str = r"
local function append(stream, last, payload, events, position_ms, age_ms)
  local previous = redis.call('GET', last) or '0-0'
  local id = redis.call('XADD', stream, 'MAXLEN', '~', events, '*', 'p', previous, 'd', payload)
  if age_ms ~= '' then
    local oldest = tonumber(string.match(id, '^%d+')) - tonumber(age_ms)
    redis.call('XTRIM', stream, 'MINID', string.format('%.0f', math.max(oldest, 0)))
  end
  redis.call('SET', last, id, 'PX', position_ms)
  redis.call('PEXPIRE', stream, age_ms ~= '' and age_ms or position_ms)
  redis.call('SEND', stream, id .. ' ' .. previous .. ' ' .. payload)
  return id
end
";

/// Publishes an event, unless its idempotency key was used.
const PUBLISH: &str = r"
local before = redis.call('GET', KEYS[3])
if before then return before end
local id = append(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], ARGV[4])
redis.call('SET', KEYS[3], id, 'PX', ARGV[5])
return id
";

/// Gives the events after a cursor, a page at a time; or the last id, if the first event does not follow the cursor.
///
/// Either begins with the name of the stream. A server that gives a slot away says so without being asked, which the
/// connection takes for an answer; whatever it gives to the wrong question after that must not be believed.
///
/// A topic without events gets a position of its own: an entry that is removed at once, so that its id is never used
/// again.
///
/// So does a topic that has lost events, as a server loses them that went back to an earlier state: the chain is broken
/// there, for whoever was away knows neither the lost events nor of them.
/// Only a process that listens can tell, by an event that it had from here and over which the chain now goes; it alone
/// is believed, not a client. Once is enough, so the break is remembered, and those who listen hear of it.
const RESUME: &str = r"
local after, count, ttl, is_listener = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4] == '1'
local last = redis.call('GET', KEYS[2])

local function new_position(previous)
  local id = redis.call('XADD', KEYS[1], '*', 'p', previous, 'd', '')
  redis.call('XDEL', KEYS[1], id)
  redis.call('SET', KEYS[2], id, 'PX', ttl)
  redis.call('PEXPIRE', KEYS[1], ttl, 'NX')
  return id
end

local function is_before(one, other)
  local one_ms, one_number = string.match(one, '(%d+)-(%d+)')
  local other_ms, other_number = string.match(other, '(%d+)-(%d+)')
  if one_ms ~= other_ms then return tonumber(one_ms) < tonumber(other_ms) end
  return tonumber(one_number) < tonumber(other_number)
end

if after ~= '' then
  if after == last then return {KEYS[1], 'continuous'} end
  local entries = redis.call('XRANGE', KEYS[1], '(' .. after, '+', 'COUNT', count)
  local newest = entries[#entries]
  if last and newest and entries[1][2][2] == after and (#entries == count or newest[1] == last) then
    local page = {KEYS[1], 'continuous'}
    for _, entry in ipairs(entries) do
      page[#page + 1] = {entry[1], entry[2][2], entry[2][4]}
    end
    return page
  end
end
if not last then
  last = new_position('0-0')
elseif after ~= '' and is_listener then
  local successor = redis.call('XRANGE', KEYS[1], '(' .. after, '+', 'COUNT', 1)[1]
  local previous = successor and successor[2][2] or last
  local is_lost = previous ~= '0-0' and is_before(previous, after)
  local broken = redis.call('GET', KEYS[3])
  if is_lost and not (broken and is_before(after, broken)) then
    last = new_position(last)
    redis.call('SET', KEYS[3], last, 'PX', ttl)
    redis.call('SEND', KEYS[1], last .. ' 0-0 ')
  end
end
return {KEYS[1], 'gap', last}
";

/// Events per page of a replay.
const PAGE: usize = 200;

pub(crate) struct Scripts {
    publish: LuaScript,
    resume: LuaScript,
    attend: AttendScript,
    backlog_events: usize,
    idle_ms: u128,
    idempotency_ms: u128,
}

/// How long the key of an attempt is remembered: longer than any attempt takes.
const ATTEMPT_MS: u128 = 30_000;

/// What keeps an event from being published twice.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Once<'a> {
    /// Whatever publishes with the key.
    Idempotent(&'a str),
    /// Another attempt to publish it, because the first may have got through.
    Attempt(&'a str),
}

/// Who asks what came after an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A process that listens: it had the event from the server.
    Listener,
    /// A client: it may say any id.
    Client,
}

/// What the stream has after a cursor.
#[derive(Debug)]
pub(crate) enum Found {
    Continuous(Vec<Arc<Push>>),
    Gap { position: EventId },
}

impl Scripts {
    pub(crate) fn new(options: &RedisOptions) -> Self {
        let send = if options.is_cluster() { "SPUBLISH" } else { "PUBLISH" };
        let append = APPEND.replace("SEND", send);
        let presence_ms = u64::try_from(options.presence.as_millis()).unwrap_or(u64::MAX).max(1);
        Self {
            publish: LuaScript::new(format!("{append}{PUBLISH}")),
            resume: LuaScript::new(RESUME.replace("SEND", send)),
            attend: AttendScript::new(&append, presence_ms),
            backlog_events: options.backlog_events,
            // A key that expires at once would be none.
            idle_ms: options.idle.as_millis().max(1),
            idempotency_ms: options.idempotency.as_millis().max(1),
        }
    }

    pub(crate) async fn publish(
        &self,
        connection: &mut impl ConnectionLike,
        names: &Names,
        payload: &[u8],
        once: Once<'_>,
    ) -> RedisResult<EventId> {
        let (key, remembered_ms) = match once {
            Once::Idempotent(key) => (names.once(key), self.idempotency_ms),
            Once::Attempt(key) => (names.attempt(key), ATTEMPT_MS),
        };
        let Kept { events, position_ms, age_ms } = self.kept(names);
        let keys = [&*names.stream, &*names.last, &key];
        let arguments = |command: &mut redis::Cmd| {
            command.arg(payload).arg(events).arg(&position_ms).arg(&age_ms).arg(ms(remembered_ms));
        };
        let id: String = self.publish.invoke(connection, &keys, arguments).await?;
        Ok(names.event_id(stream_id(&id)?))
    }

    /// Everything after the event `after`; without one, the position of the topic.
    pub(crate) async fn resume(
        &self,
        connection: &mut impl ConnectionLike,
        names: &Names,
        after: Option<&EventId>,
        asker: Asker,
    ) -> RedisResult<Found> {
        let mut pushes: Vec<Arc<Push>> = Vec::new();
        // An id that cannot be in this stream is as good as none.
        let mut after = after.and_then(|after| names.entry(after));
        loop {
            let keys = [&*names.stream, &*names.last, &*names.broken];
            let arguments = |command: &mut redis::Cmd| {
                command.arg(after.map(|id| id.to_string()).unwrap_or_default()).arg(PAGE).arg(ms(self.idle_ms));
                command.arg(i32::from(asker == Asker::Listener));
            };
            let reply: redis::Value = self.resume.invoke(connection, &keys, arguments).await?;
            let page = match page(names, reply)? {
                Found::Continuous(page) => page,
                gap @ Found::Gap { .. } => return Ok(gap),
            };
            let is_last = page.len() < PAGE;
            for push in page {
                let follows = pushes.last().is_none_or(|last| last.id() == push.previous());
                if !follows {
                    // The topic was forgotten and began anew in between.
                    return self.position(connection, names).await;
                }
                pushes.push(push);
            }
            if is_last {
                return Ok(Found::Continuous(pushes));
            }
            after = pushes.last().and_then(|last| names.entry(last.id()));
        }
    }

    /// The position of the topic, as a gap.
    async fn position(&self, connection: &mut impl ConnectionLike, names: &Names) -> RedisResult<Found> {
        Box::pin(self.resume(connection, names, None, Asker::Client)).await
    }

    /// Keeps topics from being forgotten to which somebody listens.
    pub(crate) async fn touch(&self, connection: &mut impl ConnectionLike, topics: &[Names]) -> RedisResult<()> {
        let mut pipeline = redis::pipe();
        for names in topics {
            // With an age of their own the events go when they are too old, and the position stays.
            if names.retention.age.is_none() {
                pipeline.cmd("PEXPIRE").arg(&*names.stream).arg(ms(self.idle_ms)).ignore();
            }
            pipeline.cmd("PEXPIRE").arg(&*names.last).arg(ms(self.position_ms(names))).ignore();
        }
        pipeline.query_async(connection).await
    }

    /// Makes changes to who is present at a topic, and gives the JSON of everybody who is there afterwards.
    pub(crate) async fn attend(
        &self,
        connection: &mut impl ConnectionLike,
        names: &Names,
        changes: &Changes,
    ) -> RedisResult<Vec<Vec<u8>>> {
        self.attend.run(connection, names, &self.kept(names), changes).await
    }

    fn kept(&self, names: &Names) -> Kept {
        let Retention { events, age } = names.retention;
        Kept {
            events: events.unwrap_or(self.backlog_events).max(1),
            position_ms: ms(self.position_ms(names)),
            // Redis takes an age of nothing for an order to forget at once.
            age_ms: age.map(|age| ms(age.as_millis().max(1))).unwrap_or_default(),
        }
    }

    /// How long the position of a topic is kept in which nothing happens: not shorter than its events, whose chain it
    /// goes on with.
    fn position_ms(&self, names: &Names) -> u128 {
        self.idle_ms.max(names.retention.age.map_or(0, |age| age.as_millis()))
    }
}

/// How much of a topic is kept, as scripts take it.
pub(crate) struct Kept {
    pub(crate) events: usize,
    pub(crate) position_ms: String,
    /// Empty for events without an age.
    pub(crate) age_ms: String,
}

fn ms(ms: u128) -> String {
    ms.to_string()
}

fn page(names: &Names, reply: redis::Value) -> RedisResult<Found> {
    let items: Vec<redis::Value> = redis::from_redis_value(reply)?;
    let mut items = items.into_iter();
    let mut text = || items.next().map(redis::from_redis_value::<String>).transpose();
    if text()?.as_deref() != Some(&*names.stream) {
        return Err(unexpected("an answer is to another question"));
    }
    match text()?.unwrap_or_default().as_str() {
        "continuous" => {
            let mut pushes = Vec::with_capacity(items.len());
            for item in items {
                let (id, previous, payload): (String, String, Vec<u8>) = redis::from_redis_value(item)?;
                pushes.push(push(names, &id, &previous, &payload)?);
            }
            Ok(Found::Continuous(pushes))
        }
        "gap" => {
            let id: String = items.next().map(redis::from_redis_value).transpose()?.unwrap_or_default();
            Ok(Found::Gap { position: names.event_id(stream_id(&id)?) })
        }
        _ => Err(unexpected("the script gave an answer that is not its own")),
    }
}

/// The event of a message on a topic's channel: id, predecessor and JSON, with a space between.
pub(crate) fn message(names: &Names, message: &[u8]) -> RedisResult<Arc<Push>> {
    let mut parts = message.splitn(3, |byte| *byte == b' ');
    let mut text = || parts.next().and_then(|part| std::str::from_utf8(part).ok()).unwrap_or_default();
    let (id, previous) = (text(), text());
    let Some(payload) = parts.next() else {
        return Err(unexpected("a message on a topic's channel is not of its form"));
    };
    push(names, id, previous, payload)
}

fn push(names: &Names, id: &str, previous: &str, payload: &[u8]) -> RedisResult<Arc<Push>> {
    Ok(Push::new(names.event_id(stream_id(id)?), names.event_id(stream_id(previous)?), payload))
}

fn stream_id(text: &str) -> RedisResult<StreamId> {
    text.parse().map_err(|_| unexpected("an id in Redis is not that of an entry in a stream"))
}

fn unexpected(what: &'static str) -> RedisError {
    RedisError::from((redis::ErrorKind::UnexpectedReturnType, what))
}

#[cfg(test)]
mod tests {
    use redis::Value;
    use tintype::TopicKey;

    use super::*;

    #[test]
    fn an_answer_about_another_topic_is_not_believed() {
        let names = |topic: &str| Names::new("tt", &TopicKey::new("tenant", &[topic]).unwrap());
        let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let answer = |names: &Names| Value::Array(vec![text(&names.stream), text("gap"), text("1-1")]);
        let (ticks, other) = (names("ticks"), names("other"));

        assert!(matches!(page(&ticks, answer(&ticks)), Ok(Found::Gap { .. })));
        let error = page(&ticks, answer(&other)).unwrap_err().to_string();
        assert!(error.contains("another question"), "{error}");
        // As a cluster says that a channel has moved.
        let moved = Value::Push { kind: redis::PushKind::SUnsubscribe, data: vec![text(&ticks.stream), Value::Int(0)] };
        assert!(page(&ticks, moved).is_err());
    }
}
