/** Notices of the system. One for each thing that they are about; a newer one takes the place of the older. */

export interface Shown {
  about: string;
  /** The message that it shows, or 0. */
  seq: number;
  title: string;
  body: string;
  icon: string | null;
  onclick: () => void;
}

/** Shown and not closed yet; browsers take old ones down by themselves, so the oldest are forgotten. */
const MOST = 100;
const shown = new Map<string, { seq: number; notification: Notification }>();

/** `missing` where the browser has none, or the page did not come by a safe way. */
export function permission(): NotificationPermission | "missing" {
  return typeof Notification === "undefined" || !isSecureContext ? "missing" : Notification.permission;
}

/** Only after a click: browsers refuse it otherwise, and so do people. */
export async function askPermission(): Promise<NotificationPermission | "missing"> {
  return permission() === "missing" ? "missing" : Notification.requestPermission();
}

export function show({ about, seq, title, body, icon, onclick }: Shown): void {
  if (permission() !== "granted") return;
  const options = { body, tag: `rookery ${about}`, renotify: true, silent: true, ...(icon ? { icon } : {}) };
  let notification: Notification;
  try {
    notification = new Notification(title, options);
  } catch {
    // Phones allow them to service workers only.
    return;
  }
  notification.onclick = () => {
    window.focus();
    notification.close();
    onclick();
  };
  notification.onclose = () => {
    if (shown.get(about)?.notification === notification) shown.delete(about);
  };
  shown.delete(about);
  shown.set(about, { seq, notification });
  if (shown.size > MOST) shown.delete(shown.keys().next().value ?? "");
}

/** Takes down what is shown about something, if its message lies between the two. */
export function take(about: string, from: number, upTo: number): void {
  const found = shown.get(about);
  if (found && from <= found.seq && found.seq <= upTo) found.notification.close();
}

export function takeAll(): void {
  for (const { notification } of shown.values()) notification.close();
  shown.clear();
}
