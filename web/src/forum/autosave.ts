/**
 * Saves by itself what is being written: on this device at every change, on the server after a pause. What the server
 * cannot take now is tried again; what it has in another version waits for the writer's choice. No framework.
 */
import { type Problem, isProblem } from "../api/problem";
import { backoff } from "../events/backoff";

export interface Fields {
  title: string;
  summary: string;
  text: string;
  tags: string[];
  /** 0 while none is chosen. */
  category_id: number;
  head_image_id: string | null;
}

export type SaveState =
  /** Nothing was changed since it was opened. */
  | { phase: "clean" }
  /** Changed; the server is told after a pause. */
  | { phase: "typing" }
  | { phase: "saving" }
  /** In milliseconds since 1970. */
  | { phase: "saved"; at: number }
  /** The server does not have it: no answer, nobody logged in, or something is missing. Tried again by itself. */
  | { phase: "waiting"; why: "offline" | "logged_out" | "unfinished" }
  /** Saved elsewhere meanwhile: the writer chooses. */
  | { phase: "conflict" }
  | { phase: "refused"; problem: Problem };

export interface AutosavePorts {
  /** Something is missing without which the server does not take it. */
  unfinished(fields: Fields): boolean;
  /** Keeps the changes on this device; null forgets them. False when this device does not keep anything. */
  keep(fields: Fields | null): boolean;
  /** Brings them to the server. */
  save(fields: Fields): Promise<void>;
  onChange(state: SaveState): void;
  now(): number;
  random(): number;
}

/** After the last key, in milliseconds. */
export const PAUSE_MS = 1_500;

export class Autosave {
  #ports: AutosavePorts;
  #state: SaveState = { phase: "clean" };
  /** What the server does not have yet. */
  #fields: Fields | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> | null = null;
  #failures = 0;
  #kept = true;
  #stopped = false;

  constructor(ports: AutosavePorts) {
    this.#ports = ports;
  }

  /** Leaving now would lose something: it is neither on the server nor on this device. */
  get atRisk(): boolean {
    return this.#fields !== null && !this.#kept;
  }

  changed(fields: Fields): void {
    if (this.#stopped) return;
    this.#fields = fields;
    this.#kept = this.#ports.keep(fields);
    this.#failures = 0;
    if (this.#state.phase === "conflict" || this.#saving) return;
    this.#become({ phase: "typing" });
    this.#later(PAUSE_MS);
  }

  /** Changes that were kept on this device; `conflict` where the server has something later. */
  restore(fields: Fields, conflict: boolean): void {
    this.#fields = fields;
    this.#become(conflict ? { phase: "conflict" } : { phase: "typing" });
    if (!conflict) this.#later(PAUSE_MS);
  }

  /** Saves at once. True when the server has everything. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    await this.#saving;
    if (this.#fields && this.#state.phase !== "conflict" && !this.#stopped) await this.#push();
    return this.#fields === null;
  }

  /** After a conflict: `mine` is saved over the other version, otherwise what was written here is given up. */
  async settle(mine: boolean): Promise<void> {
    if (mine) {
      this.#become({ phase: "typing" });
      await this.flush();
    } else this.done();
  }

  /** The server has it, by another way; or it is not wanted any more. */
  done(): void {
    clearTimeout(this.#timer);
    this.#fields = null;
    this.#ports.keep(null);
    this.#become({ phase: "clean" });
  }

  /** The network or the session is back. */
  wake(): void {
    if (this.#state.phase === "waiting" && !this.#saving) this.#later(0);
  }

  /** What is not saved stays on this device. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #become(state: SaveState): void {
    this.#state = state;
    this.#ports.onChange(state);
  }

  #later(after: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#push(), after);
  }

  #push(): Promise<void> {
    this.#saving ??= this.#save().finally(() => (this.#saving = null));
    return this.#saving;
  }

  async #save(): Promise<void> {
    const fields = this.#fields;
    if (!fields) return;
    if (this.#ports.unfinished(fields)) {
      return this.#become({ phase: "waiting", why: "unfinished" });
    }
    this.#become({ phase: "saving" });
    try {
      await this.#ports.save(fields);
    } catch (error) {
      if (!isProblem(error)) throw error;
      return this.#failed(error);
    }
    this.#failures = 0;
    if (this.#fields !== fields) {
      // More was written meanwhile.
      this.#become({ phase: "typing" });
      return this.#later(PAUSE_MS);
    }
    this.#fields = null;
    this.#ports.keep(null);
    this.#become({ phase: "saved", at: this.#ports.now() });
  }

  #failed(problem: Problem): void {
    if (problem.code === "conflict") return this.#become({ phase: "conflict" });
    const loggedOut = problem.status === 401;
    if (!problem.transient && !loggedOut) return this.#become({ phase: "refused", problem });
    this.#become({ phase: "waiting", why: loggedOut ? "logged_out" : "offline" });
    this.#failures += 1;
    this.#later(backoff(this.#failures, problem.retryAfter, () => this.#ports.random()));
  }
}
