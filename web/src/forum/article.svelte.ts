/** An article that is open, and its comments. */
import * as api from "../api/forum";
import type { Article, Comment, CommentSort } from "../api/types";
import { type Problem, isProblem } from "../api/problem";
import type { Event } from "../events/wire";
import type { Turn } from "./turns";
import { ancestorsOf, withComment, withComments, withoutComment } from "./tree";

/** Comments fetched at once. */
const PAGE = 200;
/** Pages read to find a comment that a link leads to. */
const MOST_PAGES = 10;

export class OpenArticle {
  readonly id: number;
  article: Article | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  comments: readonly Comment[] = $state.raw([]);
  sort: CommentSort = $state("oldest");
  phase: "loading" | "ready" | "failed" = $state("loading");
  /** The comments behind this cursor are there, not those before it; null from the first one on. */
  before: string | null = $state(null);
  cursor: string | null = $state(null);
  growing = $state(false);
  folded: ReadonlySet<number> = $state.raw(new Set());
  /** What happens to it does not matter any more. */
  closed = false;
  #asked = 0;

  constructor(id: number, { sort, before }: Turn) {
    this.id = id;
    this.sort = sort;
    this.before = before;
  }

  async load(): Promise<void> {
    try {
      this.article = await api.getArticle(this.id);
      this.problem = null;
    } catch (error) {
      if (!isProblem(error)) throw error;
      // What is being read stays while there is no answer.
      if (this.article && error.transient) return;
      this.article = null;
      this.problem = error;
    }
  }

  change(change: Partial<Article>): void {
    if (this.article) this.article = { ...this.article, ...change };
  }

  async loadComments(sort = this.sort, before = this.before): Promise<void> {
    const asked = ++this.#asked;
    this.sort = sort;
    this.before = before;
    this.phase = "loading";
    try {
      const page = await api.listComments(this.id, { sort, ...(before && { before }), limit: PAGE });
      if (asked !== this.#asked) return;
      this.comments = page.comments;
      this.cursor = page.cursor ?? null;
      this.phase = "ready";
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (asked === this.#asked) this.phase = "failed";
    }
  }

  async moreComments(): Promise<void> {
    const { cursor, sort } = this;
    if (this.growing || cursor === null) return;
    const asked = this.#asked;
    this.growing = true;
    try {
      const page = await api.listComments(this.id, { sort, before: cursor, limit: PAGE });
      if (asked !== this.#asked) return;
      this.comments = withComments(this.comments, page.comments);
      this.cursor = page.cursor ?? null;
    } finally {
      this.growing = false;
    }
  }

  /** Reads on until a comment is there, and unfolds what it lies under. False when it is nowhere. */
  async find(comment: number): Promise<boolean> {
    const here = () => this.comments.some((one) => one.id === comment);
    for (let page = 0; page < MOST_PAGES && !here() && this.cursor !== null; page++) {
      try {
        await this.moreComments();
      } catch (error) {
        if (!isProblem(error)) throw error;
        return false;
      }
    }
    // On a further page it may stand before it.
    if (!here() && this.before !== null) {
      await this.loadComments(this.sort, null);
      return this.find(comment);
    }
    if (!here()) return false;
    const over = ancestorsOf(this.comments, comment);
    if (over.some((id) => this.folded.has(id))) {
      this.folded = new Set([...this.folded].filter((id) => !over.includes(id)));
    }
    return true;
  }

  fold(comment: number): void {
    const next = new Set(this.folded);
    if (!next.delete(comment)) next.add(comment);
    this.folded = next;
  }

  put(comment: Comment): void {
    const isNew = !this.comments.some((one) => one.id === comment.id);
    // What is sorted by likes or from the newest shows what was just written on top.
    this.comments = withComment(this.comments, comment, this.sort === "oldest" ? "last" : "first");
    if (isNew && this.article) this.change({ comments: this.article.comments + 1 });
  }

  drop(comment: number): void {
    if (!this.comments.some((one) => one.id === comment)) return;
    this.comments = withoutComment(this.comments, comment);
    if (this.article) this.change({ comments: Math.max(0, this.article.comments - 1) });
  }

  hear(event: Event): void {
    if (this.closed) return;
    if (event.type === "article.updated" || event.type === "article.removed") {
      if (event.article_id === this.id) void this.load();
    } else if (event.type === "notification.created") {
      const { article_id, comment_id } = event.notification;
      if (article_id === this.id && comment_id) void this.#fetch(comment_id);
    }
  }

  async #fetch(comment: number): Promise<void> {
    try {
      this.put(await api.getComment(comment));
    } catch (error) {
      // It may be gone again.
      if (!isProblem(error)) throw error;
    }
  }
}
