//! Objects in a bucket, by Amazon's protocol, which many others speak.

mod client;

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, RetryConfig};

use crate::{Error, S3Place};
use client::Connector;

/// Failed requests are sent again at most so often, and for at most [`RETRIES_DEADLINE`].
const MAX_RETRIES: usize = 3;
/// See [`MAX_RETRIES`].
const RETRIES_DEADLINE: Duration = Duration::from_secs(60);

/// The region that stores without regions are asked for.
const DEFAULT_REGION: &str = "us-east-1";

/// Opens a bucket; nothing is sent yet.
pub(crate) fn open(place: &S3Place) -> Result<Arc<dyn ObjectStore>, Error> {
    let region = if place.region.is_empty() { DEFAULT_REGION } else { &place.region };
    let is_plain = place.endpoint.starts_with("http://");
    let retry = RetryConfig {
        max_retries: MAX_RETRIES,
        retry_timeout: RETRIES_DEADLINE,
        ..RetryConfig::default()
    };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&place.bucket)
        .with_region(region)
        .with_access_key_id(&place.access_key)
        .with_secret_access_key(&place.secret_key)
        .with_client_options(ClientOptions::new().with_allow_http(is_plain))
        .with_http_connector(Connector::new(is_plain)?)
        .with_retry(retry);
    if !place.endpoint.is_empty() {
        builder = builder.with_endpoint(&place.endpoint);
    }
    let store = builder.build()?;
    Ok(if place.prefix.is_empty() {
        Arc::new(store)
    } else {
        Arc::new(PrefixStore::new(store, place.prefix.as_str()))
    })
}
