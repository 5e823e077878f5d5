/** Who may do what in a group, as the server sees it too. Pure. */
import type { Member, Role } from "../api/types";

const RANK: Record<Role, number> = { member: 0, admin: 1, owner: 2 };

/** Settings, announcement, requests to join, mute all. */
export function manages(own: Member | undefined): boolean {
  return own !== undefined && own.role !== "member";
}

/** Mute or remove somebody: only those of lower rank. */
export function commands(own: Member | undefined, other: Member): boolean {
  return own !== undefined && RANK[own.role] > RANK[other.role];
}

/** Owner, admins, members; inside by name. */
export function inOrder(members: readonly Member[], called: (member: Member) => string): Member[] {
  return [...members].sort((a, b) => RANK[b.role] - RANK[a.role] || called(a).localeCompare(called(b)));
}
