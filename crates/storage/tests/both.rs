//! Both storages do the same: a directory, and a real server that speaks S3, on loopback.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use storage::{Error, Place, Storage};

/// A key as they are drawn.
const KEY: &str = "0123456789abcdefghjkmnpqrs";
const OTHER: &str = "zzzz456789abcdefghjkmnpqrs";

fn file(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("staged");
    std::fs::write(&path, bytes).unwrap();
    path
}

async fn read(storage: &Storage, key: &str, range: std::ops::Range<u64>) -> Vec<u8> {
    let parts: Vec<Bytes> = storage.get(key, range).await.unwrap().try_collect().await.unwrap();
    parts.concat()
}

async fn keys(storage: &Storage) -> Vec<String> {
    let found: Vec<_> = storage.list().try_collect().await.unwrap();
    let mut keys: Vec<_> = found.into_iter().map(|found| found.key).collect();
    keys.sort();
    keys
}

/// Objects are put, read whole and in part, listed and deleted.
async fn story(storage: &Storage, scratch: &Path) {
    assert_eq!(keys(storage).await, Vec::<String>::new());
    // Beyond what is sent in one part.
    let bytes: Vec<u8> = (0..=250).cycle().take(12_000_000).collect();
    let length = bytes.len() as u64;
    storage.put(KEY, &file(scratch, &bytes)).await.unwrap();
    std::fs::remove_file(scratch.join("staged")).unwrap();
    storage.put(OTHER, &file(scratch, b"other")).await.unwrap();
    assert_eq!(keys(storage).await, [KEY, OTHER]);
    assert!(read(storage, KEY, 0..length).await == bytes);
    assert!(read(storage, KEY, 100_000..300_001).await == bytes[100_000..300_001]);
    assert_eq!(read(storage, KEY, length - 1..length).await, bytes[bytes.len() - 1..]);
    assert_eq!(read(storage, KEY, 5..5).await, b"");

    storage.delete(KEY).await.unwrap();
    storage.delete(KEY).await.unwrap();
    assert!(matches!(storage.get(KEY, 0..5).await.err(), Some(Error::NotFound)));
    assert_eq!(keys(storage).await, [OTHER]);
    for odd in ["", "../../../../../etc/passwd", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] {
        assert!(matches!(storage.get(odd, 0..5).await.err(), Some(Error::NotFound)), "{odd}");
    }
    storage.probe(KEY, &file(scratch, b"probe")).await.unwrap();
    assert_eq!(keys(storage).await, [OTHER], "a probe leaves nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory() {
    use std::os::unix::fs::PermissionsExt as _;

    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().join("uploads");
    let storage = Storage::open(Place::Local(root.clone())).unwrap();
    story(&storage, scratch.path()).await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&root), 0o700);
    assert_eq!(mode(&root.join("zz")), 0o700);
    assert_eq!(mode(&root.join("zz/zz456789abcdefghjkmnpqrs")), 0o600);
    std::fs::write(root.join("README"), "not one of ours").unwrap();
    assert_eq!(keys(&storage).await, [OTHER]);
}

#[cfg(feature = "s3")]
mod bucket {
    use std::net::SocketAddr;

    use hyper_util::rt::{TokioExecutor, TokioIo};
    use hyper_util::server::conn::auto::Builder;
    use s3s::access::{S3Access, S3AccessContext};
    use s3s::dto::UploadPartInput;
    use s3s::{S3Request, S3Result, auth::SimpleAuth, s3_error, service::S3ServiceBuilder};
    use storage::S3Place;
    use tokio::net::TcpListener;

    use super::*;

    /// A server that keeps buckets in a folder, and checks signatures.
    async fn serve(root: &Path) -> SocketAddr {
        serve_with(root, Allowed { parts: i32::MAX }).await
    }

    /// So many parts of an object, and everything else.
    struct Allowed {
        parts: i32,
    }

    #[async_trait::async_trait]
    impl S3Access for Allowed {
        async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
            context.credentials().map(drop).ok_or_else(|| s3_error!(AccessDenied))
        }

        async fn upload_part(&self, request: &mut S3Request<UploadPartInput>) -> S3Result<()> {
            let is_allowed = request.input.part_number <= self.parts;
            is_allowed.then_some(()).ok_or_else(|| s3_error!(AccessDenied))
        }
    }

    async fn serve_with(root: &Path, allowed: Allowed) -> SocketAddr {
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
        builder.set_auth(SimpleAuth::from_single("key", "secret"));
        builder.set_access(allowed);
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let builder = Builder::new(TokioExecutor::new());
                    drop(builder.serve_connection(TokioIo::new(stream), service).await);
                });
            }
        });
        address
    }

    fn place(address: SocketAddr, secret: &str) -> Place {
        Place::S3(S3Place {
            bucket: "files".into(),
            prefix: "chat/uploads".into(),
            endpoint: format!("http://{address}"),
            region: String::new(),
            access_key: "key".into(),
            secret_key: secret.into(),
        })
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn of_a_server_on_loopback() {
        let (root, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::create_dir(root.path().join("files")).unwrap();
        let address = serve(root.path()).await;
        let storage = Storage::open(place(address, "secret")).unwrap();
        story(&storage, scratch.path()).await;
        let inside = root.path().join("files/chat/uploads/zz/zz456789abcdefghjkmnpqrs");
        assert_eq!(std::fs::read(inside).unwrap(), b"other", "under the prefix");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_wrong_secret_and_a_closed_door_are_said() {
        let (root, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::create_dir(root.path().join("files")).unwrap();
        let address = serve(root.path()).await;
        let storage = Storage::open(place(address, "wrong")).unwrap();
        let error = storage.put(KEY, &file(scratch.path(), b"x")).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error}");
        assert!(!error.to_string().contains("wrong"), "{error}");
    }

    /// Files in a folder and those in it, but for what the server was just receiving.
    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
            .filter(|path| !path.file_name().unwrap().to_str().unwrap().starts_with(".tmp."))
            .collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_copy_that_fails_half_way_leaves_nothing_behind() {
        let (root, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::create_dir(root.path().join("files")).unwrap();
        let address = serve_with(root.path(), Allowed { parts: 1 }).await;
        let storage = Storage::open(place(address, "secret")).unwrap();
        let large = file(scratch.path(), &vec![7; 40_000_000]);
        let error = storage.put(KEY, &large).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error}");
        assert_eq!(files(root.path()), Vec::<PathBuf>::new(), "neither parts nor an object");
        let small = file(scratch.path(), &vec![7; 9_000_000]);
        assert!(storage.put(KEY, &small).await.is_err(), "also when it is the last part");
        assert_eq!(files(root.path()), Vec::<PathBuf>::new());
        storage.put(KEY, &file(scratch.path(), b"whole")).await.unwrap();
    }
}
