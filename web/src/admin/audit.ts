/** What an entry of the audit log says, in the reader's language. */
import type { AuditEntry } from "../api/types";
import { href } from "../app/routes";
import { dateTime } from "../i18n/format";
import { type Key, isKey, t } from "../i18n/i18n.svelte";

/** What stands in an entry besides who, what and to what; other versions may say other things. */
type Details = Readonly<Record<string, unknown>>;

export function detailsOf(entry: AuditEntry): Details {
  const details = objectOf(entry.details);
  // Of a change of a role both are kept: what it is now is told.
  return entry.action === "role.changed" ? objectOf(details.after) : details;
}

function objectOf(value: unknown): Details {
  return typeof value === "object" && value !== null ? (value as Details) : {};
}

const text = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

/** "banned account 10002". */
export function auditSentence(entry: AuditEntry): string {
  const key = `audit_${entry.action.replace(".", "_")}`;
  const details = detailsOf(entry);
  const subject = subjectName(entry.subject);
  // A later server does more than this client has words for: its own words then.
  if (!isKey(key)) return `${entry.action} · ${subject}`;
  const name = text(details.name) || text(details.role);
  const person = t("subject_user", { id: text(details.user_id) });
  return t(key, { subject, name, person });
}

/** "user:10002" in words. */
export function subjectName(subject: string): string {
  const [kind = "", id = ""] = subject.split(":");
  const key = `subject_${kind}`;
  return isKey(key) ? t(key, { id }) : subject;
}

/** Where to look at it, if anywhere. */
export function subjectLink(entry: AuditEntry): string | null {
  const [kind, id = ""] = entry.subject.split(":");
  const number = /^[1-9]\d{0,15}$/.test(id) ? Number(id) : 0;
  const about = detailsOf(entry).case_id;
  if (kind === "user" && number && entry.action !== "user.deleted") return href("admin_user", number);
  return typeof about === "number" ? href("admin_case", about) : null;
}

/** What else is known, one line each. */
export function auditDetails(entry: AuditEntry): string[] {
  const details = detailsOf(entry);
  const lines: string[] = [];
  const until = text(details.until);
  if (until && !Number.isNaN(Date.parse(until))) lines.push(t("audit_until", { until: dateTime(until) }));
  const note = text(details.note);
  if (note) lines.push(t("audit_note", { note }));
  if (entry.action === "settings.changed") lines.push(...changes(details.changes));
  if (Array.isArray(details.permissions)) {
    const names = details.permissions.map((one) => {
      const key = `permission_${text(one)}`;
      return isKey(key) ? t(key) : text(one);
    });
    if (names.length > 0) lines.push(names.join(t("list_comma")));
  }
  if (entry.action === "words.changed") {
    const count = (value: unknown) => (Array.isArray(value) ? value.length : Number(value) || 0);
    lines.push(t("audit_words", { added: count(details.added), removed: count(details.removed) }));
  }
  return lines;
}

function changes(all: unknown): string[] {
  if (typeof all !== "object" || all === null) return [];
  return Object.entries(all).map(([key, value]) => {
    const name = isKey(`setting_${key}`) ? t(`setting_${key}` as Key) : key;
    const to = value === null ? t("setting_as_configured") : String(value);
    return t("audit_setting", { name, value: to });
  });
}
