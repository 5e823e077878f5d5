/**
 * The one typed HTTP client. Paths, parameters and answers are checked against the server's OpenAPI description.
 * Writes carry the CSRF token; what fails is thrown as a `Problem`.
 */
import createClient from "openapi-fetch";
import { OFFLINE, Problem, problemOf } from "./problem";
import type { paths } from "./schema";

/** A call without an answer for this long has failed; long polls do not come through here. */
const TIMEOUT_MS = 30_000;

let csrfToken = "";
let onUnauthenticated: () => void = () => {};

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

/** For calls that do not come through here. */
export function doubtSession(): void {
  onUnauthenticated();
}

export const http = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "http://localhost",
  credentials: "same-origin",
  cache: "no-store",
  fetch: (request) => fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) }),
});

http.use({
  onRequest({ request }) {
    if (request.method !== "GET" && csrfToken) request.headers.set("X-CSRFToken", csrfToken);
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
