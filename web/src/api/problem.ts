/** What the server (or the network) says when a call fails. */

/** No answer at all; every other code comes from the server. */
export const OFFLINE = "offline";

export class Problem extends Error {
  constructor(
    /** The stable code, in snake_case; `offline` when there was no answer. */
    readonly code: string,
    /** The HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** Field → reason, where fields are at fault. */
    readonly errors: Readonly<Record<string, string>> = {},
    /** Milliseconds that the server asks to wait before the next try. */
    readonly retryAfter: number | null = null,
    detail = "",
  ) {
    super(detail || code);
    this.name = "Problem";
  }

  /** The same request may succeed later, unchanged. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500 ? this.status !== 507 : false;
  }
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem;
}

/** Reads `Retry-After` (seconds) as milliseconds; at most five minutes are believed. */
export function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 300) * 1000 : null;
}

export async function problemOf(response: Response, body: unknown): Promise<Problem> {
  const wait = retryAfter(response.headers.get("Retry-After"));
  const document = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const code = typeof document.code === "string" ? document.code : `status_${response.status}`;
  const detail = typeof document.detail === "string" ? document.detail : "";
  const errors: Record<string, string> = {};
  if (typeof document.errors === "object" && document.errors !== null) {
    for (const [field, reason] of Object.entries(document.errors)) errors[field] = String(reason);
  }
  return new Problem(code, response.status, errors, wait, detail);
}
