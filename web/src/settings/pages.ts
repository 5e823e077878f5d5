/** The pages of the settings, in their order. */
import type { RouteName } from "../app/routes";
import type { Key } from "../i18n/i18n.svelte";
import type { IconName } from "../ui/icons";

interface SettingsPage {
  name: RouteName;
  label: Key;
  icon: IconName;
  /** For those who run the site. */
  forAdmins?: boolean;
}

export const pages: SettingsPage[] = [
  { name: "profile", label: "profile", icon: "person" },
  { name: "appearance", label: "appearance", icon: "palette" },
  { name: "notifications", label: "notifications", icon: "bell" },
  { name: "password", label: "password", icon: "lock" },
  { name: "devices", label: "devices", icon: "device" },
  { name: "tokens", label: "tokens", icon: "key" },
  { name: "invitations", label: "invitations", icon: "person_add", forAdmins: true },
  { name: "emoji", label: "emoji_page", icon: "smile", forAdmins: true },
  { name: "connection", label: "connection", icon: "signal" },
];
