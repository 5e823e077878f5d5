/** The forum: categories, articles, comments, tags. Most of it answers visitors too. */
import { http, unwrap } from "./client";
import type {
  Article,
  ArticleEdit,
  ArticlePage,
  ArticleSort,
  ArticleStatus,
  ArticleSummary,
  Category,
  Comment,
  CommentPage,
  CommentSort,
  ConsentRequest,
  Tag,
  WorkingCopy,
} from "./types";

const byId = (id: number) => ({ params: { path: { id } } });
const ARTICLE = "/api/v1/forum/articles/{id}";

export const listCategories = async (): Promise<Category[]> =>
  (await unwrap(http.GET("/api/v1/forum/categories"))).categories;

export interface ArticleQuery {
  /** Id or short name. */
  category?: string;
  author?: number;
  tag?: string;
  status?: ArticleStatus;
  sort?: ArticleSort;
  before?: string;
  limit?: number;
}
export const listArticles = (query: ArticleQuery): Promise<ArticlePage> =>
  unwrap(http.GET("/api/v1/forum/articles", { params: { query } }));
/** What lists show of it; unlike reading it, this counts no view. */
export const getSummary = (id: number): Promise<ArticleSummary> =>
  unwrap(http.GET(`${ARTICLE}/summary`, byId(id)));
export const getArticle = (id: number): Promise<Article> => unwrap(http.GET(ARTICLE, byId(id)));

export interface NewArticle {
  /** The same again answers with the article that was made. */
  client_id?: string;
  category_id: number;
  title: string;
  summary?: string;
  text: string;
  status?: "draft" | "published";
  tags?: string[];
  head_image_id?: string | null;
}
export const createArticle = (body: NewArticle): Promise<Article> =>
  unwrap(http.POST("/api/v1/forum/articles", { body }));
export interface ArticleChange extends Partial<Omit<NewArticle, "status" | "client_id">> {
  status?: ArticleStatus;
  pinned?: boolean;
  priority?: number;
  /** Refused when the article has another one by now. */
  revision?: number;
}
export const changeArticle = (id: number, body: ArticleChange): Promise<Article> =>
  unwrap(http.PATCH(ARTICLE, { ...byId(id), body }));
export const deleteArticle = (id: number): Promise<unknown> => unwrap(http.DELETE(ARTICLE, byId(id)));
/** The working copy of an article; it may be incomplete. */
export const keepArticleDraft = (id: number, body: WorkingCopy): Promise<unknown> =>
  unwrap(http.PUT(`${ARTICLE}/draft`, { ...byId(id), body }));
export const dropArticleDraft = (id: number): Promise<unknown> =>
  unwrap(http.DELETE(`${ARTICLE}/draft`, byId(id)));
/** What it was before, the newest first. */
export const listArticleEdits = async (id: number): Promise<ArticleEdit[]> =>
  (await unwrap(http.GET(`${ARTICLE}/edits`, byId(id)))).edits;
export const likeArticle = (id: number, liked: boolean): Promise<unknown> =>
  liked ? unwrap(http.PUT(`${ARTICLE}/like`, byId(id))) : unwrap(http.DELETE(`${ARTICLE}/like`, byId(id)));
/** Joins the article's conversation, which is made if need be. */
export const joinDiscussion = async (id: number): Promise<number> =>
  (await unwrap(http.PUT(`${ARTICLE}/discussion`, byId(id)))).conversation_id;

export const listComments = (
  id: number,
  query: { sort?: CommentSort; before?: string; limit?: number },
): Promise<CommentPage> => unwrap(http.GET(`${ARTICLE}/comments`, { params: { path: { id }, query } }));
export const postComment = (id: number, text: string, parent_id?: number): Promise<Comment> => {
  const body = { text, ...(parent_id ? { parent_id } : {}) };
  return unwrap(http.POST(`${ARTICLE}/comments`, { ...byId(id), body }));
};

/** Where a picture of an article is, in a smaller size. */
export function articlePicture(article: number, upload: string): string {
  return `/api/v1/forum/articles/${article}/images/${upload}/preview`;
}

const COMMENT = "/api/v1/forum/comments/{id}";
export const getComment = (id: number): Promise<Comment> => unwrap(http.GET(COMMENT, byId(id)));
export const changeComment = (id: number, body: { text?: string; hidden?: boolean }): Promise<Comment> =>
  unwrap(http.PATCH(COMMENT, { ...byId(id), body }));
export const deleteComment = (id: number): Promise<unknown> => unwrap(http.DELETE(COMMENT, byId(id)));
export const likeComment = (id: number, liked: boolean): Promise<unknown> =>
  liked ? unwrap(http.PUT(`${COMMENT}/like`, byId(id))) : unwrap(http.DELETE(`${COMMENT}/like`, byId(id)));

/** What the server makes of a text. */
export const previewText = async (text: string, article_id?: number): Promise<string> => {
  const body = { text, ...(article_id ? { article_id } : {}) };
  return (await unwrap(http.POST("/api/v1/forum/preview", { body }))).html;
};
/** The most used first. */
export const listTags = async (category?: string): Promise<Tag[]> => {
  const query = category ? { category } : {};
  return (await unwrap(http.GET("/api/v1/forum/tags", { params: { query } }))).tags;
};

export interface Stretch {
  /** The same again answers with the draft that was made. */
  client_id: string;
  conversation_id: number;
  seqs: number[];
  category_id?: number;
  title?: string;
}
/** A draft that quotes these messages. */
export const articleFromMessages = (body: Stretch): Promise<Article> =>
  unwrap(http.POST("/api/v1/forum/articles/from_messages", { body }));
/** Asks all whose consent is missing. */
export const askConsents = (id: number): Promise<unknown> =>
  unwrap(http.POST(`${ARTICLE}/consents`, byId(id)));
export const getConsent = (id: number): Promise<ConsentRequest> =>
  unwrap(http.GET(`${ARTICLE}/consent`, byId(id)));
export const giveConsent = (id: number, given: boolean): Promise<unknown> =>
  unwrap(http.PUT(`${ARTICLE}/consent`, { ...byId(id), body: { given } }));
