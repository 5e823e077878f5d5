/** Uploads, and where attachments are. The bytes themselves go by the tus protocol: `uploads/tus.ts`. */
import { http, unwrap } from "./client";
import type { UploadUsage } from "./types";

export const UPLOADS_PATH = "/api/v1/uploads";
/** The version of the protocol. */
const TUS = { "Tus-Resumable": "1.0.0" };

export const getUsage = (): Promise<UploadUsage> => unwrap(http.GET("/api/v1/uploads/usage"));
export const dropUpload = (id: string): Promise<unknown> =>
  unwrap(http.DELETE("/api/v1/uploads/{id}", { params: { path: { id }, header: TUS } }));

/** Where the `n`th attachment of a message is, from 0. */
export function attachmentUrl(conversation: number, seq: number, n: number): string {
  return `/api/v1/conversations/${conversation}/messages/${seq}/attachments/${n}`;
}

/** The smaller picture of it. */
export function previewUrl(conversation: number, seq: number, n: number): string {
  return `${attachmentUrl(conversation, seq, n)}/preview`;
}

/** The same, to be kept as a file. */
export function downloadUrl(conversation: number, seq: number, n: number): string {
  return `${attachmentUrl(conversation, seq, n)}?download`;
}
