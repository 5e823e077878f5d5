/** The pages of the admin area, in their order, and who sees which. Pure. */
import type { Permission } from "../api/types";
import type { RouteName } from "../app/routes";
import type { Key } from "../i18n/i18n.svelte";
import { type Rights, decidesCases, has } from "../state/permissions";
import type { IconName } from "../ui/icons";

export interface AdminPlace {
  name: RouteName;
  label: Key;
  icon: IconName;
  /** Any one of them; or what somebody has to be. */
  needs: readonly Permission[] | ((me: Rights) => boolean);
}

export const places: readonly AdminPlace[] = [
  { name: "admin_overview", label: "overview", icon: "chart", needs: ["operate_server", "manage_users"] },
  { name: "admin_cases", label: "cases", icon: "flag", needs: decidesCases },
  { name: "admin_words", label: "word_list", icon: "words", needs: ["moderate_chat"] },
  { name: "admin_users", label: "admin_people", icon: "people", needs: ["manage_users"] },
  { name: "admin_roles", label: "site_roles", icon: "shield", needs: ["manage_roles"] },
  { name: "admin_groups", label: "admin_groups", icon: "chat", needs: ["manage_groups"] },
  { name: "admin_categories", label: "admin_categories", icon: "list", needs: ["manage_categories"] },
  { name: "admin_articles", label: "admin_articles", icon: "file", needs: ["moderate_forum"] },
  { name: "admin_comments", label: "admin_comments", icon: "reply", needs: ["moderate_forum"] },
  { name: "invitations", label: "invitations", icon: "person_add", needs: ["manage_invitations"] },
  { name: "emoji", label: "emoji_page", icon: "smile", needs: ["manage_emoji"] },
  { name: "admin_settings", label: "site_settings", icon: "settings", needs: ["manage_settings"] },
  { name: "admin_audit", label: "audit_log", icon: "book", needs: ["read_audit_log"] },
  { name: "admin_server", label: "admin_server", icon: "server", needs: ["operate_server"] },
];

export function opens(place: AdminPlace, me: Rights): boolean {
  return typeof place.needs === "function" ? place.needs(me) : has(me.permissions, place.needs);
}

export function placesFor(me: Rights): readonly AdminPlace[] {
  return places.filter((place) => opens(place, me));
}

/** The place of the list that a page belongs to: a person's page to the people. */
export function placeOf(name: RouteName): RouteName {
  if (name === "admin_user") return "admin_users";
  if (name === "admin_case") return "admin_cases";
  return name;
}
