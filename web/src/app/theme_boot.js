// Runs before the first paint: the theme that was chosen stands on the root element before anything is drawn,
// and the form for browsers without script does not flash up. A form of the server's that is sent before the client is
// there has the next page, and a word that is being composed in it, as Chinese is, must be ended first: `takeover.svelte.ts`.
const root = document.documentElement.classList;
root.add("scripted");
addEventListener("submit", () => root.add("sent"));
addEventListener("compositionupdate", () => root.add("composing"));
addEventListener("compositionend", () => root.remove("composing"));
try {
  const theme = localStorage.getItem("rookery.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme it is.
}
