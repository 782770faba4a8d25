//! Finds the server and connects to it.

use redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, ProtocolVersion, RedisError, RedisResult, TlsMode,
    aio::{AsyncPushSender, MultiplexedConnection},
    sentinel::{SentinelClient, SentinelNodeConnectionInfo, SentinelServerType},
};
use tokio::sync::Mutex;

#[cfg(feature = "rustls")]
use redis::sentinel::SentinelClientBuilder;

#[cfg(feature = "rustls")]
use crate::authorities;
use crate::options::{Address, RedisOptions};

/// The server, wherever it is at the moment.
pub(crate) struct Server {
    place: Place,
    config: AsyncConnectionConfig,
}

enum Place {
    Fixed(Box<Client>),
    // Asked for every new connection: after a failover the master is another.
    Sentinel(Box<Mutex<SentinelClient>>),
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
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(options.command_time))
            .set_response_timeout(Some(options.command_time));
        Ok(Self { place, config })
    }

    pub(crate) async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        self.client().await?.get_multiplexed_async_connection_with_config(&self.config).await
    }

    /// A connection on which channels can be listened to; what they bring goes to `sender`.
    pub(crate) async fn listen(&self, sender: impl AsyncPushSender) -> RedisResult<MultiplexedConnection> {
        let config = self.config.clone().set_push_sender(sender);
        self.client().await?.get_multiplexed_async_connection_with_config(&config).await
    }

    async fn client(&self) -> RedisResult<Client> {
        match &self.place {
            Place::Fixed(client) => Ok(client.as_ref().clone()),
            Place::Sentinel(sentinel) => sentinel.lock().await.async_get_client().await,
        }
    }
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
    use redis::{ErrorKind, ServerErrorKind};

    error.is_io_error()
        || error.is_timeout()
        || error.is_connection_dropped()
        || error.is_unrecoverable_error()
        // It was the master, and is none any more.
        || matches!(error.kind(), ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown))
}
