//! The configuration, one struct per concern. How a value is found is in `settings.rs`.

mod network;
mod settings;
mod uploads;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use network::Network;
pub use settings::{DEFAULT_FILE, FileValues, SETTINGS, Setting, Values, example, read_file};
pub use uploads::UploadsConfig;

/// Everything that an operator decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the server listens and what it believes.
    pub network: NetworkConfig,
    /// Where things are kept.
    pub storage: StorageConfig,
    /// Where uploads are kept, and how many.
    pub uploads: UploadsConfig,
    /// What the site is.
    pub site: SiteConfig,
    /// What people may do in conversations.
    pub chat: ChatConfig,
    /// What is logged.
    pub log: LogConfig,
    /// Whether requests are limited (`ROOKERY_RATE_LIMIT`).
    pub rate_limit: bool,
}

/// Where the server listens and what it believes.
#[derive(Clone, Debug)]
pub struct NetworkConfig {
    /// `ROOKERY_LISTEN`.
    pub listen: SocketAddr,
    /// `ROOKERY_ADMIN_LISTEN`.
    pub admin_listen: Option<SocketAddr>,
    /// `ROOKERY_PUBLIC_URL`.
    pub public_url: Option<PublicUrl>,
    /// `ROOKERY_TRUSTED_PROXIES`.
    pub trusted_proxies: Vec<Network>,
    /// `ROOKERY_MAX_CONNECTIONS`, 1 to 1,000,000.
    pub max_connections: usize,
}

/// Where things are kept.
#[derive(Clone)]
pub struct StorageConfig {
    /// `ROOKERY_DATA_DIR`.
    pub data_dir: PathBuf,
    /// `ROOKERY_DATABASE_URL`; SQLite in the data directory when it is not set.
    pub database_url: String,
}

/// Leaves out the database's URL, which may hold a password.
impl fmt::Debug for StorageConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StorageConfig").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

/// What the site is.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// `ROOKERY_SITE_NAME`, 1 to 64 characters.
    pub name: String,
    /// `ROOKERY_REGISTRATION`.
    pub registration: Registration,
}

/// Who may register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anybody.
    Open,
    /// Whoever has an invitation.
    Invitation,
    /// Nobody; accounts are made on the command line.
    Closed,
}

impl Registration {
    /// The word in the configuration and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invitation => "invitation",
            Self::Closed => "closed",
        }
    }
}

/// What people may do in conversations.
#[derive(Clone, Copy, Debug)]
pub struct ChatConfig {
    /// `ROOKERY_RECALL_WINDOW_SECONDS`, 0 to 31,536,000 (a year).
    pub recall_window_seconds: i64,
}

/// What is logged.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// `ROOKERY_LOG_LEVEL`.
    pub level: String,
    /// `ROOKERY_LOG_FORMAT` is `json`.
    pub json: bool,
    /// `ROOKERY_LOG_RETENTION_DAYS`, 1 to 36,500.
    pub retention_days: u32,
}

/// How browsers reach the server: scheme and host, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// `https://chat.example.org`, lower case, without a trailing slash or default port.
    pub origin: String,
    /// Whether the scheme is `https`.
    pub https: bool,
}

impl Config {
    /// Checks every value.
    ///
    /// # Errors
    /// The first value that is not usable, with the flag, variable or file that it came from.
    pub fn from_values(values: &Values) -> anyhow::Result<Self> {
        let data_dir = PathBuf::from(values.text("data_dir").unwrap_or("./rookery-data"));
        let database_url = match values.text("database_url") {
            Some(url) => url.to_owned(),
            None => format!("sqlite:{}", data_dir.join("rookery.db").display()),
        };
        let uploads = UploadsConfig::from_values(values, &data_dir)?;
        Ok(Self {
            network: NetworkConfig {
                listen: required(values, "listen", address)?,
                admin_listen: values.parse("admin_listen", address)?,
                public_url: values.parse("public_url", public_url)?,
                trusted_proxies: values.parse("trusted_proxies", networks)?.unwrap_or_default(),
                max_connections: required(values, "max_connections", number(1, 1_000_000))?,
            },
            storage: StorageConfig { data_dir, database_url },
            uploads,
            site: SiteConfig {
                name: required(values, "site_name", site_name)?,
                registration: required(values, "registration", registration)?,
            },
            chat: ChatConfig {
                recall_window_seconds: required(
                    values,
                    "recall_window_seconds",
                    number(0, 31_536_000),
                )?,
            },
            log: LogConfig {
                level: required(values, "log_level", log_level)?,
                json: required(values, "log_format", one_of("json", "text"))?,
                retention_days: required(values, "log_retention_days", number(1, 36_500))?,
            },
            rate_limit: required(values, "rate_limit", one_of("on", "off"))?,
        })
    }

    /// Reads the file and the environment of this process; `flag` gives the flags.
    ///
    /// # Errors
    /// As [`read_file`] and [`Config::from_values`].
    pub fn load(
        file: Option<&Path>,
        flag: impl Fn(&Setting) -> Option<String>,
    ) -> anyhow::Result<Self> {
        let file = read_file(file)?;
        Self::from_values(&Values::resolve(flag, |name| std::env::var(name).ok(), &file))
    }

    /// Whether browsers come by TLS, so that cookies may insist on it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.network.public_url.as_ref().is_some_and(|url| url.https)
    }
}

fn required<T>(
    values: &Values,
    key: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> anyhow::Result<T> {
    values.parse(key, parse)?.ok_or_else(|| anyhow::anyhow!("`{key}` must not be empty"))
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("`{text}` is no ADDRESS:PORT such as 127.0.0.1:8080"))
}

fn number<T>(least: u32, most: u32) -> impl FnOnce(&str) -> Result<T, String>
where
    T: TryFrom<u32>,
{
    move |text| {
        let value: Option<u32> = text.parse().ok().filter(|n| (least..=most).contains(n));
        value
            .and_then(|value| T::try_from(value).ok())
            .ok_or_else(|| format!("expected a number from {least} to {most}"))
    }
}

/// `true` for `yes`, `false` for `no`.
fn one_of(yes: &'static str, no: &'static str) -> impl FnOnce(&str) -> Result<bool, String> {
    move |text| match text {
        _ if text == yes => Ok(true),
        _ if text == no => Ok(false),
        _ => Err(format!("expected `{yes}` or `{no}`")),
    }
}

fn networks(text: &str) -> Result<Vec<Network>, String> {
    text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::parse).collect()
}

fn site_name(text: &str) -> Result<String, String> {
    let fits = text.chars().count() <= 64 && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err("expected 1 to 64 characters".to_owned()) }
}

fn registration(text: &str) -> Result<Registration, String> {
    [Registration::Open, Registration::Invitation, Registration::Closed]
        .into_iter()
        .find(|way| way.as_str() == text)
        .ok_or_else(|| "expected `open`, `invitation` or `closed`".to_owned())
}

fn log_level(text: &str) -> Result<String, String> {
    match text.parse::<tracing_subscriber::EnvFilter>() {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("no log filter: {error}")),
    }
}

fn public_url(text: &str) -> Result<PublicUrl, String> {
    let expected = "expected a URL such as https://chat.example.org, without a path";
    let uri: axum::http::Uri = text.parse().map_err(|_| expected.to_owned())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(expected.to_owned());
    };
    let https = match scheme {
        "https" => true,
        "http" => false,
        _ => return Err(expected.to_owned()),
    };
    let plain = uri.path() == "/" && uri.query().is_none() && !authority.as_str().contains('@');
    if !plain || authority.host().is_empty() {
        return Err(expected.to_owned());
    }
    let host = authority.host().to_lowercase();
    let default_port = if https { 443 } else { 80 };
    let origin = match authority.port_u16() {
        Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    };
    Ok(PublicUrl { origin, https })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(pairs: &[(&str, &str)]) -> anyhow::Result<Config> {
        let flag = |setting: &Setting| {
            pairs.iter().find(|(key, _)| *key == setting.key).map(|(_, value)| (*value).to_owned())
        };
        Config::from_values(&Values::resolve(flag, |_| None, &settings::FileValues::default()))
    }

    #[test]
    fn the_defaults_are_usable() {
        let config = config(&[]).unwrap();
        assert_eq!(config.network.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.storage.database_url, "sqlite:./rookery-data/rookery.db");
        assert!(config.rate_limit && !config.is_https());
    }

    #[test]
    fn bad_values_name_their_source() {
        for (key, value) in [
            ("listen", "8080"),
            ("public_url", "chat.example.org"),
            ("public_url", "https://chat.example.org/path"),
            ("trusted_proxies", "10.0.0.0/8, nonsense"),
            ("registration", "maybe"),
            ("rate_limit", "no"),
            ("max_connections", "0"),
            ("log_level", "info,=="),
        ] {
            let error = config(&[(key, value)]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("--{}", key.replace('_', "-"))), "{error}");
        }
    }

    #[test]
    fn a_public_url_becomes_an_origin() {
        let origin = |text| public_url(text).unwrap().origin;
        assert_eq!(origin("https://Chat.Example.org/"), "https://chat.example.org");
        assert_eq!(origin("https://chat.example.org:443"), "https://chat.example.org");
        assert_eq!(origin("http://[::1]:8080"), "http://[::1]:8080");
    }
}
