/** Light, dark, or as the system. `theme_boot.js` sets it before the first paint; this changes it afterwards. */

export type Theme = "system" | "light" | "dark";
const KEY = "rookery.theme";

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

let theme = $state<Theme>(stored());

export const appearance = {
  get theme(): Theme {
    return theme;
  },
};

export function chooseTheme(next: Theme): void {
  theme = next;
  if (next === "system") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, next);
    document.documentElement.dataset.theme = next;
  }
}
