/** Which messages of one conversation are on the device, and fetching more of them. Knows nothing of the screen. */
import { tick } from "svelte";
import * as api from "../api/conversations";
import { isProblem } from "../api/problem";
import type { MessagePage } from "../api/types";
import type { Live } from "../app/live.svelte";
import type { Event } from "../events/wire";
import { applyAll } from "../state/apply";
import type { State, Timeline } from "../state/state";
import * as stretches from "../state/stretches";

/** Messages in the first page, and in one around a message. */
const FIRST_PAGE = 60;
/** Messages in an older or newer page. */
const PAGE = 80;
/** Events kept while a page is on its way; after more, the page is asked for again. */
const MOST_MISSED = 1_000;
/** As often as this; then the last one is taken as it is. */
const TRIES = 3;

export class Reach {
  /** What is being fetched. One page at a time: a list that grows at both ends at once cannot keep its place. */
  loading: "older" | "newer" | "around" | null = $state(null);
  readonly #live: Live;
  readonly #id: number;

  constructor(live: Live, id: number) {
    this.#live = live;
    this.#id = id;
  }

  /** What is on the screen. */
  get shown(): Timeline | undefined {
    return stretches.shownStretch(this.#live.state, this.#id);
  }

  /** There are messages between what is shown and the newest. */
  get isDetached(): boolean {
    return this.#id in this.#live.state.detached;
  }

  /** The newest page. Fails as the call does. */
  async newest(): Promise<void> {
    await this.#page({ limit: FIRST_PAGE }, (state, page) => stretches.withNewest(state, this.#id, page));
  }

  /** More in front. True when some came. */
  older(): Promise<boolean> {
    const first = this.shown?.messages[0]?.seq;
    if (this.loading || !this.shown?.hasOlder || first === undefined) return Promise.resolve(false);
    return this.#load("older", { before_seq: first, limit: PAGE }, (state, page) =>
      stretches.withOlder(state, this.#id, first, page),
    );
  }

  /** More behind. True when some came. */
  newer(): Promise<boolean> {
    const last = this.shown?.messages.at(-1)?.seq;
    if (this.loading || !this.isDetached || last === undefined) return Promise.resolve(false);
    return this.#load("newer", { after_seq: last, limit: PAGE }, (state, page) =>
      stretches.withNewer(state, this.#id, last, page),
    );
  }

  /** Shows a stretch that holds the message, or what is nearest to it. False when there was no getting it. */
  async around(seq: number): Promise<boolean> {
    const { state } = this.#live;
    if (stretches.holds(this.shown, seq)) return true;
    if (stretches.holds(state.timelines[this.#id], seq)) {
      this.leave();
      return true;
    }
    return this.#load("around", { around_seq: seq, limit: FIRST_PAGE }, (now, page) =>
      stretches.withAround(now, this.#id, page),
    );
  }

  /** Back to the newest. */
  leave(): void {
    this.#live.change((state) => stretches.withoutDetached(state, this.#id));
  }

  /** Keeps the list short around its reader; one end at a time, so that the list keeps its place. */
  async bound(seq: number): Promise<void> {
    this.#live.change((state) => stretches.cutNewer(state, this.#id, seq));
    await tick();
    this.#live.change((state) => stretches.cutOlder(state, this.#id, seq));
    await tick();
  }

  /** The conversation is closed. */
  forget(): void {
    this.#live.change((state) => stretches.withNewestOnly(state, this.#id));
  }

  async #load(
    what: "older" | "newer" | "around",
    query: Parameters<typeof api.listMessages>[1],
    merge: (state: State, page: MessagePage) => State,
  ): Promise<boolean> {
    this.loading = what;
    try {
      await this.#page(query, merge);
      await tick();
      return true;
    } catch (error) {
      // Scrolling on asks again.
      if (!isProblem(error)) throw error;
      return false;
    } finally {
      this.loading = null;
    }
  }

  /** A page is of the moment when it was read: what happened to its messages on its way is done to it after it. */
  async #page(
    query: Parameters<typeof api.listMessages>[1],
    merge: (state: State, page: MessagePage) => State,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      const missed: Event[] = [];
      const end = this.#live.listen((event) => {
        if ("conversation_id" in event && event.conversation_id === this.#id && missed.length < MOST_MISSED)
          missed.push(event);
      });
      const page = await api.listMessages(this.#id, query).finally(end);
      if (missed.length === MOST_MISSED && tries < TRIES) continue;
      this.#live.change((state) => applyAll(merge(state, page), missed));
      return;
    }
  }
}
