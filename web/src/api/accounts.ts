/** Accounts, sessions, tokens and the own profile. */
import { http, setCsrfToken, unwrap } from "./client";
import type { LoggedIn, Me, NewToken, Session, Site, Token, User } from "./types";

/** Writes go out with its token from now on. */
export function keep(answer: LoggedIn): LoggedIn {
  setCsrfToken(answer.csrf_token);
  return answer;
}

export interface Registration {
  username: string;
  password: string;
  name?: string;
  invitation?: string;
  setup_token?: string;
}

export const getSite = (): Promise<Site> => unwrap(http.GET("/api/v1/site"));
/** Who is logged in in this browser, perhaps by now somebody else: `keep` takes its token. */
export const lookAtSession = (): Promise<LoggedIn> => unwrap(http.GET("/api/v1/session"));
export const currentSession = async (): Promise<LoggedIn> => keep(await lookAtSession());
export const register = async (body: Registration): Promise<LoggedIn> =>
  keep(await unwrap(http.POST("/api/v1/accounts", { body })));
export const logIn = async (username: string, password: string): Promise<LoggedIn> =>
  keep(await unwrap(http.POST("/api/v1/session", { body: { username, password } })));
export const logOut = async (): Promise<void> => void (await unwrap(http.DELETE("/api/v1/session")));
export const redeemSetupToken = async (setup_token: string): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/setup", { body: { setup_token } })));

export const getMe = (): Promise<Me> => unwrap(http.GET("/api/v1/me"));
export interface MeChange {
  name?: string;
  signature?: string;
  locale?: "zh" | "en";
  read_receipts?: boolean;
  /** Null ends them. */
  quiet_hours?: { from: string; until: string } | null;
}
export const updateMe = (body: MeChange): Promise<Me> => unwrap(http.PATCH("/api/v1/me", { body }));
export const putAvatar = (image: Blob): Promise<unknown> =>
  unwrap(
    http.PUT("/api/v1/me/avatar", {
      body: "" as never,
      bodySerializer: () => image,
      headers: { "Content-Type": image.type },
    }),
  );
export const removeAvatar = (): Promise<unknown> => unwrap(http.DELETE("/api/v1/me/avatar"));
/** Renews the session, and with it the token for writes. */
export const changePassword = async (old: string, fresh: string): Promise<LoggedIn> =>
  keep(await unwrap(http.PUT("/api/v1/me/password", { body: { old, new: fresh } })));

/** Where everything that is one's own is to be had as one file. */
export const EXPORT = "/api/v1/me/export";
export const deleteAccount = async (password: string): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/me", { body: { password } })));

export const listSessions = async (): Promise<Session[]> =>
  (await unwrap(http.GET("/api/v1/sessions"))).sessions;
export const revokeSession = async (id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/sessions/{id}", { params: { path: { id } } })));
export const listTokens = async (): Promise<Token[]> => (await unwrap(http.GET("/api/v1/tokens"))).tokens;
export const createToken = (name: string): Promise<NewToken> =>
  unwrap(http.POST("/api/v1/tokens", { body: { name } }));
export const revokeToken = async (id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })));

export const searchUsers = async (q: string): Promise<User[]> =>
  (await unwrap(http.GET("/api/v1/users", { params: { query: { q } } }))).users;
export const getUser = (id: number): Promise<User> =>
  unwrap(http.GET("/api/v1/users/{id}", { params: { path: { id } } }));
