/** Invitations to the site, for those who may invite. */
import { http, unwrap } from "./client";
import type { Invitation } from "./types";

export const listInvitations = async (): Promise<Invitation[]> =>
  (await unwrap(http.GET("/api/v1/invitations"))).invitations;
export const invite = (body: { max_uses: number; expires_in_days: number }): Promise<Invitation> =>
  unwrap(http.POST("/api/v1/invitations", { body }));
export const revokeInvitation = async (id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/invitations/{id}", { params: { path: { id } } })));
