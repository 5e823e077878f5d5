/**
 * Keeps one connection to the event stream: picks the transport, steps down when one is blocked, comes back when one
 * breaks, and holds the cursor. Knows nothing of what the events mean.
 */
import { backoff } from "./backoff";
import { type End, TRANSPORTS, type Transport, type TransportName } from "./transport";
import type { Batch } from "./wire";

export interface Status {
  phase: "connecting" | "live" | "offline";
  transport: TransportName;
}

export interface Surroundings {
  transports: Record<TransportName, Transport>;
  /** Whether the server answers at all, and still knows the session. */
  probe(): Promise<"up" | "down" | "ended">;
  random(): number;
  onBatch(batch: Batch): void;
  onStatus(status: Status): void;
  onEnded(): void;
}

/** On a lesser transport, the best one is tried again after this long, when the connection next breaks or on `online`. */
const FORGIVE_MS = 120_000;
/** A connection that opens and breaks within this time is no way to go on, when it happens this often in a row. */
const SHORT_MS = 10_000;
const MOST_SHORT = 3;

export class Connection {
  #around: Surroundings;
  #cursor: string;
  #level = 0;
  #failures = 0;
  #opened = false;
  #openedAt = 0;
  /** Connections in a row that opened and broke at once. */
  #short = 0;
  #steppedDownAt = 0;
  #running = false;
  #stop: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Distinguishes answers to this attempt from those to earlier ones. */
  #attempt = 0;

  constructor(cursor: string, around: Surroundings) {
    this.#cursor = cursor;
    this.#around = around;
  }

  get cursor(): string {
    return this.#cursor;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.#attempt++;
    clearTimeout(this.#timer);
    this.#stop();
  }

  /** The tab is seen again or the network is back: do not wait for a timer that may be asleep. */
  wake(networkIsBack: boolean): void {
    if (!this.#running) return;
    const stuck = !this.#opened;
    this.#short = 0;
    if (networkIsBack) this.#level = 0;
    else if (!stuck) return;
    this.#failures = 0;
    this.#connect();
  }

  get #name(): TransportName {
    return TRANSPORTS[this.#level] ?? "short_poll";
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#stop();
    const attempt = ++this.#attempt;
    const current = () => this.#running && attempt === this.#attempt;
    this.#opened = false;
    if (this.#failures === 0) this.#report("connecting");
    this.#stop = this.#around.transports[this.#name](this.#cursor, {
      onOpen: () => {
        if (!current()) return;
        this.#opened = true;
        this.#openedAt = Date.now();
        this.#failures = 0;
        this.#report("live");
      },
      onBatch: (batch) => {
        if (!current()) return;
        this.#cursor = batch.cursor;
        this.#around.onBatch(batch);
      },
      onCursor: (cursor) => {
        if (current()) this.#cursor = cursor;
      },
      onEnd: (end) => {
        if (current()) void this.#ended(end, attempt);
      },
    });
  }

  async #ended(end: End, attempt: number): Promise<void> {
    const wasOpen = this.#opened;
    this.#opened = false;
    this.#report(wasOpen ? "connecting" : this.#failures > 0 ? "offline" : "connecting");
    // What says that it is over is asked too: the session may have been renewed meanwhile (a new password).
    if (wasOpen && end.reason === "broken" && end.retryIn !== undefined) return this.#later(end.retryIn);
    const found = await this.#around.probe();
    if (!this.#running || attempt !== this.#attempt) return;
    if (found === "ended") return this.#over();
    if (found === "down") {
      this.#failures++;
      this.#report("offline");
      return this.#later(null);
    }
    if (end.reason === "broken" && this.#isBlocked(wasOpen)) this.#stepDown();
    else if (this.#level > 0 && Date.now() - this.#steppedDownAt > FORGIVE_MS) this.#level = 0;
    this.#later(end.retryIn ?? null);
  }

  /** It never opened, or again and again it opens and is cut at once, as by a proxy without patience. */
  #isBlocked(wasOpen: boolean): boolean {
    if (!wasOpen) return true;
    this.#short = Date.now() - this.#openedAt < SHORT_MS ? this.#short + 1 : 0;
    // Not at once again, either.
    this.#failures = this.#short;
    return this.#short >= MOST_SHORT;
  }

  /** The server answers, but this way to it is blocked. Below the last one there is only waiting. */
  #stepDown(): void {
    this.#steppedDownAt = Date.now();
    this.#short = 0;
    if (this.#level < TRANSPORTS.length - 1) this.#level++;
    else this.#failures++;
  }

  #later(retryIn: number | null): void {
    const wait = backoff(this.#failures, retryIn, () => this.#around.random());
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #over(): void {
    this.stop();
    this.#around.onEnded();
  }

  #report(phase: Status["phase"]): void {
    this.#around.onStatus({ phase, transport: this.#name });
  }
}
