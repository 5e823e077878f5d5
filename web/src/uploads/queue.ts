/**
 * Files on their way to the server: a few at a time, tried again until they are there, cancelled or refused. What
 * carries the bytes is passed in. Plain TypeScript: no framework, no storage.
 */
import { type Problem, isProblem } from "../api/problem";
import { backoff } from "../events/backoff";

export interface Transit {
  key: string;
  /** In bytes. */
  size: number;
  /** Bytes on their way or there. */
  sent: number;
  state: "waiting" | "uploading" | "complete" | "failed";
  /** The server's name for it, as soon as there is one. */
  upload_id: string | undefined;
  /** Why it failed: a problem's code. */
  code: string | undefined;
}

/** One try to bring a file to the server. */
export interface Try {
  key: string;
  file: File;
  /** An earlier try got so far as to have a name. */
  upload_id: string | undefined;
  created(uploadId: string): void;
  progress(sent: number): void;
  signal: AbortSignal;
}

export interface QueueSurroundings {
  /** Resolves to the upload's name when all of it is there; throws a `Problem`, or whatever else broke. */
  transfer(attempt: Try): Promise<string>;
  /** Tells the server that an upload is not wanted any more. */
  drop(uploadId: string): Promise<unknown>;
  onChange(transit: Transit): void;
  /** The session may be over. */
  unauthenticated(): void;
  random(): number;
}

/** Files under way at once; the others wait for their turn. */
export const AT_ONCE = 3;
/** No more than this can wait at once: five messages with as many files as one may have. */
export const MAX_QUEUED = 100;

interface Item {
  transit: Transit;
  file: File;
  failures: number;
  abort: AbortController | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class Uploads {
  #around: QueueSurroundings;
  #items = new Map<string, Item>();
  #stopped = false;

  constructor(around: QueueSurroundings) {
    this.#around = around;
  }

  has(key: string): boolean {
    return this.#items.has(key);
  }

  get(key: string): Transit | undefined {
    return this.#items.get(key)?.transit;
  }

  /** False when too many are waiting already. */
  add(key: string, file: File, uploadId?: string): boolean {
    if (this.#items.has(key)) return true;
    if (this.#items.size >= MAX_QUEUED) return false;
    const transit: Transit = {
      key,
      size: file.size,
      sent: 0,
      state: "waiting",
      upload_id: uploadId,
      code: undefined,
    };
    this.#items.set(key, { transit, file, failures: 0, abort: undefined, timer: undefined });
    this.#around.onChange(transit);
    this.#fill();
    return true;
  }

  /** Not wanted any more, however far it got: the server is told. */
  cancel(key: string): void {
    const uploadId = this.#items.get(key)?.transit.upload_id;
    this.forget(key);
    // What cannot be dropped now is thrown away by the server in time.
    if (uploadId) this.#around.drop(uploadId).catch(() => {});
  }

  /** It belongs to a message now, or somebody else looks after it. */
  forget(key: string): void {
    const item = this.#items.get(key);
    if (!item) return;
    this.#items.delete(key);
    clearTimeout(item.timer);
    item.abort?.abort();
    this.#fill();
  }

  /** Tries again what failed. */
  retry(key: string): void {
    const item = this.#items.get(key);
    if (item?.transit.state !== "failed") return;
    item.failures = 0;
    this.#become(item, { state: "waiting", code: undefined });
    this.#fill();
  }

  /** The network is back: nobody waits any longer. */
  wake(): void {
    for (const item of this.#items.values()) {
      if (item.timer === undefined) continue;
      clearTimeout(item.timer);
      item.timer = undefined;
    }
    this.#fill();
  }

  stop(): void {
    this.#stopped = true;
    for (const key of [...this.#items.keys()]) this.forget(key);
  }

  #fill(): void {
    if (this.#stopped) return;
    const items = [...this.#items.values()];
    let free = AT_ONCE - items.filter((item) => item.transit.state === "uploading").length;
    for (const item of items) {
      if (free <= 0) return;
      if (item.transit.state !== "waiting" || item.timer !== undefined) continue;
      free -= 1;
      void this.#run(item);
    }
  }

  async #run(item: Item): Promise<void> {
    const abort = new AbortController();
    item.abort = abort;
    this.#become(item, { state: "uploading" });
    try {
      const upload_id = await this.#around.transfer({
        key: item.transit.key,
        file: item.file,
        upload_id: item.transit.upload_id,
        created: (id) => !abort.signal.aborted && this.#become(item, { upload_id: id }),
        progress: (sent) => {
          if (abort.signal.aborted) return;
          // What arrived is no failure: the next wait begins small again.
          if (sent > item.transit.sent) item.failures = 0;
          this.#become(item, { sent: Math.min(sent, item.transit.size) });
        },
        signal: abort.signal,
      });
      if (abort.signal.aborted) return;
      this.#become(item, { state: "complete", sent: item.transit.size, upload_id });
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#failed(item, error);
    }
    this.#fill();
  }

  #failed(item: Item, error: unknown): void {
    const problem: Problem | null = isProblem(error) ? error : null;
    if (problem && !problem.transient && !PASSING.has(problem.status)) {
      this.#become(item, { state: "failed", code: problem.code });
      return;
    }
    item.failures += 1;
    if (problem?.status === 401) this.#around.unauthenticated();
    this.#become(item, { state: "waiting" });
    const wait = backoff(item.failures, problem?.retryAfter ?? null, this.#around.random);
    item.timer = setTimeout(() => {
      item.timer = undefined;
      this.#fill();
    }, wait);
  }

  #become(item: Item, next: Partial<Transit>): void {
    item.transit = { ...item.transit, ...next };
    this.#around.onChange(item.transit);
  }
}

/**
 * Somebody else writes to the same upload, or it stands elsewhere than thought: the next try asks where it stands. Or
 * the session is being renewed, or over: then the file waits for the next one.
 */
const PASSING = new Set([401, 409, 423, 460]);
