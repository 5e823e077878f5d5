/** What somebody may do on the site. Pure. */
import type { Me, Permission } from "../api/types";

/** By which cases are decided, of one kind or another. */
const MODERATES: readonly Permission[] = ["moderate_chat", "moderate_forum", "manage_users"];

/** Of somebody's own view: what opens things to them. */
export type Rights = Pick<Me, "permissions" | "moderated_category_ids">;

/** Whether somebody decides cases: by a permission, or as a moderator of a category. */
export function decidesCases(me: Rights): boolean {
  return has(me.permissions, MODERATES) || me.moderated_category_ids.length > 0;
}

/** Whether any one of them is held. */
export function has(held: readonly Permission[], any: readonly Permission[]): boolean {
  return any.some((one) => held.includes(one));
}
