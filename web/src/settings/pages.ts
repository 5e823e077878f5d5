/** The pages of the settings, in their order. */
import type { Permission } from "../api/types";
import type { RouteName } from "../app/routes";
import type { Key } from "../i18n/i18n.svelte";
import type { IconName } from "../ui/icons";

interface SettingsPage {
  name: RouteName;
  label: Key;
  icon: IconName;
  /** For those who may. */
  needs?: Permission;
}

export const pages: SettingsPage[] = [
  { name: "profile", label: "profile", icon: "person" },
  { name: "appearance", label: "appearance", icon: "palette" },
  { name: "notifications", label: "notifications", icon: "bell" },
  { name: "password", label: "password", icon: "lock" },
  { name: "devices", label: "devices", icon: "device" },
  { name: "tokens", label: "tokens", icon: "key" },
  { name: "invitations", label: "invitations", icon: "person_add", needs: "manage_invitations" },
  { name: "emoji", label: "emoji_page", icon: "smile", needs: "manage_emoji" },
  { name: "connection", label: "connection", icon: "signal" },
  { name: "account", label: "account_page", icon: "archive" },
];
