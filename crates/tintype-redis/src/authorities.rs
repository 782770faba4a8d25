//! Who may vouch for a server over TLS.

use redis::{Client, ConnectionAddr, ConnectionInfo, RedisError, RedisResult, TlsCertificates};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

use crate::options::RedisOptionsError;

/// The certificate of a Redis server is not trusted.
///
/// It is the source of [`BrokerError::Unavailable`](tintype::BrokerError::Unavailable).
#[derive(Debug, thiserror::Error)]
#[error("the certificate of Redis is not trusted: give that of its authority to RedisOptions::trusting_only")]
pub struct Untrusted(#[source] RedisError);

impl Untrusted {
    /// Tells an error about the certificate from every other one.
    pub(crate) fn or_other(error: RedisError) -> Result<Self, RedisError> {
        if is_about_certificate(&error) { Ok(Self(error)) } else { Err(error) }
    }
}

fn is_about_certificate(error: &RedisError) -> bool {
    use std::{error::Error, io, sync::Arc};

    // As redis keeps what the connection said.
    let source = error.source().and_then(|source| source.downcast_ref::<Arc<dyn Error + Send + Sync>>());
    let inner = source.and_then(|source| source.downcast_ref::<io::Error>()).and_then(io::Error::get_ref);
    matches!(inner.and_then(|inner| inner.downcast_ref()), Some(rustls::Error::InvalidCertificate(_)))
}

/// Whether these are certificates of authorities, in PEM.
pub(crate) fn check(certificates: &[u8]) -> Result<(), RedisOptionsError> {
    let mut authorities = RootCertStore::empty();
    let mut number = 0;
    for certificate in CertificateDer::pem_slice_iter(certificates) {
        number += 1;
        let unusable = |source| RedisOptionsError::Certificate { number, source };
        let certificate = certificate.map_err(|error| unusable(error.into()))?;
        authorities.add(certificate).map_err(|error| unusable(error.into()))?;
    }
    if number == 0 { Err(RedisOptionsError::NoCertificate) } else { Ok(()) }
}

/// The server as it is reached when it must be vouched for by one of `authorities`, which are in PEM.
pub(crate) fn trusting_only(authorities: &[u8], server: ConnectionInfo) -> RedisResult<ConnectionInfo> {
    if !matches!(server.addr(), ConnectionAddr::TcpTls { .. }) {
        // A sentinel, which need not speak TLS.
        return Ok(server);
    }
    Ok(Client::build_with_tls(server, in_pem(authorities))?.get_connection_info().clone())
}

pub(crate) fn in_pem(authorities: &[u8]) -> TlsCertificates {
    TlsCertificates { client_tls: None, root_cert: Some(authorities.to_owned()) }
}
