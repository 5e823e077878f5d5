/** The forum as those see it who keep it: its categories, and every article and comment. */
import { http, unwrap } from "./client";
import type { Category, ManagedArticles, ManagedComments } from "./types";

const at = (id: number) => ({ path: { id } });

export const listCategories = async (): Promise<Category[]> =>
  (await unwrap(http.GET("/api/v1/forum/categories"))).categories;

export interface CategoryChange {
  slug?: string;
  name?: string;
  description?: string;
  position?: number;
  in_top_menu?: boolean;
  moderator_ids?: number[];
}
export const createCategory = (body: CategoryChange & { slug: string; name: string }): Promise<Category> =>
  unwrap(http.POST("/api/v1/forum/categories", { body }));
export const changeCategory = (id: number, body: CategoryChange): Promise<Category> =>
  unwrap(http.PATCH("/api/v1/forum/categories/{id}", { params: at(id), body }));
export const deleteCategory = async (id: number): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/forum/categories/{id}", { params: at(id) })));

export interface PostQuery {
  q?: string;
  author?: number;
  hidden?: boolean;
  before?: string;
  limit?: number;
}
export const listAllArticles = (query: PostQuery): Promise<ManagedArticles> =>
  unwrap(http.GET("/api/v1/admin/articles", { params: { query } }));
export const listAllComments = (query: PostQuery): Promise<ManagedComments> =>
  unwrap(http.GET("/api/v1/admin/comments", { params: { query } }));
export const hideArticle = (id: number, hidden: boolean): Promise<unknown> =>
  unwrap(
    http.PATCH("/api/v1/forum/articles/{id}", {
      params: at(id),
      body: { status: hidden ? "hidden" : "published" },
    }),
  );
export const removeArticle = (id: number): Promise<unknown> =>
  unwrap(http.DELETE("/api/v1/forum/articles/{id}", { params: at(id) }));
export const hideComment = (id: number, hidden: boolean): Promise<unknown> =>
  unwrap(http.PATCH("/api/v1/forum/comments/{id}", { params: at(id), body: { hidden } }));
export const removeComment = (id: number): Promise<unknown> =>
  unwrap(http.DELETE("/api/v1/forum/comments/{id}", { params: at(id) }));
