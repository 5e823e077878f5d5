/** Reports, the cases that moderators decide, and the list of words. */
import { http, unwrap } from "./client";
import type { Act, Case, CasePage, OwnCase, ReportReason, Subject, SubjectKind, Tried, Word } from "./types";

export interface NewReport {
  subject: Subject;
  reason: ReportReason;
  note?: string;
}
export const report = async (body: NewReport): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/reports", { body })));

export interface CaseQuery {
  state?: "open" | "closed";
  kind?: SubjectKind;
  before?: string;
  limit?: number;
}
export const listCases = (query: CaseQuery): Promise<CasePage> =>
  unwrap(http.GET("/api/v1/moderation/cases", { params: { query } }));
export const getCase = (id: number): Promise<Case> =>
  unwrap(http.GET("/api/v1/moderation/cases/{id}", { params: { path: { id } } }));

export interface NewDecision {
  act: Act;
  /** RFC 3339; of a mute or suspension. */
  until?: string;
  note?: string;
}
export const decide = (id: number, body: NewDecision): Promise<Case> =>
  unwrap(http.POST("/api/v1/moderation/cases/{id}/decisions", { params: { path: { id } }, body }));
/** Without a report. */
export const decideAbout = (user_id: number, body: NewDecision): Promise<Case> =>
  unwrap(http.POST("/api/v1/moderation/decisions", { body: { user_id, ...body } }));

/** A case as the person concerned sees it, and whoever reported. */
export const getOwnCase = (id: number): Promise<OwnCase> =>
  unwrap(http.GET("/api/v1/cases/{id}", { params: { path: { id } } }));
export const appeal = (id: number, text: string): Promise<OwnCase> =>
  unwrap(http.POST("/api/v1/cases/{id}/appeal", { params: { path: { id } }, body: { text } }));

export const listWords = async (): Promise<Word[]> =>
  (await unwrap(http.GET("/api/v1/moderation/words"))).words;
export const putWords = async (words: Word[]): Promise<Word[]> =>
  (await unwrap(http.PUT("/api/v1/moderation/words", { body: { words } }))).words;
/** What would become of a text with this list, which need not be kept. */
export const tryWords = (text: string, words: Word[]): Promise<Tried> =>
  unwrap(http.POST("/api/v1/moderation/words/test", { body: { text, words } }));
