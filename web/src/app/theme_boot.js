// Runs before the first paint: the theme that was chosen stands on the root element before anything is drawn,
// and the form for browsers without script does not flash up.
document.documentElement.classList.add("scripted");
try {
  const theme = localStorage.getItem("rookery.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme it is.
}
