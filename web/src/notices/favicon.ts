/** The icon of the tab, with the number of unread messages on it. */

const PLAIN = "/assets/rookery-1.svg";

/** The icon's address: the plain one, or one drawn for this number. */
export function faviconOf(unread: number): string {
  if (unread <= 0) return PLAIN;
  const label = unread > 99 ? "99+" : String(unread);
  const size = [0, 48, 42, 32][label.length] ?? 32;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="15" fill="#3466d6"/><path fill="#1d2733" d="M22 6c-11 0-16 9-16 20v26h32V26C38 15 33 6 22 6z"/>
<path fill="#fff" d="M22 22c-10-12-14 4-10 12-4 8 0 16 10 16s14-8 10-16c4-8 0-24-10-12z"/><path fill="#f5a524" d="M16 34h12l-6 6z"/>
<circle cx="42" cy="42" r="22" fill="#d92d3a" stroke="#fff" stroke-width="2"/>
<text x="42" y="43" fill="#fff" font-family="system-ui,sans-serif" font-weight="700" font-size="${size * 0.62}" text-anchor="middle" dominant-baseline="central">${label}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function setFavicon(unread: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = faviconOf(unread);
  if (link && link.getAttribute("href") !== href) link.href = href;
}
