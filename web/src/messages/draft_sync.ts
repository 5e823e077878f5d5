/**
 * Brings drafts to the server and back, so that what was typed on one device stands on the others. The newest stands;
 * what is being typed here is never overwritten, and what could not be brought waits in this browser. No framework.
 */
import { isProblem } from "../api/problem";
import type { Draft } from "../api/types";
import { MAX_CHARS, countChars } from "./compose";
import type { Kept } from "./drafts.svelte";

/** After the last key, in milliseconds. */
export const PUSH_AFTER_MS = 1_000;
/** Whoever typed within this time is typing. */
export const STILL_TYPING_MS = 5_000;
/** Whoever is not logged in any more, or has an old token, may store the same draft after the next start. */
const LATER = new Set([401, 403]);

export interface DraftPorts {
  get(conversation: number): Kept | null;
  set(conversation: number, kept: Kept | null): void;
  /** Conversations of which this browser keeps something. */
  kept(): number[];
  /** Whether the conversation is known here: what is not in the list, or not yet, is not stored. */
  knows(conversation: number): boolean;
  /** What the server is known to have. */
  remote(conversation: number): Draft | undefined;
  /** Conversations of which the server has something. */
  remotes(): number[];
  put(conversation: number, text: string): Promise<void>;
  now(): number;
}

export class DraftSync {
  #ports: DraftPorts;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #pushing = new Set<number>();
  /** Where this tab has stored something: the server's word may be on its way still. */
  #pushed = new Set<number>();
  #stopped = false;

  constructor(ports: DraftPorts) {
    this.#ports = ports;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  typed(conversation: number): void {
    this.#later(conversation, PUSH_AFTER_MS);
  }

  /** The conversation is being left: nothing more will be typed for now. */
  left(conversation: number): void {
    if (this.#timers.has(conversation)) this.#push(conversation);
  }

  /** The conversation is lost, and with it what was typed there: nobody is to be asked about it any more. */
  lost(conversation: number): void {
    clearTimeout(this.#timers.get(conversation));
    this.#timers.delete(conversation);
    this.#ports.set(conversation, null);
  }

  /** After the lists were fetched, and when the connection is back. */
  resume(): void {
    for (const conversation of new Set([...this.#ports.kept(), ...this.#ports.remotes()])) {
      this.reconcile(conversation);
    }
  }

  /** The server's draft may be another one than before. */
  reconcile(conversation: number): void {
    const { get, set, remote, now } = this.#ports;
    const kept = get(conversation);
    const theirs = remote(conversation);
    const text = theirs?.text ?? "";
    if ((kept?.text.trim() ?? "") === text) {
      if (kept?.dirty && !this.#timers.has(conversation)) set(conversation, clean(kept));
      return;
    }
    // What only this browser can keep is not lost to what the server has.
    if (kept?.dirty && stays(kept)) return;
    const wait = kept ? kept.at + STILL_TYPING_MS - now() : 0;
    if (wait > 0) return this.#timers.has(conversation) ? undefined : this.#later(conversation, wait);
    if (kept?.dirty && !(theirs && Date.parse(theirs.updated_at) > kept.at)) return this.#push(conversation);
    set(conversation, theirs ? { text, at: 0, dirty: false } : null);
  }

  #later(conversation: number, ms: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timers.get(conversation));
    this.#timers.set(
      conversation,
      setTimeout(() => this.#push(conversation), ms),
    );
  }

  #push(conversation: number): void {
    clearTimeout(this.#timers.get(conversation));
    this.#timers.delete(conversation);
    const kept = this.#ports.get(conversation);
    // It waits until the conversation is there.
    if (!this.#ports.knows(conversation)) return;
    if (!kept?.dirty) return this.reconcile(conversation);
    const text = kept.text.trim();
    const same = text === (this.#ports.remote(conversation)?.text ?? "");
    if (same && !this.#pushed.has(conversation)) return this.#ports.set(conversation, clean(kept));
    if (stays(kept)) return;
    if (this.#pushing.has(conversation)) return this.#later(conversation, PUSH_AFTER_MS);
    void this.#put(conversation, kept, text);
  }

  async #put(conversation: number, kept: Kept, text: string): Promise<void> {
    this.#pushing.add(conversation);
    try {
      await this.#ports.put(conversation, text);
      this.#pushed.add(conversation);
      if (this.#ports.get(conversation)?.text === kept.text) this.#ports.set(conversation, clean(kept));
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (error.transient || LATER.has(error.status)) return;
      // What was typed meanwhile is another draft, and is offered by itself.
      const now = this.#ports.get(conversation);
      if (now?.dirty && now.text === kept.text) this.#ports.set(conversation, { ...now, refused: true });
    } finally {
      this.#pushing.delete(conversation);
    }
  }
}

/** Too long for the server, or refused by it: it stays in this browser until it is changed. */
function stays(kept: Kept): boolean {
  return kept.refused === true || countChars(kept.text.trim()) > MAX_CHARS;
}

function clean(kept: Kept): Kept | null {
  return kept.text.trim() === "" ? null : { text: kept.text, at: kept.at, dirty: false };
}
