/** The forum's nouns. */
import type { User } from "./types";

export interface Category {
  id: number;
  slug: string;
  name: string;
  description: string;
  position: number;
  in_top_menu: boolean;
  moderators: User[];
  /** Published ones. */
  articles: number;
}

export type ArticleStatus = "draft" | "published" | "hidden";
export type ArticleSort = "newest" | "active" | "liked";
export type CommentSort = "oldest" | "newest" | "liked";

export interface HeadImage {
  url: string;
  preview_url: string;
  width: number | null;
  height: number | null;
}

export interface ArticleSummary {
  id: number;
  category: Pick<Category, "id" | "slug" | "name">;
  author: User;
  title: string;
  summary: string;
  head_image: HeadImage | null;
  status: ArticleStatus;
  pinned: boolean;
  priority: number;
  tags: string[];
  created_at: string;
  published_at: string | null;
  modified_at: string | null;
  active_at: string;
  views: number;
  comments: number;
  likes: number;
  liked: boolean;
}

export interface WorkingCopy {
  title: string;
  summary: string;
  text: string;
  tags: string[];
  category_id: number | null;
  head_image_id: string | null;
  saved_at: string;
}

export interface Quotes {
  /** Somebody has to agree before it can be published. */
  private: boolean;
  authors: { user: User; consent: Consent; quotes: number }[];
}
export type Consent = "not_needed" | "missing" | "asked" | "given" | "refused";

export interface Article extends ArticleSummary {
  text: string;
  html: string;
  edits: number;
  revision: number;
  discussion: { conversation_id: number; members: number; joined: boolean } | null;
  may: { edit: boolean; moderate: boolean; comment: boolean };
  draft?: WorkingCopy | null;
  quotes?: Quotes | null;
}

export interface Comment {
  id: number;
  article_id: number;
  parent_id: number | null;
  depth: number;
  author: User | null;
  text: string;
  html: string;
  created_at: string;
  modified_at: string | null;
  likes: number;
  liked: boolean;
  status: "visible" | "deleted" | "hidden";
  may: { edit: boolean; delete: boolean; moderate: boolean };
}

export interface ArticleEdit {
  n: number;
  at: string;
  editor: User;
  title: string;
  summary: string;
  text: string;
}

export interface Tag {
  name: string;
  articles: number;
}

export interface ArticleList {
  articles: ArticleSummary[];
  cursor?: string | null;
}
export interface CommentList {
  comments: Comment[];
  cursor?: string | null;
}
export interface ConsentAsked {
  article_title: string;
  asked_by: User;
  quotes: string[];
  consent: Consent;
}
