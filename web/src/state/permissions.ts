/** What somebody may do on the site. Pure. */
import type { Permission } from "../api/types";

/** Who decides cases, of any kind. */
export const MODERATES: readonly Permission[] = ["moderate_chat", "moderate_forum", "manage_users"];

/** Whether any one of them is held. */
export function has(held: readonly Permission[], any: readonly Permission[]): boolean {
  return any.some((one) => held.includes(one));
}
