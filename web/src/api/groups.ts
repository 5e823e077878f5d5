/** Groups, their members and requests to join. */
import { http, unwrap } from "./client";
import type { Group, JoinPolicy, JoinRequest, Member, Role } from "./types";

export interface GroupChange {
  name?: string;
  description?: string;
  announcement?: string;
  all_muted?: boolean;
  max_members?: number;
  join_policy?: JoinPolicy;
  history_for_new_members?: boolean;
}

export interface MemberChange {
  role?: Role;
  nickname?: string;
  /** RFC 3339; `null` lifts the mute. */
  muted_until?: string | null;
}

const at = (id: number) => ({ path: { id } });

export const searchGroups = async (q: string): Promise<Group[]> =>
  (await unwrap(http.GET("/api/v1/groups", { params: { query: { q } } }))).groups;
export const createGroup = (body: {
  name: string;
  description?: string;
  join_policy?: JoinPolicy;
  max_members?: number;
}): Promise<Group> => unwrap(http.POST("/api/v1/groups", { body }));
export const getGroup = (id: number): Promise<Group> =>
  unwrap(http.GET("/api/v1/groups/{id}", { params: at(id) }));
export const updateGroup = async (id: number, body: GroupChange): Promise<void> =>
  void (await unwrap(http.PATCH("/api/v1/groups/{id}", { params: at(id), body })));
export const dissolveGroup = async (id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/groups/{id}", { params: at(id) })));
export const joinGroup = async (id: number, note: string): Promise<"joined" | "pending"> =>
  (await unwrap(http.POST("/api/v1/groups/{id}/join", { params: at(id), body: note ? { note } : {} })))
    .status;
export const leaveGroup = async (id: number): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/groups/{id}/leave", { params: at(id) })));
export const transferGroup = async (id: number, user_id: number): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/groups/{id}/transfer", { params: at(id), body: { user_id } })));

export const listMembers = async (id: number): Promise<Member[]> =>
  (await unwrap(http.GET("/api/v1/groups/{id}/members", { params: at(id) }))).members;
export const addMember = async (id: number, user_id: number): Promise<"joined" | "pending"> =>
  (await unwrap(http.POST("/api/v1/groups/{id}/members", { params: at(id), body: { user_id } }))).status;
export const updateMember = async (id: number, user_id: number, body: MemberChange): Promise<void> =>
  void (await unwrap(
    http.PATCH("/api/v1/groups/{id}/members/{user_id}", { params: { path: { id, user_id } }, body }),
  ));
export const removeMember = async (id: number, user_id: number): Promise<void> =>
  void (await unwrap(
    http.DELETE("/api/v1/groups/{id}/members/{user_id}", { params: { path: { id, user_id } } }),
  ));

export const listJoinRequests = async (id: number): Promise<JoinRequest[]> =>
  (await unwrap(http.GET("/api/v1/groups/{id}/join_requests", { params: at(id) }))).join_requests;
export const acceptJoinRequest = async (id: number, request_id: number): Promise<void> =>
  void (await unwrap(
    http.POST("/api/v1/groups/{id}/join_requests/{request_id}/accept", {
      params: { path: { id, request_id } },
    }),
  ));
export const declineJoinRequest = async (id: number, request_id: number): Promise<void> =>
  void (await unwrap(
    http.POST("/api/v1/groups/{id}/join_requests/{request_id}/decline", {
      params: { path: { id, request_id } },
    }),
  ));
