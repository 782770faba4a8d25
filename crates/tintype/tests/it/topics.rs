//! Promises of a topic: nothing lost silently, nothing twice, in order.

use std::{sync::Arc, time::Duration};

use tintype::{Broker, MemoryBroker, MemoryLimits, Topics};

use crate::broker_suite::{Harness, Limits, broker_suite};

struct InProcess(Arc<MemoryBroker>);

impl Harness for InProcess {
    async fn start(limits: Limits) -> Self {
        let Limits { backlog_events, event_bytes, idempotency } = limits;
        let idle = Duration::from_secs(3600);
        Self(Arc::new(MemoryBroker::new(MemoryLimits { backlog_events, event_bytes, idempotency, idle })))
    }

    fn broker(&self) -> Arc<dyn Broker> {
        self.0.clone()
    }

    fn there(&self) -> Topics {
        self.here()
    }

    fn kept(events: usize) -> usize {
        events
    }
}

broker_suite!(InProcess);
