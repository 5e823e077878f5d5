/** Links that let people into a group, and what its announcements were. */
import { http, unwrap } from "./client";
import type { Announcement, GroupInvitation, InviteLink } from "./types";

const at = (id: number) => ({ path: { id } });
const by = (code: string) => ({ path: { code } });

export const listAnnouncements = async (id: number): Promise<Announcement[]> =>
  (await unwrap(http.GET("/api/v1/groups/{id}/announcements", { params: at(id) }))).announcements;

export const listLinks = async (id: number): Promise<InviteLink[]> =>
  (await unwrap(http.GET("/api/v1/groups/{id}/invite_links", { params: at(id) }))).invite_links;
export const makeLink = (id: number, body: { expires_in?: number; max_uses?: number }): Promise<InviteLink> =>
  unwrap(http.POST("/api/v1/groups/{id}/invite_links", { params: at(id), body }));
export const withdrawLink = async (id: number, link_id: number): Promise<void> =>
  void (await unwrap(
    http.DELETE("/api/v1/groups/{id}/invite_links/{link_id}", { params: { path: { id, link_id } } }),
  ));

export const showLink = (code: string): Promise<GroupInvitation> =>
  unwrap(http.GET("/api/v1/invite_links/{code}", { params: by(code) }));
export const joinByLink = async (code: string): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/invite_links/{code}/join", { params: by(code) })));
