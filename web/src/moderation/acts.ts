/** Which acts a moderator is offered. Pure; the server decides in the end. */
import type { Act, Case, ManagedUser, Permission } from "../api/types";
import { holds } from "./until";

/** What can be done about a person. */
export function personActs(user: ManagedUser, now: number): Act[] {
  if (user.deleted) return [];
  const muted = holds(user.muted_until, now);
  const suspended = holds(user.suspended_until, now);
  return [
    "warn",
    muted ? "unmute" : "mute",
    suspended ? "unsuspend" : "suspend",
    user.banned ? "unban" : "ban",
  ];
}

/** What can be decided in a case that is open. */
export function caseActs(about: Case, held: readonly Permission[]): Act[] {
  const { kind } = about.subject;
  const manages = held.includes("manage_users");
  // Who only moderates a category decides of what is posted there, and warns.
  const mutes = manages || held.includes("moderate_chat") || held.includes("moderate_forum");
  const removes = kind !== "group" || held.includes("manage_groups");
  const acts: (Act | false)[] = [
    // What was held and is gone by now can only be put away.
    about.held && about.excerpt !== null ? "approve" : "dismiss",
    !about.held && kind !== "user" && kind !== "group" && kind !== "message" && "hide",
    removes && "remove",
    ...(about.author ? personal(about, mutes, manages) : []),
  ];
  return acts.filter((act) => act !== false);
}

/** An appeal is granted by taking back what was decided. */
function personal(about: Case, mutes: boolean, manages: boolean): (Act | false)[] {
  const last = about.decisions.find((one) => one.act !== "dismiss")?.act;
  const back = about.appeal ? ({ mute: "unmute", suspend: "unsuspend", ban: "unban" } as const) : {};
  const lifted = (back as Partial<Record<Act, Act>>)[last ?? "dismiss"];
  const lifts = lifted !== undefined && (manages || (mutes && lifted === "unmute"));
  return [lifts && lifted, "warn", mutes && "mute", manages && "suspend", manages && "ban"];
}
