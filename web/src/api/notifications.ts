/** What the site tells a person outside of any conversation. */
import { http, unwrap } from "./client";
import type { NotificationPage } from "./types";

/** The newest first; older than `before`, where it is given. */
export const listNotifications = (before?: number, limit = 30): Promise<NotificationPage> =>
  unwrap(
    http.GET("/api/v1/notifications", {
      params: { query: { limit, ...(before === undefined ? {} : { before }) } },
    }),
  );
export const countNotifications = async (): Promise<number> => (await listNotifications(undefined, 1)).unread;
/** This one and all before it count as read. */
export const readNotifications = async (id: number): Promise<void> =>
  void (await unwrap(http.PUT("/api/v1/notifications/read", { body: { id } })));
