/**
 * The client while somebody is logged in: the state, what changes it (events, fetched lists, sends), and what is shown
 * of the connection. One instance at a time; components read it and call its verbs.
 */
import * as accounts from "../api/accounts";
import { getMessage } from "../api/acts";
import * as conversations from "../api/conversations";
import { headCursor } from "../api/events";
import * as friends from "../api/friends";
import { isProblem } from "../api/problem";
import type { Me, Message } from "../api/types";
import { Connection, type Status } from "../events/connection";
import { backoff } from "../events/backoff";
import { type Tab, type TabMessage, joinTabs } from "../events/leader";
import { longPoll, shortPoll } from "../events/poll";
import { sse } from "../events/sse";
import { websocket } from "../events/websocket";
import type { Batch, Event } from "../events/wire";
import { forgetRecalled } from "../messages/acts.svelte";
import { DraftSync } from "../messages/draft_sync";
import { kept, keptIn, onTyped, store } from "../messages/drafts.svelte";
import { Outbox, type Pending, isUploaded, messageOf } from "../outbox/outbox";
import { outboxPrefix, pendingStore } from "../outbox/storage";
import { type EventOf, apply, applyAll } from "../state/apply";
import { fromLists, withConversation, withConversations, withProfile, withUsers } from "../state/snapshot";
import { type State, emptyState } from "../state/state";
import type { Desk } from "../uploads/desk";
import { Tray } from "../uploads/tray.svelte";
import { fetchLists, probe } from "./lists";
import { newId } from "./random";

/** At most this many pages of conversations are read; beyond 2,000 conversations the oldest stay off the list. */
const MAX_PAGES = 20;

export class Live {
  state: State = $state.raw(emptyState({} as Me));
  /** The lists are there. */
  ready: boolean = $state(false);
  status: Status = $state.raw({ phase: "connecting", transport: "websocket" });
  /** This tab holds the connection for all. */
  leading: boolean = $state(false);
  pending: readonly Pending[] = $state.raw([]);

  readonly outbox: Outbox;
  readonly drafts: DraftSync;
  readonly tray = new Tray();
  #desk: Promise<Desk> | undefined;
  #onEnded: () => void;
  #onSiteChanged: () => void;
  #tab: Tab | undefined;
  #connection: Connection | undefined;
  #cursor = "";
  /** Events that came while lists were being fetched. */
  #held: Event[] | null = [];
  #loading = 0;
  #stopped = false;
  #wanted = new Set<number>();
  #listeners = new Set<(event: Event) => void>();
  #stops = new Set<() => void>();

  constructor(me: Me, onEnded: () => void, onSiteChanged: () => void) {
    this.state = emptyState(me);
    this.#onEnded = onEnded;
    this.#onSiteChanged = onSiteChanged;
    this.outbox = new Outbox({
      store: pendingStore(me.id),
      post: (entry) => conversations.postMessage(entry.conversation_id, messageOf(entry)),
      onChange: (entries) => this.#waiting(entries),
      onSent: (message) => this.said(message),
      now: () => Date.now(),
      random: () => Math.random(),
      newId,
    });
    this.drafts = new DraftSync({
      get: (id) => kept(me.id, id),
      set: (id, draft) => store(me.id, id, draft),
      kept: () => keptIn(me.id),
      knows: (id) => id in this.state.conversations,
      remote: (id) => this.state.conversations[id]?.draft ?? undefined,
      remotes: () => Object.values(this.state.conversations).flatMap((c) => (c.draft ? [c.id] : [])),
      put: conversations.keepDraft,
      now: () => Date.now(),
    });
  }

  async start(): Promise<void> {
    addEventListener("online", this.#online);
    addEventListener("storage", this.#stored);
    document.addEventListener("visibilitychange", this.#seen);
    this.outbox.changed();
    onTyped((id) => this.drafts.typed(id));
    // Listening starts before the cursor is taken: what the leader hears after it is then never missed.
    this.#tab = joinTabs(`rookery.${this.state.me.id}`, {
      leading: () => this.#lead(),
      message: (message) => this.#heard(message),
    });
    this.#tab.broadcast({ kind: "hello" });
    await this.#load(null);
    this.outbox.begin();
  }

  stop(): void {
    this.#stopped = true;
    removeEventListener("online", this.#online);
    removeEventListener("storage", this.#stored);
    document.removeEventListener("visibilitychange", this.#seen);
    this.#connection?.stop();
    this.#tab?.close();
    this.outbox.stop();
    onTyped(null);
    forgetRecalled();
    for (const stop of this.#stops) stop();
    this.drafts.stop();
    void this.#desk?.then((desk) => desk.stop());
  }

  /** Whoever looks after uploads; comes when first needed. */
  desk(): Promise<Desk> {
    this.#desk ??= import("../uploads/desk").then(({ Desk }) => {
      const pending = () => this.pending;
      return new Desk({ account: this.state.me.id, tray: this.tray, outbox: this.outbox, pending });
    });
    this.#desk.catch(() => (this.#desk = undefined));
    return this.#desk;
  }

  /** A message that was not sent is not wanted any more; one with files gives its text back. */
  discard(clientId: string): void {
    const entry = this.pending.find((each) => each.client_id === clientId);
    if (!entry?.files) this.outbox.discard(clientId);
    else void this.desk().then((desk) => desk.abandon(clientId));
  }

  #waiting(entries: readonly Pending[]): void {
    this.pending = entries;
    if (this.#stopped || (!this.#desk && entries.every(isUploaded))) return;
    // Without the client's own files nothing is uploaded; the next change tries again.
    this.desk().then(
      (desk) => desk.follow(),
      () => {},
    );
  }

  /** Logging out here logs out every tab of this browser. */
  announceLogout(): void {
    this.#tab?.broadcast({ kind: "logged_out" });
  }

  /** Told of every event as it is applied, for effects that are not state: sounds, titles, spoken lines. */
  listen(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told once, when nobody is logged in here any more. For what goes on without being shown; one call each. */
  whenStopped(listener: () => void): void {
    this.#stops.add(listener);
  }

  /** Replaces the state by a function of it. */
  change(next: (state: State) => State): void {
    this.state = next(this.state);
  }

  /** What an answer to an own call already tells, before its event comes by. */
  applyNow(event: Event): void {
    this.change((state) => apply(state, event));
  }

  said(message: Message): void {
    const { conversation_id, seq, sent_at: at } = message;
    this.applyNow({ type: "message.created", at, conversation_id, seq, message });
  }

  /** Asks for a profile that something on the screen names; once. */
  want(user: number): void {
    if (user in this.state.users || this.#wanted.has(user)) return;
    this.#wanted.add(user);
    void this.refreshUser(user);
  }

  async refreshUser(id: number): Promise<void> {
    try {
      const user = await accounts.getUser(id);
      this.change((state) => withProfile(state, user));
    } catch (error) {
      // Without the profile the number is shown; it is asked for again after the next start.
      if (!isProblem(error)) throw error;
    }
  }

  async refreshMe(): Promise<void> {
    const me = await accounts.getMe();
    this.change((state) => withProfile({ ...state, me }, me));
  }

  /** Their own rights or profile changed elsewhere. */
  async #refreshOwn(): Promise<void> {
    try {
      await this.refreshMe();
    } catch (error) {
      // Without an answer it is as it was; everything is fetched anew when the connection is back after long.
      if (!isProblem(error)) throw error;
    }
  }

  async refreshConversation(id: number): Promise<void> {
    try {
      const conversation = await conversations.getConversation(id);
      this.change((state) => withConversation(state, conversation));
    } catch (error) {
      if (!isProblem(error)) throw error;
    }
  }

  /** Fetches the lists anew; `cursor` is where events go on from, or null to take the head's first. */
  async #load(cursor: string | null): Promise<void> {
    const load = ++this.#loading;
    this.#held ??= [];
    for (let failures = 0; !this.#stopped; failures++) {
      try {
        if (cursor === null) cursor = await headCursor();
        if (!this.#cursor) this.#cursor = cursor;
        const lists = await fetchLists();
        if (load !== this.#loading || this.#stopped) return;
        const held = this.#held ?? [];
        this.#held = null;
        this.#wanted.clear();
        const fresh = fromLists(lists);
        // Profiles are a cache, not part of the picture: what is on the screen keeps its names.
        this.state = applyAll({ ...fresh, users: { ...this.state.users, ...fresh.users } }, held);
        this.ready = true;
        this.drafts.resume();
        this.#connect();
        void this.#loadRest(load, lists.before);
        return;
      } catch (error) {
        if (!isProblem(error)) throw error;
        if (error.code === "unauthenticated" || load !== this.#loading) return;
        this.status = { ...this.status, phase: "offline" };
        await new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 500 * 2 ** failures)));
      }
    }
  }

  /**
   * The rest of the conversations, while the first of them are on the screen already. A page is of the moment when it
   * was read: what happened to its conversations on its way is done to them after it.
   */
  async #loadRest(load: number, before: string | null | undefined): Promise<void> {
    for (let page = 1, failures = 0; before && page < MAX_PAGES && !this.#stopped;) {
      const missed: Event[] = [];
      const end = this.listen((event) => missed.push(event));
      try {
        const answer = await conversations.listConversations(before);
        if (load !== this.#loading || this.#stopped) return;
        const ids = new Set(answer.conversations.map((each) => each.id));
        const theirs = missed.filter((event) => "conversation_id" in event && ids.has(event.conversation_id));
        this.change((state) => applyAll(withConversations(state, answer.conversations), theirs));
        this.drafts.resume();
        before = answer.before;
        page++;
        failures = 0;
      } catch (error) {
        if (!isProblem(error)) throw error;
        if (error.code === "unauthenticated" || load !== this.#loading) return;
        await new Promise((resolve) =>
          setTimeout(
            resolve,
            backoff(++failures, null, () => Math.random()),
          ),
        );
      } finally {
        end();
      }
    }
  }

  #lead(): void {
    if (this.#stopped) return;
    this.leading = true;
    if (this.ready) this.#connect();
  }

  #connect(): void {
    if (!this.leading || this.#connection || this.#stopped) return;
    this.#connection = new Connection(this.#cursor, {
      transports: { websocket, sse, long_poll: longPoll, short_poll: shortPoll },
      probe: () => probe(this.state.me.id),
      random: () => Math.random(),
      onBatch: (batch) => {
        this.#tab?.broadcast({ kind: "batch", batch });
        this.#take(batch);
      },
      onStatus: (status) => {
        this.#tab?.broadcast({ kind: "status", status });
        this.#became(status);
      },
      onEnded: () => this.#onEnded(),
    });
    this.#connection.start();
  }

  #heard(message: TabMessage): void {
    if (message.kind === "batch") this.#take(message.batch);
    else if (message.kind === "status") this.#became(message.status);
    else if (message.kind === "logged_out") this.#onEnded();
    else if (this.#connection) this.#tab?.broadcast({ kind: "status", status: this.status });
  }

  #became(status: Status): void {
    const back = status.phase === "live" && this.status.phase === "offline";
    this.status = status;
    if (status.phase === "live") this.outbox.resume();
    if (back) {
      this.drafts.resume();
      void this.#desk?.then((desk) => desk.wake());
      void this.#refreshPresence();
    }
  }

  #take(batch: Batch): void {
    this.#cursor = batch.cursor;
    if (batch.reset) {
      this.#held = [];
      void this.#load(batch.cursor).then(() => this.outbox.begin());
      return;
    }
    const { conversations: before } = this.state;
    if (this.#held) this.#held.push(...batch.events);
    else this.change((state) => applyAll(state, batch.events));
    for (const event of batch.events) this.#after(event, before);
  }

  /** `before` are the conversations before the batch: what was among them and is not now was left in it. */
  #after(event: Event, before: State["conversations"]): void {
    this.outbox.heard(event);
    if (event.type === "message.created") {
      const id = event.conversation_id;
      if (this.ready && !(id in this.state.conversations) && !(id in before)) {
        void this.refreshConversation(id);
      }
    } else if (event.type === "draft.updated" || event.type === "conversation.created") {
      if (this.ready) this.drafts.reconcile(event.conversation_id);
    } else if (event.type === "member.left" || event.type === "group.dissolved") {
      const id = event.conversation_id;
      if (id in before && !(id in this.state.conversations)) this.drafts.lost(id);
    } else if (event.type === "message.edited" && !event.message) {
      if (event.conversation_id in this.state.conversations) void this.#refreshMessage(event);
    } else if (event.type === "user.updated") {
      if (event.user_id === this.state.me.id) void this.#refreshOwn();
      else if (event.user_id in this.state.users) void this.refreshUser(event.user_id);
    } else if (event.type === "site.updated") {
      this.#onSiteChanged();
    } else if (event.type === "notification.created") {
      // What was decided may be a mute, or the end of one.
      if (event.notification.kind === "moderation_decided") void this.#refreshOwn();
    }
    for (const listener of this.#listeners) listener(event);
  }

  /** An edit that was told of without the message, because not everybody may see it. */
  async #refreshMessage(event: EventOf<"message.edited">): Promise<void> {
    try {
      const message = await getMessage(event);
      this.change((state) => apply(state, { ...event, message }));
    } catch (error) {
      // Not theirs to see, or gone meanwhile; without the network it is met again with the next page.
      if (!isProblem(error)) throw error;
    }
  }

  /** Presence is not logged: what happened while away is asked for. */
  async #refreshPresence(): Promise<void> {
    try {
      const list = await friends.listFriends();
      this.change((state) =>
        withUsers(
          state,
          list.map((friend) => friend.user),
        ),
      );
    } catch (error) {
      if (!isProblem(error)) throw error;
    }
  }

  #online = () => {
    this.#connection?.wake(true);
    this.outbox.resume();
    void this.#desk?.then((desk) => desk.wake());
  };
  #seen = () => {
    if (document.visibilityState === "visible") this.#connection?.wake(false);
  };
  #stored = (event: StorageEvent) => {
    if (event.key?.startsWith(outboxPrefix(this.state.me.id))) this.outbox.changed();
  };
}
