//! Callers that create, change and delete widgets, break rules, and leave before they are answered.

use std::time::Duration;

use anyhow::Context;
use api_contract::widgets::{self, CreateWidget, DeleteWidget, UpdateWidget, Widget};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tintype_client::{Client, ClientError, Retry, Timeouts};
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::{
    Options,
    records::{Outcome, Records},
    world::Workspace,
};

pub(crate) struct Callers {
    tasks: JoinSet<anyhow::Result<()>>,
    stop: watch::Sender<bool>,
}

/// How long a call may take.
const CALL_TIME: Duration = Duration::from_secs(3);

/// Between two calls of a caller.
const PACE_MS: std::ops::RangeInclusive<u64> = 20..=120;

impl Callers {
    pub(crate) fn start(
        options: &Options,
        seed: u64,
        ports: &[u16],
        workspaces: &[Workspace],
        records: &Records,
    ) -> anyhow::Result<Self> {
        let stop = watch::Sender::new(false);
        let mut tasks = JoinSet::new();
        for (number, workspace) in workspaces.iter().enumerate() {
            for caller in 0..options.callers {
                let name = format!("{number}.{caller}");
                let caller = Caller {
                    clients: clients(ports, workspace)?,
                    random: StdRng::seed_from_u64(!seed ^ ((number as u64) << 48) ^ (u64::from(caller) << 32)),
                    records: records.clone(),
                    name,
                    count: 0,
                    widgets: Vec::new(),
                };
                tasks.spawn(caller.run(stop.subscribe()));
            }
        }
        Ok(Self { tasks, stop })
    }

    /// Fails if a caller has ended, which none does by itself.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        match self.tasks.try_join_next() {
            None => Ok(()),
            Some(ended) => ended.context("a caller panicked")?.context("a caller ended"),
        }
    }

    /// Lets the calls under way end, and makes no others.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            ended.context("a caller panicked")??;
        }
        Ok(())
    }
}

/// A client for each server.
pub(crate) fn clients(ports: &[u16], workspace: &Workspace) -> anyhow::Result<Vec<Client>> {
    let router = api_contract::router();
    let client = |port: &u16| {
        let timeouts = Timeouts { call: Some(CALL_TIME), ..Timeouts::default() };
        let retry = Retry { retries: 0, ..Retry::default() };
        let url = format!("http://127.0.0.1:{port}/trpc");
        Client::builder(url)
            .contract(&router)
            .timeouts(timeouts)
            .retry(retry)
            .cookie(&workspace.cookie_name, &workspace.cookie_value)
            .build()
    };
    Ok(ports.iter().map(client).collect::<Result<_, _>>()?)
}

struct Caller {
    clients: Vec<Client>,
    random: StdRng,
    records: Records,
    name: String,
    /// Names that it has used.
    count: u32,
    /// Those of its widgets that are there for all it knows.
    widgets: Vec<Widget>,
}

impl Caller {
    async fn run(mut self, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        while !*stop.borrow() {
            let client = self.clients[self.random.random_range(0..self.clients.len())].clone();
            match self.random.random_range(0..100) {
                0..10 if !self.widgets.is_empty() => self.delete(&client).await,
                10..35 if !self.widgets.is_empty() => self.update(&client).await,
                35..42 => self.break_a_rule(&client).await,
                42..52 => self.leave(&client).await,
                _ => self.create(&client).await,
            }
            tokio::time::sleep(Duration::from_millis(self.random.random_range(PACE_MS))).await;
        }
        Ok(())
    }

    fn next_name(&mut self) -> String {
        self.count += 1;
        format!("{}.{}", self.name, self.count)
    }

    async fn create(&mut self, client: &Client) {
        let name = self.next_name();
        let change = format!("created {name}");
        self.records.began(&change);
        let created = client.call::<widgets::create>(CreateWidget { name, config: None }).await;
        self.records.ended(&change, outcome(&created));
        self.widgets.extend(created);
    }

    async fn update(&mut self, client: &Client) {
        let index = self.random.random_range(0..self.widgets.len());
        let name = self.next_name();
        let change = format!("updated {name}");
        self.records.began(&change);
        let update = UpdateWidget { id: self.widgets[index].id, name: Some(name), config: None };
        let updated = client.call::<widgets::update>(update).await;
        self.records.ended(&change, outcome(&updated));
    }

    async fn delete(&mut self, client: &Client) {
        let widget = self.widgets.swap_remove(self.random.random_range(0..self.widgets.len()));
        let change = format!("deleted {}", widget.id);
        self.records.began(&change);
        let deleted = client.call::<widgets::delete>(DeleteWidget { id: widget.id }).await;
        self.records.ended(&change, outcome(&deleted));
    }

    /// A call that the server has to refuse after it has begun: nobody has the widget.
    async fn break_a_rule(&mut self, client: &Client) {
        let name = self.next_name();
        let change = format!("updated {name}");
        self.records.began(&change);
        let update = UpdateWidget { id: db::WidgetId::generate(), name: Some(name), config: None };
        let refused = client.call::<widgets::update>(update).await;
        self.records.ended(&change, outcome(&refused));
    }

    /// A call whose caller does not wait for the answer.
    async fn leave(&mut self, client: &Client) {
        let name = self.next_name();
        let change = format!("created {name}");
        self.records.began(&change);
        let patience = Duration::from_millis(self.random.random_range(0..15));
        let call = client.call::<widgets::create>(CreateWidget { name, config: None });
        if let Ok(answered) = timeout(patience, call).await {
            self.records.ended(&change, outcome(&answered));
        }
    }
}

fn outcome<T, E>(result: &Result<T, ClientError<E>>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(ClientError::Procedure(_)) => Outcome::Refused,
        // What failed inside may have been committed before it did.
        Err(ClientError::Failure(_) | ClientError::Transport(_)) => Outcome::Unanswered,
    }
}
