//! A server that speaks S3 and keeps buckets in a folder, in this process.

use std::path::{Path, PathBuf};

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A bucket called `files`, reachable on loopback until this is dropped.
pub(crate) struct Bucket {
    endpoint: String,
    root: tempfile::TempDir,
    serving: JoinHandle<()>,
}

impl Bucket {
    pub(crate) async fn open() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("files")).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single("key", "secret"));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let builder = Builder::new(TokioExecutor::new());
                    drop(builder.serve_connection(TokioIo::new(stream), service).await);
                });
            }
        });
        Self { endpoint, root, serving }
    }

    /// What a server needs to know of it, as (variable, value).
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        let settings = [
            ("ROOKERY_UPLOADS_URL", "s3://files/chat"),
            ("ROOKERY_S3_ENDPOINT", &self.endpoint),
            ("ROOKERY_S3_ACCESS_KEY", "key"),
            ("ROOKERY_S3_SECRET_KEY", "secret"),
        ];
        settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    /// The objects in it.
    pub(crate) fn objects(&self) -> Vec<PathBuf> {
        files(&self.root.path().join("files/chat"))
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The server leaves empty folders behind.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
