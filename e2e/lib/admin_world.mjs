/** A site with something to look after: roles, cases of every state, words, sanctions, categories. */
import { Api } from "./api.mjs";
import { png } from "./picture.mjs";

const PEOPLE = [
  ["lin_yue", "林月"],
  ["kate", "Kate Green"],
  ["zhang_wei", "张伟（市场部）"],
  ["spam_shop", "特价手表 Cheap watches"],
  ["omar", "Omar"],
  ["a_very_long_user_name_of_32_char", "A person with a rather long display name 名字很长的人"],
];

/**
 * @param {string} origin
 * @param {string} setup_token
 * @returns {Promise<{root: Api, concerned: Api, user: number, open: number, own: number}>} who looks after the site,
 *   somebody whom a decision concerns, whose page is worth opening, and the cases
 */
export async function adminWorld(origin, setup_token) {
  const root = await Api.register(origin, "keeper", { name: "管理员 Keeper" });
  await root.post("/setup", { setup_token });
  const people = [];
  for (const [username, name] of PEOPLE) people.push(await Api.register(origin, username ?? "", { name: name ?? "" }));
  const [lin, kate, zhang, shop, omar] = people;
  await kate.putPicture("/me/avatar", png(128, [72, 127, 163], [240, 231, 216]));
  await shop.patch("/me", { signature: "Best prices! 加我微信" });
  const club = await lin.post("/groups", { name: "周末羽毛球 Badminton", description: "Every Saturday", join_policy: "open" });
  for (const one of [kate, zhang, shop, omar]) await one.post(`/groups/${club.id}/join`, {});
  await kate.say(club.id, "See you on Saturday!");
  const advert = await shop.say(club.id, "名表一折起，加微信领优惠！Luxury watches, 90% off, today only.");
  await zhang.say(club.id, "又来了……");
  const rude = await omar.say(club.id, "You all play like beginners.");
  const about = (/** @type {number} */ seq) => ({ kind: "message", conversation_id: club.id, seq });
  await lin.post("/reports", { subject: about(advert.seq), reason: "spam", note: "今天已经第三次了" });
  await kate.post("/reports", { subject: about(advert.seq), reason: "spam" });
  await kate.post("/reports", { subject: { kind: "user", id: shop.user?.id }, reason: "spam" });
  await lin.post("/reports", { subject: about(rude.seq), reason: "abuse", note: "Not nice." });
  const { cases } = await root.get("/moderation/cases");
  const of = (/** @type {number} */ seq) => cases.find((/** @type {any} */ one) => one.subject.seq === seq).id;
  const note = "请友善发言。Please be kind to beginners.";
  await root.post(`/moderation/cases/${of(rude.seq)}/decisions`, { act: "warn", note });
  await root.put("/moderation/words", {
    words: [
      { pattern: "微信群发", action: "hold" },
      { pattern: "笨蛋", action: "replace", replacement: "聪明人" },
      { pattern: "online casino", action: "refuse" },
    ],
  });
  await shop.say(club.id, "微信群发软件").catch(() => undefined);
  const roles = [
    ["版主 Moderators", ["moderate_chat", "moderate_forum"]],
    ["Welcome team", ["manage_users", "manage_invitations"]],
  ];
  for (const [name, permissions] of roles) {
    const role = await root.post("/site_roles", { name, permissions });
    await root.put(`/site_roles/${role.id}/members/${kate.user?.id}`);
  }
  const until = new Date(Date.now() + 7 * 86_400_000).toISOString();
  const sanction = { user_id: zhang.user?.id, act: "mute", until, note: "冷静几天。" };
  await root.post("/moderation/decisions", sanction);
  await root.patch("/admin/settings", { name: "企鹅巢 Rookery", new_account_hours: 48 });
  for (const [slug, name, description] of [
    ["life", "生活 Life", "日常、美食和旅行。Everyday things."],
    ["tech", "技术 Tech", ""],
  ]) {
    await root.post("/forum/categories", { slug, name, description, in_top_menu: true, moderator_ids: [kate.user?.id] });
  }
  const { categories } = await root.get("/forum/categories");
  const article = await kate.post("/forum/articles", {
    category_id: categories[0].id,
    title: "雨天的一百种过法 A hundred ways to spend a rainy day",
    text: "Read.",
    status: "published",
  });
  await omar.post(`/forum/articles/${article.id}/comments`, { text: "Sleep is the best of them. 睡觉最好。" });
  return { root, concerned: omar, user: zhang.user?.id ?? 0, open: of(advert.seq), own: of(rude.seq) };
}

/** @typedef {{name: string, path: string, shows: string}} Sight */

/** @param {Awaited<ReturnType<typeof adminWorld>>} there @returns {Sight[]} */
export function adminSights(there) {
  return [
    { name: "admin", path: "/admin", shows: ".list nav a" },
    { name: "admin-overview", path: "/admin/overview", shows: ".main figure" },
    { name: "admin-cases", path: "/admin/cases", shows: ".main [data-testid=case]" },
    { name: "admin-case", path: `/admin/cases/${there.open}`, shows: "[data-testid=report]" },
    { name: "admin-words", path: "/admin/words", shows: "[data-testid=words]" },
    { name: "admin-users", path: "/admin/users", shows: "[data-testid=users]" },
    { name: "admin-user", path: `/admin/users/${there.user}`, shows: ".main [role=switch]" },
    { name: "admin-roles", path: "/admin/roles", shows: "[data-testid=role] .row" },
    { name: "admin-groups", path: "/admin/groups", shows: "[data-testid=groups]" },
    { name: "admin-categories", path: "/admin/categories", shows: "[data-testid=category]" },
    { name: "admin-articles", path: "/admin/articles", shows: "[data-testid=articles]" },
    { name: "admin-comments", path: "/admin/comments", shows: "[data-testid=comments]" },
    { name: "admin-settings", path: "/admin/settings", shows: "[data-testid=setting-upload_quota]" },
    { name: "admin-audit", path: "/admin/audit", shows: "[data-testid=audit]" },
    { name: "admin-server", path: "/admin/server", shows: "[data-testid=storage] dd" },
    { name: "settings-account", path: "/settings/account", shows: ".main form" },
  ];
}
