/** Custom emoji and stickers. */
import { http, unwrap } from "./client";
import type { Emoji } from "./types";

export const listEmoji = async (): Promise<Emoji[]> => (await unwrap(http.GET("/api/v1/emoji"))).emoji;

export interface NewEmoji {
  name: string;
  kind: Emoji["kind"];
  /** Of the whole site without one. */
  group_id?: number;
}

export const addEmoji = (emoji: NewEmoji, image: Blob): Promise<Emoji> =>
  unwrap(
    http.POST("/api/v1/emoji", {
      params: { query: emoji },
      body: "" as never,
      bodySerializer: () => image,
      headers: { "Content-Type": image.type },
    }),
  );

export const removeEmoji = async (id: string): Promise<void> =>
  void (await unwrap(http.DELETE("/api/v1/emoji/{id}", { params: { path: { id } } })));
