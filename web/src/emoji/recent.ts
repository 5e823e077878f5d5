/** What was picked last on this device: emoji, and `:name:` of custom ones. */

const KEY = "rookery.recent_emoji";
/** So many are kept. */
const MOST = 27;

export function recent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    // Somebody else wrote there.
    return [];
  }
}

export function noteRecent(picked: string): void {
  const kept = [picked, ...recent().filter((one) => one !== picked)].slice(0, MOST);
  localStorage.setItem(KEY, JSON.stringify(kept));
}
