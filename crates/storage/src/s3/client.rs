//! The HTTP client that buckets are reached with: hyper's, with the cryptography of one small library.

use std::time::Duration;

use async_trait::async_trait;
use http_body_util::BodyExt as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{self, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector as Connect, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::time::timeout;

use crate::Error;

/// A connection that is not there after this is given up.
const CONNECT_DEADLINE: Duration = Duration::from_secs(10);
/// So is a request that is not answered; it moves at most one part of a large object.
const ANSWER_DEADLINE: Duration = Duration::from_secs(120);
/// So is an answer of which nothing more comes.
const FRAME_DEADLINE: Duration = Duration::from_secs(60);
/// Idle connections are closed after this.
const IDLE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
pub(super) struct Connector(legacy::Client<HttpsConnector<HttpConnector>, HttpRequestBody>);

impl Connector {
    /// Trusts whom the system trusts; over plain HTTP there is nobody to trust.
    ///
    /// # Errors
    /// When the system has no certificates.
    pub(super) fn new(is_plain: bool) -> Result<Self, Error> {
        let odd = |error: &dyn std::error::Error| Error::Unavailable(format!("TLS: {error}"));
        let provider = ring::default_provider();
        let builder = HttpsConnectorBuilder::new();
        let builder = if is_plain {
            let config = ClientConfig::builder_with_provider(provider.into())
                .with_safe_default_protocol_versions()
                .map_err(|error| odd(&error))?
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth();
            builder.with_tls_config(config)
        } else {
            builder.with_provider_and_native_roots(provider).map_err(|error| odd(&error))?
        };
        let mut plain = HttpConnector::new();
        plain.set_connect_timeout(Some(CONNECT_DEADLINE));
        plain.enforce_http(false);
        let connector = builder.https_or_http().enable_http1().wrap_connector(plain);
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self(client))
    }
}

impl Connect for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Connector {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = timeout(ANSWER_DEADLINE, self.0.request(request)).await;
        let answer = answer.map_err(|error| HttpError::new(HttpErrorKind::Timeout, error))?;
        let answer = answer.map_err(|error| {
            let kind = match error.is_connect() {
                true => HttpErrorKind::Connect,
                false => HttpErrorKind::Request,
            };
            HttpError::new(kind, error)
        })?;
        let (head, body) = answer.into_parts();
        let frames = futures_util::stream::try_unfold(body, |mut body| async move {
            let frame = timeout(FRAME_DEADLINE, body.frame()).await;
            let frame = frame.map_err(|error| HttpError::new(HttpErrorKind::Timeout, error))?;
            match frame {
                None => Ok(None),
                Some(Ok(frame)) => Ok(Some((frame, body))),
                Some(Err(error)) => Err(HttpError::new(HttpErrorKind::Interrupted, error)),
            }
        });
        let body = HttpResponseBody::new(http_body_util::StreamBody::new(Box::pin(frames)));
        Ok(HttpResponse::from_parts(head, body))
    }
}
