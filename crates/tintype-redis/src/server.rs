//! Finds the server, or the masters of a cluster, and connects to them.

use std::sync::atomic::{AtomicUsize, Ordering};

use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, ErrorKind, ProtocolVersion, RedisError, RedisResult,
    TlsMode, Value,
    aio::{AsyncPushSender, MultiplexedConnection},
    cluster::{ClusterClient, ClusterClientBuilder},
    sentinel::{SentinelClient, SentinelNodeConnectionInfo, SentinelServerType},
};
use tokio::sync::Mutex;

#[cfg(feature = "rustls")]
use redis::sentinel::SentinelClientBuilder;

#[cfg(feature = "rustls")]
use crate::authorities;
use crate::{
    keys::Partitions,
    link::Link,
    options::{Address, RedisOptions},
};

/// The server, wherever it is at the moment.
pub(crate) struct Server {
    place: Place,
    config: AsyncConnectionConfig,
}

enum Place {
    Fixed(Box<Client>),
    // Asked for every new connection: after a failover the master is another.
    Sentinel(Box<Mutex<SentinelClient>>),
    Cluster(Box<Cluster>),
}

struct Cluster {
    client: ClusterClient,
    /// Who is asked for the masters, each in its turn: one that was cut off from the others does not know it.
    nodes: Vec<Client>,
    turn: AtomicUsize,
}

/// A server that has topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Master {
    /// Where it is; `None` if there is one server.
    pub(crate) address: Option<(String, u16)>,
    /// Which topics it has.
    pub(crate) partitions: Partitions,
}

impl Server {
    pub(crate) fn new(options: &RedisOptions) -> RedisResult<Self> {
        let place = match &options.address {
            Address::Server(info) => {
                let info = with_resp3(info);
                #[cfg(feature = "rustls")]
                let info = match &options.authorities {
                    Some(authorities) => authorities::trusting_only(authorities, info)?,
                    None => info,
                };
                Place::Fixed(Box::new(Client::open(info)?))
            }
            Address::Sentinel { master, sentinels, server } => {
                #[cfg(feature = "rustls")]
                let client = match &options.authorities {
                    Some(authorities) => sentinel_trusting_only(authorities, master, sentinels, server)?,
                    None => sentinel(master.clone(), sentinels, server)?,
                };
                #[cfg(not(feature = "rustls"))]
                let client = sentinel(master.clone(), sentinels, server)?;
                Place::Sentinel(Box::new(Mutex::new(client)))
            }
            Address::Cluster(nodes) => Place::Cluster(Box::new(Cluster::new(nodes, options)?)),
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(options.command_time))
            .set_response_timeout(Some(options.command_time));
        Ok(Self { place, config })
    }

    pub(crate) async fn connect(&self) -> RedisResult<Link> {
        let client = match &self.place {
            Place::Fixed(client) => client.as_ref().clone(),
            Place::Sentinel(sentinel) => sentinel.lock().await.async_get_client().await?,
            Place::Cluster(cluster) => {
                return Ok(Link::Cluster(Box::new(cluster.client.get_async_connection().await?)));
            }
        };
        Ok(Link::Server(client.get_multiplexed_async_connection_with_config(&self.config).await?))
    }

    /// Where topics are now: in a cluster as its nodes say, which may be behind for a moment.
    pub(crate) async fn masters(&self) -> RedisResult<Vec<Master>> {
        match &self.place {
            Place::Fixed(_) | Place::Sentinel(_) => Ok(vec![Master { address: None, partitions: Partitions::ALL }]),
            Place::Cluster(cluster) => cluster.masters(&self.config).await,
        }
    }

    /// A connection on which the channels of `master` can be listened to; what they bring goes to `sender`.
    pub(crate) async fn listen(
        &self,
        master: &Master,
        sender: impl AsyncPushSender,
    ) -> RedisResult<MultiplexedConnection> {
        let client = match &self.place {
            Place::Fixed(client) => client.as_ref().clone(),
            Place::Sentinel(sentinel) => sentinel.lock().await.async_get_client().await?,
            Place::Cluster(cluster) => cluster.node(master)?,
        };
        let config = self.config.clone().set_push_sender(sender);
        client.get_multiplexed_async_connection_with_config(&config).await
    }
}

impl Cluster {
    fn new(nodes: &[ConnectionInfo], options: &RedisOptions) -> RedisResult<Self> {
        let nodes = nodes.iter().map(with_resp3);
        #[cfg(feature = "rustls")]
        let nodes = nodes.map(|node| match &options.authorities {
            Some(authorities) => authorities::trusting_only(authorities, node),
            None => Ok(node),
        });
        #[cfg(not(feature = "rustls"))]
        let nodes = nodes.map(RedisResult::Ok);
        let nodes = nodes.collect::<RedisResult<Vec<_>>>()?;
        let builder = ClusterClientBuilder::new(nodes.clone())
            .use_protocol(ProtocolVersion::RESP3)
            .connection_timeout(options.command_time)
            .response_timeout(options.command_time);
        #[cfg(feature = "rustls")]
        let builder = match &options.authorities {
            Some(authorities) => builder.certs(authorities::in_pem(authorities)),
            None => builder,
        };
        let clients = nodes.into_iter().map(Client::open).collect::<RedisResult<_>>()?;
        Ok(Self { client: builder.build()?, nodes: clients, turn: AtomicUsize::new(0) })
    }

    /// The masters, as the next node says that answers.
    async fn masters(&self, config: &AsyncConnectionConfig) -> RedisResult<Vec<Master>> {
        let mut failure = RedisError::from((ErrorKind::ClusterConnectionNotFound, "no node of the cluster answers"));
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.nodes.len();
        for node in self.nodes[turn..].iter().chain(&self.nodes[..turn]) {
            let asked = async {
                let mut link = node.get_multiplexed_async_connection_with_config(config).await?;
                let slots: Value = redis::cmd("CLUSTER").arg("SLOTS").query_async(&mut link).await?;
                masters(slots, node.get_connection_info().addr())
            };
            match asked.await {
                Ok(masters) => return Ok(masters),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// A master, reached as the first of the nodes.
    fn node(&self, master: &Master) -> RedisResult<Client> {
        let known = self.nodes[0].get_connection_info();
        let Some((host, port)) = master.address.clone() else { return Client::open(known.clone()) };
        let address = match known.addr().clone() {
            ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
                ConnectionAddr::TcpTls { host, port, insecure, tls_params }
            }
            _ => ConnectionAddr::Tcp(host, port),
        };
        Client::open(known.clone().set_addr(address))
    }
}

/// Reads the answer to `CLUSTER SLOTS`: for each range of slots its ends, its master, and its replicas.
///
/// A node that does not know its own host is at `asked`.
fn masters(slots: Value, asked: &ConnectionAddr) -> RedisResult<Vec<Master>> {
    let asked = match asked {
        ConnectionAddr::Tcp(host, _) | ConnectionAddr::TcpTls { host, .. } => host.clone(),
        _ => String::new(),
    };
    let ranges: Vec<Vec<Value>> = redis::from_redis_value(slots)?;
    let mut masters: Vec<Master> = Vec::new();
    for range in ranges {
        let mut range = range.into_iter();
        let mut next = || {
            let missing = || RedisError::from((ErrorKind::UnexpectedReturnType, "a range of slots has no master"));
            range.next().ok_or_else(missing)
        };
        let (first, last) = (redis::from_redis_value(next()?)?, redis::from_redis_value(next()?)?);
        let node: Vec<Value> = redis::from_redis_value(next()?)?;
        let mut node = node.into_iter();
        let host: Option<String> = node.next().map(redis::from_redis_value).transpose()?.flatten();
        let port: u16 = redis::from_redis_value(node.next().unwrap_or(Value::Nil))?;
        let host = host.filter(|host| !host.is_empty() && host != "?").unwrap_or_else(|| asked.clone());
        let (address, partitions) = (Some((host, port)), Partitions::within(first, last));
        match masters.iter_mut().find(|master| master.address == address) {
            Some(master) => master.partitions = master.partitions.and(partitions),
            None => masters.push(Master { address, partitions }),
        }
    }
    masters.retain(|master| master.partitions != Partitions::default());
    Ok(masters)
}

fn sentinel(master: String, sentinels: &[ConnectionInfo], server: &ConnectionInfo) -> RedisResult<SentinelClient> {
    let node =
        SentinelNodeConnectionInfo::default().set_redis_connection_info(with_resp3(server).redis_settings().clone());
    let node = match server.addr() {
        redis::ConnectionAddr::TcpTls { .. } => node.set_tls_mode(TlsMode::Secure),
        _ => node,
    };
    SentinelClient::build(sentinels.to_vec(), master, Some(node), SentinelServerType::Master)
}

/// Only the builder takes certificates for the servers, and it knows one account for all sentinels.
#[cfg(feature = "rustls")]
fn sentinel_trusting_only(
    authorities: &[u8],
    master: &str,
    sentinels: &[ConnectionInfo],
    server: &ConnectionInfo,
) -> RedisResult<SentinelClient> {
    let sentinels = sentinels.iter().map(|sentinel| authorities::trusting_only(authorities, sentinel.clone()));
    let sentinels = sentinels.collect::<RedisResult<Vec<_>>>()?;
    let account = sentinels.first().map(|sentinel| sentinel.redis_settings().clone()).unwrap_or_default();
    let addresses = sentinels.iter().map(|sentinel| sentinel.addr().clone());
    let mut builder = SentinelClientBuilder::new(addresses, master, SentinelServerType::Master)?
        .set_client_to_redis_protocol(ProtocolVersion::RESP3)
        .set_client_to_redis_db(server.redis_settings().db())
        .set_client_to_redis_tls_mode(TlsMode::Secure)
        .set_client_to_redis_certificates(authorities::in_pem(authorities));
    if let Some(user) = server.redis_settings().username() {
        builder = builder.set_client_to_redis_username(user);
    }
    if let Some(password) = server.redis_settings().password() {
        builder = builder.set_client_to_redis_password(password);
    }
    if let Some(user) = account.username() {
        builder = builder.set_client_to_sentinel_username(user);
    }
    if let Some(password) = account.password() {
        builder = builder.set_client_to_sentinel_password(password);
    }
    builder.build()
}

/// Only the third version of the protocol has messages beside answers.
fn with_resp3(info: &ConnectionInfo) -> ConnectionInfo {
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    info.clone().set_redis_settings(settings)
}

/// Whether a connection that gave this error is of no more use.
pub(crate) fn is_broken(error: &RedisError) -> bool {
    use redis::ServerErrorKind;

    error.is_io_error()
        || error.is_timeout()
        || error.is_connection_dropped()
        || error.is_unrecoverable_error()
        // It was the master, and is none any more.
        || matches!(error.kind(), ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown))
}

/// Whether a slot of the cluster is on its way to another master: the same may be asked again a moment later.
pub(crate) fn is_moving(error: &RedisError) -> bool {
    use redis::ServerErrorKind::{Ask, TryAgain};

    matches!(error.kind(), ErrorKind::Server(Ask | TryAgain))
}
