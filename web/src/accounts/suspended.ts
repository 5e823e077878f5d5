/** Until when an account is suspended, as the problem says. Pure. */
import type { Problem } from "../api/problem";

/** RFC 3339; null where the problem is another one, or does not say. */
export function suspendedUntil(problem: Problem): string | null {
  if (problem.code !== "suspended") return null;
  const found = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/.exec(problem.message)?.[0];
  return found && !Number.isNaN(Date.parse(found)) ? found : null;
}
