/** The results of one search: the first of everything, or page after page of one kind. */
import { type SearchQuery, search } from "../api/search";
import { type Problem, isProblem } from "../api/problem";
import type {
  FoundArticle,
  FoundComment,
  FoundGroup,
  FoundIn,
  FoundMessage,
  FoundPerson,
  SearchResults,
  User,
} from "../api/types";
import type { Kind } from "./ask.svelte";

/** Results of each kind, when all are shown. */
const FEW = 4;
/** Results of a page, when one kind is shown. */
const PAGE = 20;
/** Pages without a single result after which the reader is asked whether to look further. */
const MAX_EMPTY = 10;

interface Found<Hit> {
  hits: Hit[];
  next?: string | null | undefined;
}

/** What comes in pages; absent what was not searched for. */
interface Pages {
  messages?: Found<FoundMessage> | undefined;
  files?: Found<FoundMessage> | undefined;
  articles?: Found<FoundArticle> | undefined;
  comments?: Found<FoundComment> | undefined;
}
export type Paged = keyof Pages;

function pagesOf(results: SearchResults): Pages {
  const { messages, files, articles, articles_next, comments, comments_next } = results;
  return {
    messages: messages ?? undefined,
    files: files ?? undefined,
    articles: articles ? { hits: articles, next: articles_next } : undefined,
    comments: comments ? { hits: comments, next: comments_next } : undefined,
  };
}

export class Results {
  phase = $state<"idle" | "searching" | "done" | "failed">("idle");
  problem = $state.raw<Problem | null>(null);
  pages = $state.raw<Pages>({});
  people = $state.raw<FoundPerson[]>([]);
  groups = $state.raw<FoundGroup[]>([]);
  users = $state.raw<ReadonlyMap<number, User>>(new Map());
  conversations = $state.raw<ReadonlyMap<number, FoundIn>>(new Map());
  /** A further page is on its way. */
  growing = $state(false);
  #search = 0;
  #query: SearchQuery | null = null;

  get empty(): boolean {
    const pages = Object.values(this.pages) as (Found<unknown> | undefined)[];
    const some = pages.some((found) => found && (found.hits.length > 0 || found.next));
    return !some && !this.people.length && !this.groups.length;
  }

  /** Searches anew; what an older search still brings is dropped. */
  async run(query: SearchQuery, kind: Kind | null): Promise<void> {
    const own = ++this.#search;
    this.phase = "searching";
    this.growing = false;
    this.#query = kind ? { ...query, kind, limit: PAGE } : { ...query, limit: FEW };
    try {
      const results = await search(this.#query);
      if (own !== this.#search) return;
      this.users = new Map();
      this.conversations = new Map();
      this.#name(results);
      this.pages = pagesOf(results);
      this.people = results.people ?? [];
      this.groups = results.groups ?? [];
      this.problem = null;
      this.phase = "done";
      const { messages } = this.pages;
      if (messages?.next && messages.hits.length === 0) await this.more("messages");
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (own !== this.#search) return;
      this.problem = error;
      this.phase = "failed";
    }
  }

  /** The next page; goes on over empty ones for a while. */
  async more(kind: Paged): Promise<void> {
    const own = this.#search;
    if (this.growing || !this.#query) return;
    this.growing = true;
    try {
      for (let page = 0; page < MAX_EMPTY; page++) {
        const before = this.pages[kind]?.next;
        if (!before) break;
        const results = await search({ ...this.#query, kind, before });
        if (own !== this.#search) return;
        this.#name(results);
        const found = pagesOf(results)[kind] ?? { hits: [] };
        const hits = [...(this.pages[kind]?.hits ?? []), ...found.hits];
        this.pages = { ...this.pages, [kind]: { hits, next: found.next } };
        if (found.hits.length > 0) break;
      }
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (own === this.#search) this.problem = error;
    } finally {
      if (own === this.#search) this.growing = false;
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#search++;
    this.phase = "idle";
    this.pages = {};
    this.people = [];
    this.groups = [];
  }

  #name(results: SearchResults): void {
    this.users = new Map([...this.users, ...results.users.map((user) => [user.id, user] as const)]);
    this.conversations = new Map([
      ...this.conversations,
      ...results.conversations.map((one) => [one.id, one] as const),
    ]);
  }
}
