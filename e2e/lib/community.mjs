/** A forum with somebody who looks after it. */
import { Api } from "./api.mjs";

/**
 * An admin, and categories that they made.
 * @param {import("./server.mjs").Server} server
 * @param {{slug: string, name: string, description?: string, in_top_menu?: boolean}[]} categories
 * @returns {Promise<{admin: Api, ids: number[]}>}
 */
export async function community(server, categories) {
  const admin = await Api.register(server.url, "keeper", {
    name: "Keeper",
    setup_token: server.setupToken(),
  });
  const ids = [];
  for (const [position, category] of categories.entries()) {
    const made = await admin.post("/forum/categories", { in_top_menu: true, position, ...category });
    ids.push(made.id);
  }
  return { admin, ids };
}

/**
 * Publishes an article, as this person.
 * @param {Api} author
 * @param {number} category_id
 * @param {string} title
 * @param {{text?: string, summary?: string, tags?: string[], head_image_id?: string}} [more]
 */
export function publish(author, category_id, title, more = {}) {
  return author.post("/forum/articles", {
    category_id,
    title,
    text: "There is something to read.",
    status: "published",
    ...more,
  });
}
