//! The broker over TLS, with authorities that nobody knows but the test.

use std::error::Error;

use tintype::{BrokerError, Topics};
use tintype_redis::{
    RedisBroker, RedisOptions, RedisOptionsError, Untrusted,
    testing::{Authority, TlsRedisServer},
};

use crate::broker_suite::{Tick, listening, subscribe, take, ticks};

fn topics(options: RedisOptions) -> Topics {
    Topics::new(RedisBroker::new(options).unwrap())
}

/// Subscribes, publishes and resumes.
async fn check(options: RedisOptions) {
    let (here, there) = (topics(options.clone()), topics(options));
    let mut events = listening(&ticks(&here)).await;

    let first = ticks(&there).publish(&Tick::At(1)).await.unwrap();
    ticks(&there).publish(&Tick::At(2)).await.unwrap();

    assert_eq!(take(&mut events, 2).await, [1, 2].map(Tick::At));
    let resumed = ticks(&there).resume_after(Some(first));
    let mut resumed = Box::pin(subscribe(&resumed).into_events());
    assert_eq!(take(&mut resumed, 1).await, [Tick::At(2)]);
}

#[tokio::test]
async fn events_arrive_over_tls_from_a_server_for_which_a_named_authority_vouches() {
    let authority = Authority::new();
    let server = TlsRedisServer::start(&authority).await;
    let two = format!("{}{}", Authority::new().certificate(), authority.certificate());

    check(RedisOptions::url(&server.url()).unwrap().trusting_only(two.as_bytes()).unwrap()).await;
}

#[tokio::test]
async fn the_authority_holds_for_sentinels_and_for_the_server_that_they_name() {
    let authority = Authority::new();
    let server = TlsRedisServer::start(&authority).await;
    let sentinel = TlsRedisServer::start_sentinel(&authority, &server).await;
    let options = RedisOptions::sentinel("mymaster", &[&sentinel.url()], "rediss://any").unwrap();

    check(options.trusting_only(authority.certificate().as_bytes()).unwrap()).await;
}

#[tokio::test]
async fn a_server_for_which_nobody_vouches_who_is_trusted_is_refused_by_name() {
    let server = TlsRedisServer::start(&Authority::new()).await;
    let options = RedisOptions::url(&server.url()).unwrap();
    let stranger = options.clone().trusting_only(Authority::new().certificate().as_bytes()).unwrap();

    // The authorities of the operating system do not know it either.
    for options in [stranger, options] {
        let error = ticks(&topics(options)).publish(&Tick::At(1)).await.unwrap_err();

        assert!(matches!(error, BrokerError::Unavailable(_)), "{error}");
        let source = error.source().unwrap();
        assert!(source.is::<Untrusted>(), "{source:?}");
        assert!(source.to_string().contains("trusting_only"), "{source}");
    }
}

#[test]
fn what_is_no_authority_is_named() {
    let refused = |url: &str, pem: &str| RedisOptions::url(url).unwrap().trusting_only(pem.as_bytes()).unwrap_err();
    let certificate = Authority::new().certificate();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    for nothing in ["", "nonsense"] {
        assert!(matches!(refused("rediss://host", nothing), RedisOptionsError::NoCertificate), "{nothing:?}");
    }
    let error = refused("rediss://host", &format!("{certificate}{broken}"));
    assert!(matches!(error, RedisOptionsError::Certificate { number: 2, .. }), "{error}");
    assert!(matches!(refused("redis://host", &certificate), RedisOptionsError::NoTls));
}
