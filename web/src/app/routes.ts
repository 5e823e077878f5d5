/** Every place in the client, once: links and matching both come from this table. Pure, no DOM. */

const table = {
  login: "/login",
  register: "/register",
  setup: "/setup",
  chats: "/chats",
  chats_archived: "/chats/archived",
  chat: "/chats/:id",
  chat_info: "/chats/:id/info",
  contacts: "/contacts",
  requests: "/contacts/requests",
  search: "/contacts/search",
  blocked: "/contacts/blocked",
  person: "/contacts/people/:id",
  new_group: "/groups/new",
  group: "/groups/:id",
  join: "/join/:code",
  forum: "/forum",
  forum_new: "/forum/new",
  forum_drafts: "/forum/drafts",
  forum_tag: "/forum/tags/:tag",
  article: "/forum/articles/:id",
  article_edit: "/forum/articles/:id/edit",
  article_consent: "/forum/articles/:id/consent",
  forum_category: "/forum/:slug",
  author: "/people/:id",
  news: "/notifications",
  settings: "/settings",
  profile: "/settings/profile",
  password: "/settings/password",
  devices: "/settings/devices",
  tokens: "/settings/tokens",
  appearance: "/settings/appearance",
  notifications: "/settings/notifications",
  connection: "/settings/connection",
  invitations: "/settings/invitations",
  emoji: "/settings/emoji",
  account: "/settings/account",
  case: "/cases/:id",
  admin: "/admin",
  admin_overview: "/admin/overview",
  admin_cases: "/admin/cases",
  admin_case: "/admin/cases/:id",
  admin_words: "/admin/words",
  admin_users: "/admin/users",
  admin_user: "/admin/users/:id",
  admin_roles: "/admin/roles",
  admin_groups: "/admin/groups",
  admin_categories: "/admin/categories",
  admin_articles: "/admin/articles",
  admin_comments: "/admin/comments",
  admin_settings: "/admin/settings",
  admin_audit: "/admin/audit",
  admin_server: "/admin/server",
} as const;

export type RouteName = keyof typeof table;

export interface Route {
  name: RouteName;
  /** The number in the path, 0 where the route has none. */
  id: number;
  /** The code, tag or short name in the path, where the route has one. */
  code?: string;
}

export function href(name: RouteName, id?: number | string): string {
  return table[name].replace(/:\w+/, encodeURIComponent(id ?? ""));
}

const patterns = (Object.entries(table) as [RouteName, string][]).map(([name, path]) => {
  const pattern = path
    .replace(":id", "([1-9]\\d{0,15})")
    .replace(":code", "(?<code>[\\w-]{1,64})")
    .replace(":slug", "(?<code>(?![0-9]+/?$)[a-z0-9-]{1,64})")
    .replace(":tag", "(?<code>[^/]{1,300})");
  return [name, new RegExp(`^${pattern}/?$`)] as const;
});

/** The route of a path; unknown paths lead to the chats. */
export function match(path: string): Route {
  for (const [name, pattern] of patterns) {
    const found = pattern.exec(path);
    const part = found?.groups?.code;
    const code = decoded(part);
    if (part && !code) continue;
    if (code) return { name, id: 0, code };
    if (found) return { name, id: Number(found[1] ?? 0) };
  }
  return { name: "chats", id: 0 };
}

/** Empty where it is no text. */
function decoded(part = ""): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** The path leads to a place of the client, and to no file or feed. */
export function isPlace(path: string): boolean {
  return patterns.some(([, pattern]) => pattern.test(path));
}

/** Places that stand for everybody, logged in or not. */
export function isOpen(name: RouteName): boolean {
  return ["forum", "forum_category", "forum_tag", "article", "author"].includes(name);
}

/** Places that the server draws, and the client takes over when it has what they show. */
export function isDrawn(name: RouteName): boolean {
  return isOpen(name) || ["forum_new", "forum_drafts", "article_edit"].includes(name);
}

/** The pages of the forum, and of what came of it. */
export function isForum(name: RouteName): boolean {
  return /^(forum|article|author$|news$)/.test(name);
}

/** The pages for those who look after the site. */
export function isAdminPlace(name: RouteName): boolean {
  return name === "admin" || name.startsWith("admin_");
}

/** Places for those who are not logged in. */
export function isPublic(name: RouteName): boolean {
  return name === "login" || name === "register" || name === "setup";
}

/**
 * Where to go after logging in: a path of this site, or the chats. Anything that a browser could read as another site
 * (`//host`, `/\host`, a scheme, control characters) is refused, and so are the pages for those not logged in.
 */
export function safeNext(next: string | null): string {
  const fallback = href("chats");
  if (!next || !next.startsWith("/") || /^\/[/\\]|[\u0000-\u001f\u007f\\]/.test(next)) return fallback;
  const url = new URL(next, "https://rookery.invalid");
  if (url.origin !== "https://rookery.invalid") return fallback;
  if (url.pathname.startsWith("//") || isPublic(match(url.pathname).name)) return fallback;
  return url.pathname === "/" ? fallback : url.pathname + url.search + url.hash;
}
