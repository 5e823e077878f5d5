/** The results of one search: the first of everything, or page after page of one kind. */
import { type SearchQuery, search } from "../api/search";
import { type Problem, isProblem } from "../api/problem";
import type { FoundGroup, FoundIn, FoundMessage, FoundPerson, SearchResults, User } from "../api/types";
import type { Kind } from "./ask.svelte";

/** Results of each kind, when all are shown. */
const FEW = 4;
/** Results of a page, when one kind is shown. */
const PAGE = 20;
/** Pages without a single result after which the reader is asked whether to look further. */
const MAX_EMPTY = 10;

interface Found {
  hits: FoundMessage[];
  next?: string | null | undefined;
}

export class Results {
  phase = $state<"idle" | "searching" | "done" | "failed">("idle");
  problem = $state.raw<Problem | null>(null);
  messages = $state.raw<Found | null>(null);
  files = $state.raw<Found | null>(null);
  people = $state.raw<FoundPerson[]>([]);
  groups = $state.raw<FoundGroup[]>([]);
  users = $state.raw<ReadonlyMap<number, User>>(new Map());
  conversations = $state.raw<ReadonlyMap<number, FoundIn>>(new Map());
  /** A further page is on its way. */
  growing = $state(false);
  #search = 0;
  #query: SearchQuery | null = null;

  get empty(): boolean {
    return !this.#any(this.messages) && !this.#any(this.files) && !this.people.length && !this.groups.length;
  }

  #any(found: Found | null): boolean {
    return !!found && (found.hits.length > 0 || !!found.next);
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
      this.messages = results.messages ?? null;
      this.files = results.files ?? null;
      this.people = results.people ?? [];
      this.groups = results.groups ?? [];
      this.problem = null;
      this.phase = "done";
      if (this.messages?.next && this.messages.hits.length === 0) await this.more("messages");
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (own !== this.#search) return;
      this.problem = error;
      this.phase = "failed";
    }
  }

  /** The next page; goes on over empty ones for a while. */
  async more(kind: "messages" | "files"): Promise<void> {
    const own = this.#search;
    if (this.growing || !this.#query) return;
    this.growing = true;
    try {
      for (let page = 0; page < MAX_EMPTY; page++) {
        const before = this[kind]?.next;
        if (!before) break;
        const results = await search({ ...this.#query, kind, before });
        if (own !== this.#search) return;
        this.#name(results);
        const found = results[kind] ?? { hits: [] };
        this[kind] = { hits: [...(this[kind]?.hits ?? []), ...found.hits], next: found.next };
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
    this.messages = this.files = null;
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
