/** The pages of the settings, in their order. */
import type { RouteName } from "../app/routes";
import type { Key } from "../i18n/i18n.svelte";
import type { IconName } from "../ui/icons";

export const pages: { name: RouteName; label: Key; icon: IconName }[] = [
  { name: "profile", label: "profile", icon: "person" },
  { name: "appearance", label: "appearance", icon: "palette" },
  { name: "password", label: "password", icon: "lock" },
  { name: "devices", label: "devices", icon: "device" },
  { name: "tokens", label: "tokens", icon: "key" },
  { name: "connection", label: "connection", icon: "signal" },
];
