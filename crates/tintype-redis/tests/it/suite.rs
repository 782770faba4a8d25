use std::sync::Arc;

use tintype::{Broker, Topics};
use tintype_redis::{RedisBroker, RedisOptions, testing::RedisServer};

use crate::broker_suite::{Harness, Limits, broker_suite};

struct TwoProcesses {
    _server: RedisServer,
    here: Arc<RedisBroker>,
    there: Arc<RedisBroker>,
}

impl Harness for TwoProcesses {
    async fn start(limits: Limits) -> Self {
        let server = RedisServer::start().await;
        let mut options = RedisOptions::url(&server.url()).unwrap();
        options.backlog_events = limits.backlog_events;
        options.event_bytes = limits.event_bytes;
        options.idempotency = limits.idempotency;
        let broker = || Arc::new(RedisBroker::new(options.clone()).unwrap());
        Self { here: broker(), there: broker(), _server: server }
    }

    fn broker(&self) -> Arc<dyn Broker> {
        self.here.clone()
    }

    fn there(&self) -> Topics {
        Topics::new(self.there.clone())
    }

    fn kept(events: usize) -> usize {
        // Redis removes whole nodes of a stream, of a hundred entries.
        events + 100
    }
}

broker_suite!(TwoProcesses);
