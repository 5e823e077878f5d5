/** The icon of the tab, with the number of unread messages on it. */

const PLAIN = "/assets/rookery-1.svg";

/** What `rookery-1.svg` draws above the number; the rest of it is behind. */
const PENGUIN = `<rect width="512" height="512" rx="116" fill="#3466d6"/>
<path fill="#1d2733" d="M256 84c-86 0-132 66-132 158v66c0 74 54 124 132 124s132-50 132-124v-66c0-92-46-158-132-158z"/>
<path fill="#fff" d="M256 196c-14-26-34-38-56-38-32 0-50 30-50 68 0 22 8 36 14 48-6 14-8 30-8 46 0 56 42 88 100 88s100-32 100-88c0-16-2-32-8-46 6-12 14-26 14-48 0-38-18-68-50-68-22 0-42 12-56 38z"/>
<circle cx="204" cy="216" r="17" fill="#1d2733"/>`;

/** The icon's address: the plain one, or one drawn for this number. */
export function faviconOf(unread: number): string {
  if (unread <= 0) return PLAIN;
  const label = unread > 99 ? "99+" : String(unread);
  const size = [0, 250, 220, 170][label.length] ?? 170;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">${PENGUIN}
<circle cx="336" cy="336" r="168" fill="#d92d3a" stroke="#fff" stroke-width="16"/>
<text x="336" y="344" fill="#fff" font-family="system-ui,sans-serif" font-weight="700" font-size="${size}" text-anchor="middle" dominant-baseline="central">${label}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function setFavicon(unread: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = faviconOf(unread);
  if (link && link.getAttribute("href") !== href) link.href = href;
}
