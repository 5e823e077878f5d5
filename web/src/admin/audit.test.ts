import "../i18n/for_tests";
import { expect, test } from "vitest";
import type { AuditEntry } from "../api/types";
import { auditDetails, auditSentence, subjectLink } from "./audit";

const entry = (action: string, subject: string, details: unknown = {}): AuditEntry =>
  ({ n: 1, at: "2026-03-01T12:00:00Z", actor: null, action, subject, details }) as AuditEntry;

test("an entry is a sentence", () => {
  expect(auditSentence(entry("user.banned", "user:10002"))).toBe("banned account 10002");
  expect(auditSentence(entry("settings.changed", "site"))).toBe("changed the settings");
  const given = entry("role.given", "role:3", { role: "Gardeners", user_id: 10004 });
  expect(auditSentence(given)).toBe("gave the role “Gardeners” to account 10004");
});

test("what this client has no words for is said as it came", () => {
  expect(auditSentence(entry("moon.painted", "moon:1"))).toBe("moon.painted · moon:1");
  expect(auditSentence(entry("user.banned", "__proto__:x"))).toBe("banned __proto__:x");
  expect(auditDetails(entry("user.banned", "user:1", "no object"))).toEqual([]);
});

test("notes, times and changed settings are told", () => {
  const details = { note: "spam", until: "2026-04-01T12:00:00Z", case_id: 4 };
  const lines = auditDetails(entry("user.muted", "user:10002", details));
  expect(lines[0]).toContain("2026");
  expect(lines[1]).toBe("Note: spam");
  const changed = entry("settings.changed", "site", { changes: { name: "Nest", registration: null } });
  expect(auditDetails(changed)).toEqual(["Name of the site: Nest", "Who may register: as configured"]);
});

test("it leads to the person or the case", () => {
  expect(subjectLink(entry("user.muted", "user:10002"))).toBe("/admin/users/10002");
  expect(subjectLink(entry("subject.removed", "message:5/7", { case_id: 9 }))).toBe("/admin/cases/9");
  expect(subjectLink(entry("user.deleted", "user:10002"))).toBeNull();
  expect(subjectLink(entry("x", "user:javascript"))).toBeNull();
});
