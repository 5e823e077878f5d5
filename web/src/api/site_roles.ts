/** Named sets of permissions on the whole site, and who has them. */
import { http, unwrap } from "./client";
import type { Permission, SiteRole, User } from "./types";

const at = (id: number) => ({ path: { id } });

export const listSiteRoles = async (): Promise<SiteRole[]> =>
  (await unwrap(http.GET("/api/v1/site_roles"))).site_roles;
export interface RoleChange {
  name: string;
  permissions: Permission[];
}
export const createSiteRole = (body: RoleChange): Promise<SiteRole> =>
  unwrap(http.POST("/api/v1/site_roles", { body }));
export const updateSiteRole = (id: number, body: RoleChange): Promise<SiteRole> =>
  unwrap(http.PATCH("/api/v1/site_roles/{id}", { params: at(id), body }));
export const deleteSiteRole = async (id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/site_roles/{id}", { params: at(id) })));
export const listRoleMembers = async (id: number): Promise<User[]> =>
  (await unwrap(http.GET("/api/v1/site_roles/{id}/members", { params: at(id) }))).users;
export const giveRole = async (id: number, user_id: number): Promise<void> =>
  void (await unwrap(
    http.PUT("/api/v1/site_roles/{id}/members/{user_id}", { params: { path: { id, user_id } } }),
  ));
export const takeRole = async (id: number, user_id: number): Promise<void> =>
  void (await unwrap(
    http.DELETE("/api/v1/site_roles/{id}/members/{user_id}", { params: { path: { id, user_id } } }),
  ));
