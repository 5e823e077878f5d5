/** The categories of the forum: fetched when the forum is first opened, and again when they change. */
import { listCategories } from "../api/forum";
import type { Category } from "../api/types";
import { isProblem } from "../api/problem";
import type { Event } from "../events/wire";

let list = $state.raw<readonly Category[]>([]);
let phase = $state<"new" | "loading" | "ready" | "failed">("new");

export const categories = {
  get list() {
    return list;
  },
  get phase() {
    return phase;
  },
  find(slug: string): Category | undefined {
    return list.find((one) => one.slug === slug);
  },
};

export async function loadCategories(): Promise<void> {
  if (phase === "new") phase = "loading";
  try {
    list = await listCategories();
    phase = "ready";
  } catch (error) {
    if (!isProblem(error)) throw error;
    if (phase !== "ready") phase = "failed";
  }
}

/** Counts by what is heard; the next fetch is exact again. */
export function heardCategory(event: Event): void {
  if (event.type === "categories.updated") return void loadCategories();
  const step = { "article.published": 1, "article.removed": -1 }[event.type as string];
  if (!step || !("category_id" in event)) return;
  list = list.map((one) =>
    one.id === event.category_id ? { ...one, articles: Math.max(0, one.articles + step) } : one,
  );
}
