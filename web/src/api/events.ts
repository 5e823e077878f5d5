/** Where the event stream is read. The transports speak for themselves; only the paths and the head's cursor are here. */
import { http, unwrap } from "./client";
import type { paths } from "./schema";

export const EVENTS_PATH = "/api/v1/events" satisfies keyof paths;
export const STREAM_PATH = "/api/v1/events/stream" satisfies keyof paths;
export const SOCKET_PATH = "/api/v1/events/socket" satisfies keyof paths;

/** The head's cursor, without events. */
export const headCursor = async (): Promise<string> =>
  (await unwrap(http.GET("/api/v1/events", { params: { query: {} } }))).cursor;
