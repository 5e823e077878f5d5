/** Every permission there is, in the order in which they are offered. */
import type { Permission } from "../api/types";

const all: Record<Permission, true> = {
  moderate_chat: true,
  moderate_forum: true,
  manage_users: true,
  manage_roles: true,
  manage_groups: true,
  manage_categories: true,
  manage_invitations: true,
  manage_emoji: true,
  manage_settings: true,
  read_audit_log: true,
  operate_server: true,
};

export const permissions = Object.keys(all) as Permission[];
