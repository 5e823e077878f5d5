/** How this device gives notice: kept here, and not with the account. */

export interface Choices {
  /** A sound. */
  sound: boolean;
  /** Notices of the system, where the browser allows them. */
  desktop: boolean;
  /** They show what was written. */
  text: boolean;
}

const KEY = "rookery.notices";
const DEFAULT: Choices = { sound: true, desktop: false, text: true };

function stored(): Choices {
  try {
    return { ...DEFAULT, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Choices>) };
  } catch {
    return DEFAULT;
  }
}

let current = $state.raw(stored());

// Another tab of this browser has chosen.
globalThis.addEventListener?.("storage", ({ key }) => {
  if (key === KEY) current = stored();
});

export const choices = {
  get all(): Choices {
    return current;
  },
};

export function choose(change: Partial<Choices>): void {
  current = { ...current, ...change };
  localStorage.setItem(KEY, JSON.stringify(current));
}
