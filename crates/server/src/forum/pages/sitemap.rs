//! The sitemap (sitemaps.org): the forum, its categories, and everything that is published. With many articles it is an
//! index of parts, each of a stretch of articles' numbers, so that no answer and no query grows with the forum.

use std::io;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use protocol::{ArticleId, Timestamp};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::reader::{Named, Reader};
use super::{address, kept};
use crate::app::AppState;
use crate::forum::{self, Viewer, store};
use crate::problem::{Answer, Refusal};
use protocol::Code;

/// Articles' numbers of one part, at most; the format allows 50,000 addresses.
const PART: i64 = 10_000;
/// What all elements are in.
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Addresses, each with when it changed last, if that is known.
type Places = Vec<(String, Option<Timestamp>)>;

/// `/sitemap.xml`
pub(super) async fn index(
    State(app): State<AppState>,
    reader: Reader,
    headers: HeaderMap,
) -> Response {
    let xml = async {
        let last = app.delivery.read(store::last_published).await?.map_or(0, ArticleId::get);
        if last < PART {
            let mut places = tops(&app, &reader).await?;
            places.extend(articles(&app, &reader, 0).await?);
            return write("urlset", "url", &places);
        }
        let part = |name: String| (format!("{}/sitemaps/{name}.xml", reader.origin), None);
        let mut parts = vec![part("forum".to_owned())];
        parts.extend((0..=last / PART).map(|n| part(format!("articles-{n}"))));
        write("sitemapindex", "sitemap", &parts)
    };
    answer(&reader, &headers, xml.await)
}

/// `/sitemaps/{name}`
pub(super) async fn part(
    State(app): State<AppState>,
    reader: Reader,
    Named(name): Named,
    headers: HeaderMap,
) -> Response {
    let xml = async {
        let name = name.strip_suffix(".xml").unwrap_or_default();
        let number = name.strip_prefix("articles-").and_then(|n| n.parse::<u32>().ok());
        let places = match (name, number) {
            ("forum", _) => tops(&app, &reader).await?,
            (_, Some(number)) => articles(&app, &reader, i64::from(number)).await?,
            _ => return Err(Code::NotFound.into()),
        };
        write("urlset", "url", &places)
    };
    answer(&reader, &headers, xml.await)
}

fn answer(reader: &Reader, headers: &HeaderMap, xml: Answer<Vec<u8>>) -> Response {
    match xml {
        Ok(xml) => kept::answer(headers, "application/xml; charset=utf-8", None, xml),
        Err(refusal) => reader.refuse(&refusal),
    }
}

/// The forum and its categories.
async fn tops(app: &AppState, reader: &Reader) -> Answer<Places> {
    let categories = forum::categories(app, Viewer::from(None)).await?.categories;
    let paths = categories.into_iter().map(|category| address::category(&category.slug));
    let paths = std::iter::once("/forum".to_owned()).chain(paths);
    Ok(paths.map(|path| (format!("{}{path}", reader.origin), None)).collect())
}

/// The articles of a part.
async fn articles(app: &AppState, reader: &Reader, part: i64) -> Answer<Places> {
    let found = app
        .delivery
        .read(move |db| Answer::Ok(store::published_between(db, part * PART, (part + 1) * PART)?))
        .await?;
    let place = |(id, changed): (ArticleId, Timestamp)| {
        (format!("{}{}", reader.origin, address::article(id)), Some(changed))
    };
    Ok(found.into_iter().map(place).collect())
}

fn write(root: &str, each: &str, places: &Places) -> Answer<Vec<u8>> {
    xml(root, each, places).map_err(Refusal::internal)
}

fn xml(root: &str, each: &str, places: &Places) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let root = writer.create_element(root).with_attribute(("xmlns", NAMESPACE));
    root.write_inner_content(|writer| {
        for (address, changed) in places {
            writer.create_element(each).write_inner_content(|writer| {
                writer.create_element("loc").write_text_content(BytesText::new(address))?;
                if let Some(changed) = changed {
                    let changed = changed.to_string();
                    let element = writer.create_element("lastmod");
                    element.write_text_content(BytesText::new(&changed))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(writer.into_inner())
}
