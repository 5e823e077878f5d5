/** Friend requests, friends and blocks. */
import { http, unwrap } from "./client";
import type { Block, Friend, FriendRequest } from "./types";

export const listFriendRequests = (): Promise<{ incoming: FriendRequest[]; outgoing: FriendRequest[] }> =>
  unwrap(http.GET("/api/v1/friend_requests"));
export const requestFriend = async (user_id: number, note: string): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/friend_requests", { body: { user_id, note } })));
export const acceptFriendRequest = async (id: number): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/friend_requests/{id}/accept", { params: { path: { id } } })));
export const declineFriendRequest = async (id: number): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/friend_requests/{id}/decline", { params: { path: { id } } })));
export const withdrawFriendRequest = async (id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/friend_requests/{id}", { params: { path: { id } } })));

export const listFriends = async (): Promise<Friend[]> => (await unwrap(http.GET("/api/v1/friends"))).friends;
export const updateFriend = async (
  user_id: number,
  body: { remark?: string; folder?: string },
): Promise<void> =>
  void (await unwrap(http.PATCH("/api/v1/friends/{user_id}", { params: { path: { user_id } }, body })));
export const removeFriend = async (user_id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/friends/{user_id}", { params: { path: { user_id } } })));

export const listBlocks = async (): Promise<Block[]> => (await unwrap(http.GET("/api/v1/blocks"))).blocks;
export const addBlock = async (user_id: number): Promise<void> =>
  void (await unwrap(http.PUT("/api/v1/blocks/{user_id}", { params: { path: { user_id } } })));
export const removeBlock = async (user_id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/blocks/{user_id}", { params: { path: { user_id } } })));
