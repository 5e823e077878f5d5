//! The one table of settings, and how a value is found: flag, then environment, then file, then default.
//! What the values mean is in the structs of `mod.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file that is read when `--config` names none, if it exists.
pub const DEFAULT_FILE: &str = "rookery.toml";
/// A larger configuration file is a mistake.
const MAX_FILE_BYTES: u64 = 256 * 1024;

/// One thing that can be set.
#[derive(Debug)]
pub struct Setting {
    /// The key in the file; in capitals after `ROOKERY_` the variable.
    pub key: &'static str,
    /// The flag, without the leading dashes.
    pub flag: &'static str,
    /// What holds when it is not set; empty means "none".
    pub default: &'static str,
    /// What a value looks like, for `--help`.
    pub shape: &'static str,
    /// What it does.
    pub doc: &'static str,
}

impl Setting {
    /// The environment variable.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("ROOKERY_{}", self.key.to_uppercase())
    }
}

macro_rules! settings {
    ($($key:literal, $flag:literal, $default:literal, $shape:literal, $doc:literal;)*) => {
        /// Every setting, in the order of the example file.
        pub const SETTINGS: &[Setting] =
            &[$(Setting { key: $key, flag: $flag, default: $default, shape: $shape, doc: $doc },)*];
    };
}

settings! {
    "listen", "listen", "127.0.0.1:8080", "ADDRESS:PORT",
        "Where to listen. Put a reverse proxy with TLS in front before listening to the world.";
    "admin_listen", "admin-listen", "", "ADDRESS:PORT",
        "Where /metrics is served; nowhere when empty. Keep it private.";
    "public_url", "public-url", "", "URL",
        "How browsers reach this server, such as https://chat.example.org. Decides the origin that may write and whether cookies need TLS. When empty, the Host header counts.";
    "trusted_proxies", "trusted-proxies", "", "NETWORKS",
        "Addresses or networks (10.0.0.0/8) of reverse proxies whose X-Forwarded-For counts.";
    "max_connections", "max-connections", "19000", "NUMBER",
        "The most open connections; beyond it new ones wait. Stay below the limit of open files.";
    "data_dir", "data-dir", "./rookery-data", "DIRECTORY",
        "Where everything is kept: database, uploads, lock and control socket.";
    "database_url", "database-url", "", "URL",
        "sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE. When empty, SQLite in the data directory.";
    "uploads_url", "uploads-url", "", "URL",
        "Where uploaded files are kept: s3://BUCKET/PREFIX in a store that speaks S3. When empty, in the data directory.";
    "s3_endpoint", "s3-endpoint", "", "URL",
        "The store's address, such as https://s3.example.org; Amazon's own when empty.";
    "s3_region", "s3-region", "us-east-1", "TEXT",
        "The store's region; stores without regions take any.";
    "s3_access_key", "s3-access-key", "", "TEXT",
        "The public half of the key to the store.";
    "s3_secret_key", "s3-secret-key", "", "TEXT",
        "The secret half. Give it in the environment or in a file that others cannot read, not as a flag.";
    "max_file_size", "max-file-size", "100 MiB", "SIZE",
        "The largest file that can be uploaded.";
    "upload_quota", "upload-quota", "2 GiB", "SIZE",
        "How much all uploads of one person may take.";
    "site_name", "site-name", "Rookery", "TEXT",
        "What the site is called; 1 to 64 characters.";
    "registration", "registration", "open", "open|invitation|closed",
        "Who may register.";
    "rate_limit", "rate-limit", "on", "on|off",
        "Limits of requests per account and per address. Off only for tests and benchmarks.";
    "recall_window_seconds", "recall-window-seconds", "120", "SECONDS",
        "How long a sender may take a message back; owner and admins of a group may at any time.";
    "log_level", "log-level", "info", "FILTER",
        "What is logged: error, warn, info, debug, or a filter such as info,rookery=debug.";
    "log_format", "log-format", "text", "text|json",
        "How it is logged, to standard error.";
    "log_retention_days", "log-retention-days", "30", "DAYS",
        "How long the event log is kept for devices that were away; messages are kept for ever.";
}

/// Where a value came from, for error messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// `--key`.
    Flag,
    /// `ROOKERY_KEY`.
    Environment,
    /// A file.
    File(PathBuf),
    /// The table above.
    Default,
}

/// Every setting's value as text, and where it came from.
#[derive(Debug)]
pub struct Values(BTreeMap<&'static str, (String, Source)>);

impl Values {
    /// Looks every setting up. `file` is what [`read_file`] gave.
    #[must_use]
    pub fn resolve(
        flag: impl Fn(&Setting) -> Option<String>,
        environment: impl Fn(&str) -> Option<String>,
        file: &FileValues,
    ) -> Self {
        let value = |setting: &'static Setting| {
            if let Some(text) = flag(setting) {
                (text, Source::Flag)
            } else if let Some(text) = environment(&setting.variable()) {
                (text, Source::Environment)
            } else if let Some(text) = file.values.get(setting.key) {
                (text.clone(), Source::File(file.path.clone()))
            } else {
                (setting.default.to_owned(), Source::Default)
            }
        };
        Self(SETTINGS.iter().map(|setting| (setting.key, value(setting))).collect())
    }

    /// The text of `key`, trimmed; `None` when it is empty.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|(text, _)| text.trim()).filter(|text| !text.is_empty())
    }

    /// `key` turned into a `T`. A failure names the flag, variable or file at fault, never a URL's password.
    ///
    /// # Errors
    /// When `parse` refuses the text; its error says what was expected.
    pub fn parse<T>(
        &self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> anyhow::Result<Option<T>> {
        let Some(text) = self.text(key) else { return Ok(None) };
        parse(text).map(Some).map_err(|expected| {
            let source = self.0.get(key).map_or(&Source::Default, |(_, source)| source);
            let place = match source {
                Source::Flag => format!("--{}", key.replace('_', "-")),
                Source::Environment => format!("ROOKERY_{}", key.to_uppercase()),
                Source::File(path) => format!("`{key}` in {}", path.display()),
                Source::Default => format!("the default of `{key}`"),
            };
            anyhow::anyhow!("{place}: {expected}")
        })
    }
}

/// What a file says.
#[derive(Debug, Default)]
pub struct FileValues {
    path: PathBuf,
    values: BTreeMap<String, String>,
}

/// Reads the file at `asked`, or [`DEFAULT_FILE`] if there is one, or nothing.
///
/// # Errors
/// When the file cannot be read, is no TOML, or holds an unknown key.
pub fn read_file(asked: Option<&Path>) -> anyhow::Result<FileValues> {
    let path = match asked {
        Some(path) => path,
        None if Path::new(DEFAULT_FILE).exists() => Path::new(DEFAULT_FILE),
        None => return Ok(FileValues::default()),
    };
    let name = path.display();
    let size = std::fs::metadata(path).map_err(|error| anyhow::anyhow!("{name}: {error}"))?.len();
    anyhow::ensure!(size <= MAX_FILE_BYTES, "{name}: larger than {MAX_FILE_BYTES} bytes");
    let text = std::fs::read_to_string(path).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    let values = parse_file(&text).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    Ok(FileValues { path: path.to_owned(), values })
}

fn parse_file(text: &str) -> Result<BTreeMap<String, String>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        if !SETTINGS.iter().any(|setting| setting.key == key) {
            return Err(format!(
                "unknown key `{key}`; `rookery config example` prints the known ones"
            ));
        }
        let text = plain(&value)
            .ok_or_else(|| format!("`{key}`: expected text, a number, on/off or a list of text"))?;
        values.insert(key, text);
    }
    Ok(values)
}

/// A TOML value as the text that a flag would hold.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(true) => Some("on".to_owned()),
        toml::Value::Boolean(false) => Some("off".to_owned()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<_>> = items.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// The commented example file.
#[must_use]
pub fn example() -> String {
    let mut text = String::from(
        "# Rookery's settings. Each can also be given as a flag (--site-name) or in the environment\n\
         # (ROOKERY_SITE_NAME); a flag wins over the environment, the environment over this file.\n\
         # This file is printed by `rookery config example`; unknown keys are refused.\n",
    );
    for setting in SETTINGS {
        let default = if setting.default.parse::<i64>().is_ok() {
            setting.default.to_owned()
        } else {
            format!("\"{}\"", setting.default)
        };
        text.push_str(&format!(
            "\n# {}\n# {}, {}\n#{} = {default}\n",
            setting.doc,
            setting.variable(),
            setting.shape,
            setting.key
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flag_beats_environment_beats_file_beats_default() {
        let file = FileValues {
            path: "x.toml".into(),
            values: parse_file("listen = 'f'\nsite_name = 'f'\nlog_level = 'f'").unwrap(),
        };
        let values = Values::resolve(
            |setting| (setting.key == "listen").then(|| "flag".to_owned()),
            |name| {
                ["ROOKERY_LISTEN", "ROOKERY_SITE_NAME"].contains(&name).then(|| "env".to_owned())
            },
            &file,
        );
        let got = ["listen", "site_name", "log_level", "log_format"].map(|key| values.text(key));
        assert_eq!(got, [Some("flag"), Some("env"), Some("f"), Some("text")]);
    }

    #[test]
    fn unknown_keys_and_odd_values_are_named() {
        assert!(parse_file("lisen = 'x'").unwrap_err().contains("unknown key `lisen`"));
        assert!(parse_file("[server]\nlisten = 'x'").unwrap_err().contains("unknown key `server`"));
        assert!(parse_file("listen = 1.5").unwrap_err().contains("`listen`"));
        let proxies = parse_file("trusted_proxies = ['10.0.0.0/8', '::1']\nrate_limit = false");
        let proxies = proxies.unwrap();
        assert_eq!(proxies["trusted_proxies"], "10.0.0.0/8,::1");
        assert_eq!(proxies["rate_limit"], "off");
    }

    #[test]
    fn the_example_is_valid_once_uncommented() {
        let text = example();
        let uncommented: String = text
            .lines()
            .filter_map(|line| line.strip_prefix('#'))
            .filter(|line| !line.starts_with(' '))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(parse_file(&uncommented).unwrap().len(), SETTINGS.len());
    }
}
