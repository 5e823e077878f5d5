/** The forum as those see it who keep it: categories, and every article and comment. */
import { http as typed, unwrap } from "./client";
import type { User } from "./types";

export interface Category {
  id: number;
  /** In addresses: 1 to 64 of `a-z 0-9 -`. */
  slug: string;
  name: string;
  description: string;
  position: number;
  in_top_menu: boolean;
  moderators: User[];
  /** How many are published. */
  articles: number;
}
export interface CategoryChange {
  slug?: string;
  name?: string;
  description?: string;
  position?: number;
  in_top_menu?: boolean;
  moderator_ids?: number[];
}
