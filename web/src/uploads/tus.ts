/**
 * Carries one file by the tus protocol. Where a broken upload stands is asked of the server; where it is, is known by
 * the queue, or else by this browser's storage, which remembers a file that is chosen once more after a reload.
 */
import { type HttpStack, Upload } from "tus-js-client";
import { OFFLINE, Problem, problemOf } from "../api/problem";
import type { Try } from "./queue";

/** What one request carries. Proxies that keep requests back until they are whole lose at most this much. */
const CHUNK = 8 * 1024 * 1024;
/** Nothing moved for this long: the connection is dead, whatever it says. */
const STALLED_MS = 60_000;

export interface Surroundings {
  /** Absolute. */
  endpoint: string;
  csrfToken(): string;
  /** Only one holder at a time, over all tabs; null when somebody has it. */
  claim(uploadUrl: string): Promise<(() => void) | null>;
  /** Whose files these are: what is remembered of one account is not found by another. */
  account: number;
  /** The browser's own unless told. */
  httpStack?: HttpStack;
}

export async function transfer(attempt: Try, around: Surroundings): Promise<string> {
  const upload = new Upload(attempt.file, {
    endpoint: around.endpoint,
    uploadUrl: attempt.upload_id ? urlOf(attempt.upload_id, around) : null,
    chunkSize: CHUNK,
    // The queue tries again, with its own patience.
    retryDelays: null,
    metadata: { filename: attempt.file.name || "file" },
    fingerprint: () => Promise.resolve(fingerprint(attempt.file, around.account)),
    removeFingerprintOnSuccess: true,
    ...(around.httpStack ? { httpStack: around.httpStack } : {}),
    onBeforeRequest: (request) => {
      if (request.getMethod() !== "HEAD") request.setHeader("X-CSRFToken", around.csrfToken());
    },
    onAfterResponse: async (request, response) => {
      const status = response.getStatus();
      // An upload that is not there any more is begun anew.
      const gone = request.getMethod() === "HEAD" && (status === 404 || status === 410);
      if (status >= 400 && !gone) throw await refusal(status, response);
    },
  });
  const held = new Held(around);
  try {
    await choose(upload, attempt, around, held);
    return await carry(upload, attempt, held);
  } finally {
    held.release();
  }
}

/** Chooses what is gone on with, and takes it for this tab. */
async function choose(upload: Upload, attempt: Try, around: Surroundings, held: Held): Promise<void> {
  if (attempt.upload_id) {
    // Another tab carries it: where it stands then is seen at the next try.
    if (!(await held.take(urlOf(attempt.upload_id, around)))) throw new Problem("locked", 423);
    return;
  }
  for (const previous of await upload.findPreviousUploads()) {
    if (!previous.uploadUrl?.startsWith(`${around.endpoint}/`)) continue;
    if (!(await held.take(previous.uploadUrl))) continue;
    upload.resumeFromPreviousUpload(previous);
    return;
  }
}

function carry(upload: Upload, attempt: Try, held: Held): Promise<string> {
  return new Promise((resolve, reject) => {
    let watch: ReturnType<typeof setTimeout> | undefined;
    const stop = (code: string) => {
      clearTimeout(watch);
      void upload.abort();
      reject(new Problem(code, 0));
    };
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => stop(OFFLINE), STALLED_MS);
    };
    upload.options.onUploadUrlAvailable = () => {
      alive();
      if (!upload.url) return;
      attempt.created(idOf(upload.url));
      void held.take(upload.url);
    };
    upload.options.onProgress = (sent) => {
      alive();
      attempt.progress(sent);
    };
    upload.options.onSuccess = () => {
      clearTimeout(watch);
      resolve(idOf(upload.url ?? ""));
    };
    upload.options.onError = (error) => {
      clearTimeout(watch);
      const cause = "causingError" in error ? error.causingError : null;
      reject(cause instanceof Problem ? cause : new Problem(OFFLINE, 0, {}, null, error.message));
    };
    if (attempt.signal.aborted) return stop("cancelled");
    attempt.signal.addEventListener("abort", () => stop("cancelled"));
    alive();
    upload.start();
  });
}

/** The uploads that this try has for itself. */
class Held {
  #around: Surroundings;
  #releases = new Map<string, () => void>();
  #over = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  async take(url: string): Promise<boolean> {
    if (this.#releases.has(url)) return true;
    const release = await this.#around.claim(url);
    if (!release) return false;
    if (this.#over) release();
    else this.#releases.set(url, release);
    return true;
  }

  release(): void {
    this.#over = true;
    for (const release of this.#releases.values()) release();
  }
}

function urlOf(id: string, around: Surroundings): string {
  return `${around.endpoint}/${encodeURIComponent(id)}`;
}

/** The same file, as far as a browser can tell without reading it. */
function fingerprint(file: File, account: number): string {
  return ["rookery", account, file.name, file.type, file.size, file.lastModified].join("|");
}

function idOf(url: string): string {
  return decodeURIComponent(url.slice(url.lastIndexOf("/") + 1));
}

async function refusal(
  status: number,
  response: { getBody(): string; getHeader(name: string): string | undefined },
): Promise<Problem> {
  let body: unknown = null;
  try {
    body = JSON.parse(response.getBody() || "null");
  } catch {
    // A proxy's own words; the status says enough.
  }
  const wait = response.getHeader("Retry-After");
  const headers = wait ? { "Retry-After": wait } : undefined;
  return problemOf(new Response(null, { status, ...(headers ? { headers } : {}) }), body);
}
