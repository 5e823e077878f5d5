import { expect, test } from "vitest";
import type { Case, ManagedUser } from "../api/types";
import { caseActs, personActs } from "./acts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const about = (change: object): Case =>
  ({
    subject: { kind: "message" },
    author: { id: 1 },
    held: false,
    decisions: [],
    appeal: null,
    ...change,
  }) as never;

test("what holds can be lifted, what does not can be imposed", () => {
  const user = { deleted: false, banned: false, muted_until: null, suspended_until: null } as ManagedUser;
  expect(personActs(user, NOW)).toEqual(["warn", "mute", "suspend", "ban"]);
  const until = "2026-03-02T12:00:00Z";
  expect(personActs({ ...user, banned: true, muted_until: until, suspended_until: until }, NOW)).toEqual([
    "warn",
    "unmute",
    "unsuspend",
    "unban",
  ]);
  expect(personActs({ ...user, muted_until: "2026-02-02T12:00:00Z" }, NOW)).toContain("mute");
  expect(personActs({ ...user, deleted: true }, NOW)).toEqual([]);
});

test("suspending and banning is for those who manage people", () => {
  expect(caseActs(about({}), ["moderate_chat"])).toEqual(["dismiss", "remove", "warn", "mute"]);
  expect(caseActs(about({}), ["moderate_chat", "manage_users"])).toContain("ban");
});

test("who only moderates a category mutes nobody", () => {
  const article = { subject: { kind: "article" } };
  expect(caseActs(about(article), [])).toEqual(["dismiss", "hide", "remove", "warn"]);
  const appealed = { ...article, appeal: { text: "…" }, decisions: [{ act: "mute" }] };
  expect(caseActs(about(appealed), [])).not.toContain("unmute");
  expect(caseActs(about(appealed), ["moderate_forum"])).toContain("unmute");
});

test("what is held is let through or removed, and not dismissed", () => {
  expect(caseActs(about({ held: true }), ["moderate_chat"])).toEqual(["approve", "remove", "warn", "mute"]);
});

test("articles can be hidden, groups are dissolved only by those who may", () => {
  expect(caseActs(about({ subject: { kind: "article" } }), ["moderate_forum"])).toContain("hide");
  expect(caseActs(about({ subject: { kind: "group" } }), ["moderate_chat"])).not.toContain("remove");
  expect(caseActs(about({ subject: { kind: "group" } }), ["moderate_chat", "manage_groups"])).toContain(
    "remove",
  );
});

test("an appeal can be granted", () => {
  const appealed = about({ appeal: { text: "…" }, decisions: [{ act: "mute" }] });
  expect(caseActs(appealed, ["moderate_chat"])).toEqual(["dismiss", "remove", "unmute", "warn", "mute"]);
});
