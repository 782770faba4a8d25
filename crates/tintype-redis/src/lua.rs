use redis::{Cmd, ErrorKind, FromRedisValue, RedisResult, Script, ServerErrorKind, aio::ConnectionLike};

/// A script, which is sent whole where a server does not have it.
///
/// [`Script`] has every master of a cluster load it instead, one of which may be away.
pub(crate) struct LuaScript {
    code: String,
    hash: String,
}

impl LuaScript {
    pub(crate) fn new(code: String) -> Self {
        Self { hash: Script::new(&code).get_hash().to_owned(), code }
    }

    pub(crate) async fn invoke<T: FromRedisValue>(
        &self,
        connection: &mut impl ConnectionLike,
        keys: &[&str],
        arguments: impl Fn(&mut Cmd),
    ) -> RedisResult<T> {
        let command = |name: &str, script: &str| {
            let mut command = redis::cmd(name);
            command.arg(script).arg(keys.len()).arg(keys);
            arguments(&mut command);
            command
        };
        match command("EVALSHA", &self.hash).query_async(connection).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                command("EVAL", &self.code).query_async(connection).await
            }
            result => result,
        }
    }
}
