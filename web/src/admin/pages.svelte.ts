/** A list that is read page by page. One page is held at a time; going back asks for the page before again. */
import { isProblem } from "../api/problem";
import { problemText } from "../ui/feedback.svelte";

export interface Page<T> {
  rows: readonly T[];
  /** For the next page; absent on the last. */
  cursor?: string | null | undefined;
}

/** Pages that "back" can go over; behind them it begins anew. */
const MAX_BACK = 1_000;

export class Pages<T> {
  rows: readonly T[] = $state.raw([]);
  loading: boolean = $state(true);
  /** Why there is nothing, in the reader's words. */
  failure: string = $state("");
  /** From 1. */
  number: number = $state(1);
  #next: string | null = $state(null);
  #cursors: (string | undefined)[] = [undefined];
  #asked = 0;
  #fetch: (before: string | undefined) => Promise<Page<T>>;

  constructor(fetch: (before: string | undefined) => Promise<Page<T>>) {
    this.#fetch = fetch;
  }

  get hasNext(): boolean {
    return this.#next !== null;
  }

  get hasBack(): boolean {
    return this.number > 1;
  }

  /** From the beginning: something else is asked for. */
  async begin(): Promise<void> {
    this.#cursors = [undefined];
    await this.reload();
  }

  /** The same page as it is now. */
  async reload(): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const { rows, cursor } = await this.#fetch(this.#cursors.at(-1));
      // Something else was asked for meanwhile.
      if (asked !== this.#asked) return;
      this.rows = rows;
      this.#next = cursor ?? null;
      this.number = this.#cursors.length;
      this.failure = "";
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (asked !== this.#asked) return;
      this.failure = problemText(error);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }

  async forward(): Promise<void> {
    if (this.#next === null) return;
    this.#cursors = [...this.#cursors, this.#next].slice(-MAX_BACK);
    await this.reload();
  }

  async back(): Promise<void> {
    if (this.#cursors.length < 2) return;
    this.#cursors = this.#cursors.slice(0, -1);
    await this.reload();
  }

  /** One row is known to be another now; nothing is fetched. */
  replace(which: (row: T) => boolean, by: T | null): void {
    this.rows = this.rows.flatMap((row) => (which(row) ? (by === null ? [] : [by]) : [row]));
  }
}

/** Changes to what is typed are waited out for so long before they are asked for. */
export const TYPING_MS = 250;
