/** The site as those see it who look after it. Each call needs its permission. */
import { http, unwrap } from "./client";
import type {
  AuditPage,
  Group,
  Job,
  ManagedUser,
  Overview,
  Session,
  Setting,
  StorageState,
  Ticket,
  UserPage,
  Verification,
} from "./types";
import type { NewDecision } from "./moderation";

const at = (id: number) => ({ path: { id } });

export const getOverview = (): Promise<Overview> => unwrap(http.GET("/api/v1/admin/overview"));

export type UserFilter = "all" | "admins" | "suspended" | "muted" | "banned" | "new";
export type UserSort = "newest" | "seen" | "name";
export interface UserQuery {
  q?: string;
  filter?: UserFilter;
  sort?: UserSort;
  before?: string;
  limit?: number;
}
export const listUsers = (query: UserQuery): Promise<UserPage> =>
  unwrap(http.GET("/api/v1/admin/users", { params: { query } }));
export const getManagedUser = (id: number): Promise<ManagedUser> =>
  unwrap(http.GET("/api/v1/admin/users/{id}", { params: at(id) }));
export const setAdmin = (id: number, is_admin: boolean): Promise<ManagedUser> =>
  unwrap(http.PATCH("/api/v1/admin/users/{id}", { params: at(id), body: { is_admin } }));
/** A new password, which is shown once; the sessions end. */
export const resetPassword = async (id: number): Promise<string> =>
  (await unwrap(http.POST("/api/v1/admin/users/{id}/password", { params: at(id) }))).password;
/** Where somebody is logged in, the latest used first. */
export const listUserSessions = async (id: number): Promise<Session[]> =>
  (await unwrap(http.GET("/api/v1/admin/users/{id}/sessions", { params: at(id) }))).sessions;
export const endSession = async (id: number, session_id: number): Promise<void> =>
  void (await unwrap(
    http.DELETE("/api/v1/admin/users/{id}/sessions/{session_id}", { params: { path: { id, session_id } } }),
  ));
export const endSessions = async (id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/admin/users/{id}/sessions", { params: at(id) })));
export const deleteUser = async (id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/admin/users/{id}", { params: at(id) })));
/** The same to up to 100 people: to all of them, or to none. */
export const decideAboutMany = async (user_ids: number[], body: NewDecision): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/admin/users/bulk", { body: { user_ids, ...body } })));

export interface PageQuery {
  q?: string;
  before?: string;
  limit?: number;
}
export const listAllGroups = (query: PageQuery): Promise<{ groups: Group[]; cursor?: string | null }> =>
  unwrap(http.GET("/api/v1/admin/groups", { params: { query } }));
export const dissolveAsModerator = async (id: number, note: string): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/admin/groups/{id}", { params: at(id), body: { note } })));

export const listSettings = async (): Promise<Setting[]> =>
  (await unwrap(http.GET("/api/v1/admin/settings"))).settings;
/** Null takes a setting back to what is configured. */
export const changeSettings = async (body: Record<string, unknown>): Promise<Setting[]> =>
  (await unwrap(http.PATCH("/api/v1/admin/settings", { body: body as never }))).settings;
export const putLogo = (image: Blob): Promise<unknown> =>
  unwrap(
    http.PUT("/api/v1/admin/logo", {
      body: "" as never,
      bodySerializer: () => image,
      headers: { "Content-Type": image.type },
    }),
  );
export const removeLogo = (): Promise<unknown> => unwrap(http.DELETE("/api/v1/admin/logo"));

export interface AuditQuery {
  actor?: number;
  subject?: string;
  before?: string;
  limit?: number;
}
export const listAudit = (query: AuditQuery): Promise<AuditPage> =>
  unwrap(http.GET("/api/v1/admin/audit", { params: { query } }));
export const verifyAudit = (): Promise<Verification> => unwrap(http.GET("/api/v1/admin/audit/verify"));

export const listJobs = async (): Promise<Job[]> => (await unwrap(http.GET("/api/v1/admin/jobs"))).jobs;
export const getStorage = (): Promise<StorageState> => unwrap(http.GET("/api/v1/admin/storage"));
/** What opens one download of a backup, for a minute. */
export const backupTicket = (password: string): Promise<Ticket> =>
  unwrap(http.POST("/api/v1/admin/backup", { body: { password } }));
export function backupAddress(ticket: string): string {
  return `/api/v1/admin/backup?${new URLSearchParams({ ticket })}`;
}
