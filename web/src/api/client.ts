/**
 * The one typed HTTP client. Paths, parameters and answers are checked against the server's OpenAPI description.
 * Writes carry the CSRF token; what fails is thrown as a `Problem`.
 */
import createClient from "openapi-fetch";
import { OFFLINE, Problem, problemOf } from "./problem";
import type { paths } from "./schema";

/** A call without an answer for this long has failed; long polls do not come through here. */
const TIMEOUT_MS = 30_000;
const TOKEN = "X-CSRFToken";

let csrfToken = "";
let onUnauthenticated: () => void = () => {};
let renewToken: () => Promise<boolean> = () => Promise.resolve(false);

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** For writes that do not come through here: uploads show their progress. */
export function currentCsrfToken(): string {
  return csrfToken;
}

/** Told when a call finds that the session has ended. */
export function whenUnauthenticated(listener: () => void): void {
  onUnauthenticated = listener;
}

/**
 * Asked when a write was refused for its token: another tab has logged in anew, or two answers have crossed on their
 * way. True when there is a new one, of the same account.
 */
export function whenTokenIsOld(renew: () => Promise<boolean>): void {
  renewToken = renew;
}

/** For calls that do not come through here. */
export function doubtSession(): void {
  onUnauthenticated();
}

export const http = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "http://localhost",
  credentials: "same-origin",
  cache: "no-store",
  fetch: async (request) => {
    // A body is read once.
    const again = request.method === "GET" ? null : request.clone();
    const response = await send(request);
    // What was refused has changed nothing, so it is sent once more, and not more often.
    if (!again || !(await isOfOldToken(response)) || !(await renewToken())) return response;
    again.headers.set(TOKEN, csrfToken);
    return send(again);
  },
});

const send = (request: Request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) });

async function isOfOldToken(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return (await problemOf(response, body)).code === "csrf_failed";
}

http.use({
  onRequest({ request }) {
    if (request.method !== "GET" && csrfToken) request.headers.set(TOKEN, csrfToken);
    return request;
  },
  onError: () => new Problem(OFFLINE, 0),
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's body, or the problem thrown. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const problem = await problemOf(response, error);
  if (problem.code === "unauthenticated") onUnauthenticated();
  throw problem;
}
