/**
 * Messages on their way out. An entry is stored before it is sent and stays until the server has acknowledged it, so a
 * reload, a crash or a dead network loses nothing; every try carries the same `client_id`, so nothing is said twice.
 */
import type { Message, NewMessage } from "../api/types";
import { isProblem } from "../api/problem";
import { backoff } from "../events/backoff";

/** What a message carries besides its text. */
export type Extra = Omit<NewMessage, "client_id" | "text">;

export interface Pending {
  client_id: string;
  conversation_id: number;
  text: string;
  extra?: Extra;
  /** When it was written, in milliseconds since 1970, on this device's clock. */
  written_at: number;
  state: "sending" | "failed";
  /** Why it failed: a problem's code. */
  code?: string;
}

/** Survives reload; one place an account. */
export interface PendingStore {
  /** In order of writing. */
  all(): Pending[];
  put(entry: Pending): void;
  remove(clientId: string): void;
}

export interface OutboxSurroundings {
  store: PendingStore;
  post(entry: Pending): Promise<Message>;
  onChange(entries: readonly Pending[]): void;
  onSent(message: Message): void;
  now(): number;
  random(): number;
  newId(): string;
}

/** More than this waiting at once is refused. */
export const MAX_PENDING = 100;

export class Outbox {
  #around: OutboxSurroundings;
  /** Conversations with a request under way: one at a time each, so that the order of writing is the order of sending. */
  #busy = new Set<number>();
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #failures = new Map<number, number>();
  #stopped = false;

  constructor(around: OutboxSurroundings) {
    this.#around = around;
  }

  /** False when too much is waiting already. */
  enqueue(conversation_id: number, text: string, extra?: Extra): boolean {
    if (this.#around.store.all().length >= MAX_PENDING) return false;
    const { newId, now } = this.#around;
    const entry: Pending = {
      client_id: newId(),
      conversation_id,
      text,
      written_at: now(),
      state: "sending",
    };
    this.#put(extra ? { ...entry, extra } : entry);
    void this.#pump(conversation_id);
    return true;
  }

  retry(clientId: string): void {
    const entry = this.#find(clientId);
    if (!entry) return;
    const { code: _code, ...rest } = entry;
    this.#put({ ...rest, state: "sending" });
    this.#hurry(entry.conversation_id);
  }

  discard(clientId: string): void {
    this.#remove(clientId);
  }

  /** The message was seen in the log: it is said, whatever became of the answer. */
  acknowledge(message: Message): void {
    if (message.client_id && this.#find(message.client_id)) this.#remove(message.client_id);
  }

  /** After a start, a reset or when the network is back: try everything that is waiting, now. */
  resume(): void {
    this.changed();
    for (const id of new Set(this.#around.store.all().map((entry) => entry.conversation_id))) this.#hurry(id);
  }

  /** Another tab wrote to the store. */
  changed(): void {
    this.#around.onChange(this.#around.store.all());
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #hurry(conversation: number): void {
    clearTimeout(this.#timers.get(conversation));
    this.#failures.delete(conversation);
    void this.#pump(conversation);
  }

  async #pump(conversation: number): Promise<void> {
    if (this.#busy.has(conversation)) return;
    this.#busy.add(conversation);
    try {
      for (let entry = this.#next(conversation); entry && !this.#stopped; entry = this.#next(conversation)) {
        if (!(await this.#try(entry))) return;
      }
    } finally {
      this.#busy.delete(conversation);
    }
  }

  /** False when the conversation has to wait before its next try. */
  async #try(entry: Pending): Promise<boolean> {
    try {
      const message = await this.#around.post(entry);
      this.#failures.delete(entry.conversation_id);
      if (this.#stopped) return false;
      // The message is shown before its pending shadow goes, so that the bubble never blinks.
      this.#around.onSent(message);
      this.#remove(entry.client_id);
      return true;
    } catch (error) {
      if (this.#stopped) return false;
      if (isProblem(error) && error.code === "unauthenticated") return false;
      if (!isProblem(error) || error.transient) {
        this.#later(entry.conversation_id, isProblem(error) ? error.retryAfter : null);
        return false;
      }
      if (this.#find(entry.client_id)) this.#put({ ...entry, state: "failed", code: error.code });
      return true;
    }
  }

  #later(conversation: number, retryAfter: number | null): void {
    const failures = (this.#failures.get(conversation) ?? 0) + 1;
    this.#failures.set(conversation, failures);
    const wait = backoff(failures, retryAfter, this.#around.random);
    clearTimeout(this.#timers.get(conversation));
    this.#timers.set(
      conversation,
      setTimeout(() => void this.#pump(conversation), wait),
    );
  }

  #next(conversation: number): Pending | undefined {
    return this.#around.store
      .all()
      .find((entry) => entry.conversation_id === conversation && entry.state === "sending");
  }

  #find(clientId: string): Pending | undefined {
    return this.#around.store.all().find((entry) => entry.client_id === clientId);
  }

  #put(entry: Pending): void {
    this.#around.store.put(entry);
    this.changed();
  }

  #remove(clientId: string): void {
    this.#around.store.remove(clientId);
    this.changed();
  }
}
