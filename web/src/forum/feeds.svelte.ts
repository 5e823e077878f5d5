/** Lists of articles that were opened, so that coming back to one finds it as it was left. */
import { type ArticleQuery, getSummary, listArticles } from "../api/forum";
import type { ArticleSummary } from "../api/types";
import { type Problem, isProblem } from "../api/problem";
import type { Event } from "../events/wire";
import { MOST_LISTED, withArticle, withFirst, withPage, withoutArticle } from "./merge";

const PAGE = 30;
/** Lists kept. */
const MOST_FEEDS = 8;
/** Several articles published at once are looked for once, in milliseconds. */
const LOOK_AFTER_MS = 400;

export class Feed {
  readonly query: ArticleQuery;
  items: readonly ArticleSummary[] = $state.raw([]);
  phase: "loading" | "ready" | "failed" = $state("loading");
  problem: Problem | null = $state.raw(null);
  growing = $state(false);
  /** Published since, and not on the screen. */
  fresh: ReadonlySet<number> = $state.raw(new Set());
  cursor: string | null = $state(null);
  #asked = 0;
  #look: ReturnType<typeof setTimeout> | undefined;

  constructor(query: ArticleQuery) {
    this.query = query;
  }

  get hasMore(): boolean {
    return this.cursor !== null && this.items.length < MOST_LISTED;
  }

  /** What is new does not belong here, but on the first page. */
  get #isFurther(): boolean {
    return this.query.before !== undefined;
  }

  /** Is shown from now on. */
  open(): void {
    if (this.phase === "ready") void this.look();
    else void this.load();
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    if (this.phase === "failed") this.phase = "loading";
    try {
      const page = await listArticles({ ...this.query, limit: PAGE });
      if (asked !== this.#asked) return;
      this.items = page.articles;
      this.cursor = page.cursor ?? null;
      this.fresh = new Set();
      this.phase = "ready";
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (asked !== this.#asked) return;
      this.problem = error;
      this.phase = "failed";
    }
  }

  async more(): Promise<void> {
    const { cursor } = this;
    if (this.growing || cursor === null) return;
    this.growing = true;
    try {
      const page = await listArticles({ ...this.query, before: cursor, limit: PAGE });
      this.items = withPage(this.items, page.articles);
      this.cursor = page.cursor ?? null;
    } finally {
      this.growing = false;
    }
  }

  /** Puts what is new before what is there; everything that was loaded stays. */
  async takeFresh(): Promise<void> {
    const page = await listArticles({ ...this.query, limit: PAGE });
    this.items = withFirst(this.items, page.articles);
    this.fresh = new Set();
  }

  /** Looks whether something was published that is not on the screen, and shows the rest as it is now. */
  async look(): Promise<void> {
    if (this.phase !== "ready") return;
    try {
      const { articles } = await listArticles({ ...this.query, limit: PAGE });
      if (this.items.length === 0) {
        this.items = articles;
        return;
      }
      const known = new Set(this.items.map((one) => one.id));
      this.items = articles.reduce<readonly ArticleSummary[]>(withArticle, this.items);
      if (this.#isFurther) return;
      this.fresh = new Set(articles.filter((one) => !known.has(one.id)).map((one) => one.id));
    } catch (error) {
      // What is there is shown; the next event looks again.
      if (!isProblem(error)) throw error;
    }
  }

  hear(event: Event, category: number | undefined): void {
    if (event.type === "article.published") {
      if (this.query.status || this.query.sort === "liked" || this.#isFurther) return;
      if (this.query.category && category !== event.category_id) return;
      if (this.query.author && this.query.author !== event.author_id) return;
      if (this.query.tag || this.items.length === 0) return this.#lookSoon();
      if (this.items.some((one) => one.id === event.article_id)) return;
      this.fresh = new Set([...this.fresh, event.article_id]);
    } else if (event.type === "article.updated") {
      if (this.items.some((one) => one.id === event.article_id)) void this.#refresh(event.article_id);
    } else if (event.type === "article.removed") {
      this.items = withoutArticle(this.items, event.article_id);
      if (!this.fresh.has(event.article_id)) return;
      this.fresh = new Set([...this.fresh].filter((id) => id !== event.article_id));
    }
  }

  change(id: number, change: Partial<ArticleSummary>): void {
    this.items = this.items.map((one) => (one.id === id ? { ...one, ...change } : one));
  }

  remove(id: number): void {
    this.items = withoutArticle(this.items, id);
  }

  #lookSoon(): void {
    clearTimeout(this.#look);
    this.#look = setTimeout(() => void this.look(), LOOK_AFTER_MS);
  }

  async #refresh(id: number): Promise<void> {
    try {
      this.items = withArticle(this.items, await getSummary(id));
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (error.status === 404 || error.status === 410) this.remove(id);
    }
  }
}

/** By account and query; the one used last comes last. */
const feeds = new Map<string, Feed>();

/** The list of a query: as it was left, or a new one that is still to be opened. */
export function feedOf(me: number, query: ArticleQuery): Feed {
  const key = `${me} ${JSON.stringify(query)}`;
  const known = feeds.get(key);
  const feed = known ?? new Feed(query);
  feeds.delete(key);
  feeds.set(key, feed);
  const oldest = feeds.keys().next().value;
  if (feeds.size > MOST_FEEDS && oldest !== undefined) feeds.delete(oldest);
  return feed;
}

/** After something of one's own was published, changed or removed. */
export function forgetFeeds(): void {
  feeds.clear();
}
