/**
 * Messages on their way out. An entry is stored before it is sent and stays until the server has acknowledged it, so a
 * reload, a crash or a dead network loses nothing; every try carries the same `client_id`, so nothing is said twice.
 */
import type { Attachment, Message, NewMessage, Voice } from "../api/types";
import { isProblem } from "../api/problem";
import { backoff } from "../events/backoff";
import type { Event } from "../events/wire";

/** What a message carries besides its text. */
export type Extra = Omit<NewMessage, "client_id" | "text">;

/** A file that goes with a message: uploaded first, by whoever looks after uploads. */
export interface PendingFile {
  /** Names it in this browser. */
  key: string;
  /** How it is shown until the server says what it is. */
  attachment: Attachment;
  voice?: Voice;
  /** The server's name for it, once there is one. */
  upload_id?: string;
  /** All of it is there. */
  done?: boolean;
}

export interface Pending {
  client_id: string;
  conversation_id: number;
  text: string;
  extra?: Extra;
  /** The message waits for these; others of its conversation do not wait for it. */
  files?: PendingFile[];
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

/** What a send is answered with that waits for a moderator. */
const HELD = "held_for_review";
/** Why one that waited failed: a moderator did not let it through. */
export const REJECTED = "message_rejected";
/** What a send is answered with when uploads are not there, or not whole. */
const UPLOADS_GONE = new Set<string | undefined>(["not_found", "invalid", "conflict"]);
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
  enqueue(conversation_id: number, text: string, extra?: Extra, files?: PendingFile[]): boolean {
    if (this.#around.store.all().length >= MAX_PENDING) return false;
    const { newId, now } = this.#around;
    const entry: Pending = {
      client_id: newId(),
      conversation_id,
      text,
      written_at: now(),
      state: "sending",
    };
    this.#put({ ...entry, ...(extra && { extra }), ...(files?.length && { files }) });
    void this.#pump(conversation_id);
    return true;
  }

  /** Messages that can still be made to wait. */
  get room(): number {
    return Math.max(0, MAX_PENDING - this.#around.store.all().length);
  }

  /** A file of a message got a name, or is all there. */
  uploaded(clientId: string, key: string, upload_id: string, done: boolean): void {
    const entry = this.#find(clientId);
    const file = entry?.files?.find((each) => each.key === key);
    if (!entry || !file || (file.upload_id === upload_id && Boolean(file.done) === done)) return;
    const files = entry.files?.map((each) => (each === file ? { ...file, upload_id, done } : each)) ?? [];
    this.#put({ ...entry, files });
    if (done) void this.#pump(entry.conversation_id);
  }

  /** A file of it cannot be uploaded: nothing of it is sent. */
  refuse(clientId: string, code: string): void {
    const entry = this.#find(clientId);
    if (entry?.state === "sending") this.#put({ ...entry, state: "failed", code });
  }

  retry(clientId: string): void {
    const entry = this.#find(clientId);
    if (!entry) return;
    const { code, ...rest } = entry;
    // The server may have thrown away what was uploaded: it is asked once more.
    const files = rest.files?.map((file) => ({
      ...file,
      done: file.done === true && !UPLOADS_GONE.has(code),
    }));
    this.#put({ ...rest, ...(files && { files }), state: "sending" });
    this.#hurry(entry.conversation_id);
  }

  discard(clientId: string): void {
    this.#remove(clientId);
  }

  /**
   * What the log says of a message: seen there it is said, whatever became of the answer; what a moderator rejected stays,
   * so that its text is not lost.
   */
  heard(event: Event): void {
    if (event.type === "message.created") this.#acknowledge(event.message);
    else if (event.type === "message.rejected") this.#failed(event.client_id, REJECTED);
  }

  #acknowledge({ client_id }: Message): void {
    if (client_id && this.#find(client_id)) this.#remove(client_id);
  }

  #failed(clientId: string, code: string): void {
    const entry = this.#find(clientId);
    // What was rejected stays so: an answer that says otherwise is from before.
    if (entry && entry.code !== code && entry.code !== REJECTED)
      this.#put({ ...entry, state: "failed", code });
  }

  /** After a start or a reset: what was decided meanwhile of what waits for a moderator may have been missed. */
  begin(): void {
    this.resume();
    void this.#askAfter(this.#around.store.all().filter((entry) => entry.code === HELD));
  }

  /** Asks by sending again, one after the other: whatever it was answered with first is answered again, until decided. */
  async #askAfter(held: readonly Pending[]): Promise<void> {
    for (const entry of held) {
      try {
        const message = await this.#around.post(entry);
        if (this.#stopped) return;
        this.#around.onSent(message);
        this.#remove(entry.client_id);
      } catch (error) {
        if (this.#stopped || !isProblem(error) || error.transient || error.code === "unauthenticated") return;
        this.#failed(entry.client_id, error.code);
      }
    }
  }

  /** When the network is back: try everything that is waiting, now. */
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
      this.#failed(entry.client_id, error.code);
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
      .find(
        (entry) => entry.conversation_id === conversation && entry.state === "sending" && isUploaded(entry),
      );
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

/** Nothing has to be uploaded before it can be sent. */
export function isUploaded(entry: Pending): boolean {
  return (entry.files ?? []).every((file) => file.done);
}

/** What is sent for it. */
export function messageOf(entry: Pending): NewMessage {
  const { client_id, text, extra = {}, files = [] } = entry;
  const attachments = files.map(({ upload_id = "", voice }) => ({ upload_id, ...(voice && { voice }) }));
  return { client_id, text, ...extra, ...(attachments.length > 0 && { attachments }) };
}
