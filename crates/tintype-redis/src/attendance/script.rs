//! Who is present, as Redis keeps it.

use redis::{RedisResult, aio::ConnectionLike};
use tintype::EncodedMember;

use crate::{keys::Names, lua::LuaScript, scripts::Kept};

/// Lets members in and out, ends the stays that were not renewed, and publishes who came and went, in one step.
///
/// A stay is in `until` with the time at which it ends, and in `stays` with its member; a member is in `members` as
/// long as it has a stay.
const ATTEND: &str = r"
local stream, last, until_, stays, members = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local time_to_live = tonumber(ARGV[4])
local before_joined, before_left, after = ARGV[5], ARGV[6], ARGV[7]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function ms(number) return string.format('%.0f', number) end
local function publish(payload) append(stream, last, payload, ARGV[1], ARGV[2], ARGV[3]) end

local entering = tonumber(ARGV[8])
local next = 9
for _ = 1, entering do
  local stay, member, json = ARGV[next], ARGV[next + 1], ARGV[next + 2]
  next = next + 3
  redis.call('ZADD', until_, ms(now + time_to_live), stay)
  if redis.call('HSET', stays, stay, member) == 1 then
    local is_new = redis.call('HSET', members, member, json)
    if is_new == 1 then publish(before_joined .. json .. after) end
  end
end

local ended = redis.call('ZRANGEBYSCORE', until_, '-inf', ms(now), 'LIMIT', 0, 100)
for index = next, #ARGV do ended[#ended + 1] = ARGV[index] end
local perhaps_gone = {}
for _, stay in ipairs(ended) do
  local member = redis.call('HGET', stays, stay)
  redis.call('ZREM', until_, stay)
  redis.call('HDEL', stays, stay)
  if member then perhaps_gone[#perhaps_gone + 1] = member end
end
if #perhaps_gone > 0 then
  local present = {}
  for _, member in ipairs(redis.call('HVALS', stays)) do present[member] = true end
  for _, member in ipairs(perhaps_gone) do
    local json = not present[member] and redis.call('HGET', members, member)
    if json then
      redis.call('HDEL', members, member)
      publish(before_left .. json .. after)
    end
  end
end

-- Where every process that knows of the topic is gone, nobody is left to be told.
for _, key in ipairs({until_, stays, members}) do redis.call('PEXPIRE', key, ms(time_to_live * 4)) end
return redis.call('HVALS', members)
";

/// Who begins a stay or renews one, and which stays are over.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// The names of stays, and whose they are.
    pub(crate) entering: Vec<(String, EncodedMember)>,
    /// The names of stays.
    pub(crate) leaving: Vec<String>,
}

pub(crate) struct AttendScript {
    script: LuaScript,
    time_to_live_ms: u64,
}

impl AttendScript {
    /// `append` is how an event is published.
    pub(crate) fn new(append: &str, time_to_live_ms: u64) -> Self {
        Self { script: LuaScript::new(format!("{append}{ATTEND}")), time_to_live_ms }
    }

    /// Makes the changes at a topic, and gives the JSON of every member that is there afterwards.
    pub(crate) async fn run(
        &self,
        connection: &mut impl ConnectionLike,
        names: &Names,
        kept: &Kept,
        changes: &Changes,
    ) -> RedisResult<Vec<Vec<u8>>> {
        let (until, stays, members) = (names.until(), names.stays(), names.members());
        let keys = [&*names.stream, &*names.last, &until, &stays, &members];
        let arguments = |command: &mut redis::Cmd| {
            command.arg(kept.events).arg(&kept.position_ms).arg(&kept.age_ms).arg(self.time_to_live_ms);
            command.arg(EncodedMember::BEFORE_JOINED).arg(EncodedMember::BEFORE_LEFT).arg(EncodedMember::AFTER);
            command.arg(changes.entering.len());
            for (stay, member) in &changes.entering {
                command.arg(stay).arg(&**member.id()).arg(&**member.json());
            }
            for stay in &changes.leaving {
                command.arg(stay);
            }
        };
        self.script.invoke(connection, &keys, arguments).await
    }
}
