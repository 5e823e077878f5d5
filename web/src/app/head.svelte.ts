/**
 * What the page that is open is called, for the title of the window, and what the document's head says of it: where it
 * is, its feed, and what previews of a link show. The server has written the head of the page that was loaded.
 */
import { i18n } from "../i18n/i18n.svelte";
import { router } from "./router.svelte";
import { session } from "./session.svelte";
import { takeover } from "./takeover.svelte";

/** Of a page that everybody may read. */
export interface Head {
  /** Where it is, as a path with its query. */
  path: string;
  /** Open Graph's word for it. */
  kind: "website" | "article" | "profile";
  /** For those who have not opened it; may be empty. */
  description: string;
  /** A path. */
  image?: string | null | undefined;
  feed?: { name: string; path: string } | undefined;
}

/** The longest description, as the server cuts it. */
const MAX_DESCRIPTION = 300;
const OF_A_PAGE = [
  'link:is([rel="canonical"], [rel="first"], [rel="prev"], [rel="next"])',
  'link[rel="alternate"][type="application/atom+xml"]',
  'meta:is([name="description"], [name="robots"], [property^="og:"])',
  'script[type="application/ld+json"]',
].join();

let called = $state("");
let head = $state.raw<Head | null>(null);
/** What the head says, as far as it is known; null while it is the server's and nothing has been drawn here. */
let shown: string | null = null;

export const pageTitle = {
  get name(): string {
    return called;
  },
};

/** Until the returned function is called. */
export function callPage(name: string, of: Head | null = null): () => void {
  called = name;
  head = of;
  return () => {
    if (called === name) called = "";
    if (head === of) head = null;
  };
}

/** Keeps the document's head true; to be called in an effect. */
export function keepHead(): void {
  const site = session.site?.name || "Rookery";
  const tags = head ? tagsOf(head, called, site) : [];
  if (takeover.waits) return;
  const now = JSON.stringify(tags);
  if (now === shown) return;
  // The first page's is as the server wrote it, also while the client does not know yet what that is.
  const isFirst = shown === null && router.visit === 0;
  if (isFirst && !head) return;
  shown = now;
  if (isFirst && isWritten(tags)) return;
  for (const one of document.head.querySelectorAll(OF_A_PAGE)) one.remove();
  for (const [name, attributes] of tags) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    document.head.append(element);
  }
}

type Tag = [name: "link" | "meta", attributes: Record<string, string>];

function tagsOf(of: Head, title: string, site: string): Tag[] {
  const url = location.origin + of.path;
  const description = Array.from(of.description).slice(0, MAX_DESCRIPTION).join("");
  const graph = (property: string, content: string): Tag => ["meta", { property: `og:${property}`, content }];
  return [
    ["link", { rel: "canonical", href: url }],
    graph("url", url),
    graph("title", title),
    graph("type", of.kind),
    graph("site_name", site),
    graph("locale", i18n.locale === "zh" ? "zh_CN" : "en_GB"),
    ...(description ? [["meta", { name: "description", content: description }] satisfies Tag] : []),
    ...(description ? [graph("description", description)] : []),
    ...(of.image ? [graph("image", location.origin + of.image)] : []),
    ...(of.feed
      ? [
          [
            "link",
            { rel: "alternate", type: "application/atom+xml", title: of.feed.name, href: of.feed.path },
          ] satisfies Tag,
        ]
      : []),
  ];
}

/** The server has written the head of this very page, and has more to say of it than is known here. */
function isWritten(tags: readonly Tag[]): boolean {
  const canonical = document.head.querySelector<HTMLLinkElement>('link[rel="canonical"]');
  const path = (url: string | undefined) => {
    const { pathname, search } = new URL(url ?? "/", location.origin);
    return pathname + search;
  };
  return canonical !== null && path(canonical.href) === path(tags[0]?.[1].href);
}
