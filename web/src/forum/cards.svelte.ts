/**
 * Articles that something elsewhere names: links in messages, and notifications. Asked for when they come on the screen,
 * so that what may not be read any more shows nothing; a card is not reading, and counts no view.
 */
import { getSummary } from "../api/forum";
import type { ArticleSummary } from "../api/types";
import { isProblem } from "../api/problem";
import type { Live } from "../app/live.svelte";

/** Articles that are known; the ones asked for first go first. */
const MOST = 200;
/** After this long an article is asked for again, in milliseconds. */
const FRESH_MS = 5 * 60_000;

interface Card {
  /** Null for what cannot be read. */
  article: ArticleSummary | null;
  at: number;
}

let cards = $state.raw<ReadonlyMap<number, Card>>(new Map());
const asking = new Set<number>();
let follows: Live | null = null;

/** Undefined until it is known. */
export function cardOf(id: number): ArticleSummary | null | undefined {
  return cards.get(id)?.article;
}

export function wantCard(live: Live, id: number): void {
  follow(live);
  const known = cards.get(id);
  if (asking.has(id) || (known && Date.now() - known.at < FRESH_MS)) return;
  void fetchCard(id);
}

async function fetchCard(id: number): Promise<void> {
  const asked = follows;
  asking.add(id);
  try {
    const article = await getSummary(id);
    if (asked === follows) put(id, article);
  } catch (error) {
    if (!isProblem(error)) throw error;
    // Without an answer it is asked for when it is shown again.
    if (asked === follows && (error.status === 404 || error.status === 410)) put(id, null);
  } finally {
    asking.delete(id);
  }
}

function put(id: number, article: ArticleSummary | null): void {
  const next = new Map(cards);
  next.delete(id);
  next.set(id, { article, at: Date.now() });
  const oldest = next.keys().next().value;
  if (next.size > MOST && oldest !== undefined) next.delete(oldest);
  cards = next;
}

/** What happens to articles happens to their cards; whoever logs in next begins without any. */
function follow(live: Live): void {
  if (follows === live) return;
  follows = live;
  cards = new Map();
  const end = live.listen((event) => {
    if (event.type === "article.removed" && cards.has(event.article_id)) put(event.article_id, null);
    else if (event.type === "article.updated" || event.type === "article.published") {
      if (cards.has(event.article_id)) void fetchCard(event.article_id);
    }
  });
  live.whenStopped(() => {
    end();
    if (follows !== live) return;
    follows = null;
    cards = new Map();
  });
}
