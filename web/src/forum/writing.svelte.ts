/** An article that is being written: its fields, and what becomes of them. */
import * as api from "../api/forum";
import type { Article } from "../api/types";
import { OFFLINE, Problem, isProblem } from "../api/problem";
import { newId } from "../app/random";
import type { Typed } from "../app/typed";
import type { Live } from "../app/live.svelte";
import { renamePlace } from "../app/router.svelte";
import { href } from "../app/routes";
import { t } from "../i18n/i18n.svelte";
import { Autosave, type Fields, type SaveState } from "./autosave";
import { forgetFeeds } from "./feeds.svelte";
import { keepArticle, keptOf } from "./kept";
import { withTyped } from "./typed";

const EMPTY: Fields = { title: "", summary: "", text: "", tags: [], category_id: 0, head_image_id: null };

/** The upload that an address of a picture names. */
function uploadIn(url: string | undefined): string | null {
  return /\/images\/([^/?]+)/.exec(url ?? "")?.[1] ?? null;
}

function fieldsOf(article: Article): Fields {
  const { title, summary, text, tags, category, head_image, draft } = article;
  if (draft) {
    const { saved_at: _at, ...fields } = draft;
    return { ...fields, category_id: draft.category_id ?? 0, head_image_id: draft.head_image_id ?? null };
  }
  return { title, summary, text, tags, category_id: category.id, head_image_id: uploadIn(head_image?.url) };
}

const same = (a: Fields, b: Fields) =>
  (Object.keys(EMPTY) as (keyof Fields)[]).every((key) => `${a[key] ?? ""}` === `${b[key] ?? ""}`);

export class Writing {
  fields: Fields = $state.raw(EMPTY);
  /** As the server has it; null until it was saved there. */
  article: Article | null = $state.raw(null);
  phase: "loading" | "ready" | "failed" = $state("loading");
  problem: Problem | null = $state.raw(null);
  save: SaveState = $state.raw({ phase: "clean" });
  /** Changes of an earlier time, that were only on this device, are in the fields. */
  restored = $state(false);
  errors: Readonly<Record<string, string>> = $state.raw({});
  busy = $state(false);
  readonly autosave: Autosave;
  #live: Live;
  #revision = 0;
  #clientId = newId();

  constructor(live: Live) {
    this.#live = live;
    this.autosave = new Autosave({
      unfinished: (fields) => this.#unfinished(fields),
      keep: (fields) => this.#keep(fields),
      save: (fields) => this.#save(fields),
      onChange: (state) => this.#became(state),
      now: () => Date.now(),
      random: () => Math.random(),
    });
  }

  get me(): number {
    return this.#live.state.me.id;
  }

  /** Everybody can read the article, or could: what is saved by itself is a working copy of it. */
  get published(): boolean {
    return this.article !== null && this.article.status !== "draft";
  }

  /** `id` is 0 for a new article, which begins in `category`. */
  async open(id: number, category: number): Promise<void> {
    this.phase = "loading";
    try {
      if (id) {
        const article = await api.getArticle(id);
        if (!article.may.edit) return this.#fail(null);
        this.#take(article);
      } else this.fields = { ...EMPTY, category_id: category };
    } catch (error) {
      if (!isProblem(error)) throw error;
      return this.#fail(error);
    }
    const kept = keptOf(this.me, id);
    if (kept && !same(kept.fields, this.fields)) {
      const saved = this.article?.draft?.saved_at;
      this.#revision = kept.revision || this.#revision;
      this.#clientId = kept.client_id || this.#clientId;
      this.fields = kept.fields;
      this.restored = true;
      this.autosave.restore(kept.fields, saved !== undefined && Date.parse(saved) > kept.at);
    } else if (kept) keepArticle(this.me, id, null);
    this.phase = "ready";
  }

  /** What was typed into the server's form before the editor was there. */
  add(typed: Typed): void {
    if (typed.changed.length > 0) this.change(withTyped(this.fields, typed, this.restored));
  }

  change(change: Partial<Fields>): void {
    this.fields = { ...this.fields, ...change };
    this.errors = Object.fromEntries(Object.entries(this.errors).filter(([key]) => !(key in change)));
    this.problem = null;
    this.autosave.changed(this.fields);
  }

  /** True when everybody can read it as it is now. */
  async publish(): Promise<boolean> {
    const { title, text, category_id } = this.fields;
    this.errors = {
      ...(title.trim() === "" && { title: t("title_missing") }),
      ...(category_id === 0 && { category_id: t("category_missing") }),
      ...(text.trim() === "" && { text: t("text_missing") }),
    };
    this.problem = null;
    if (Object.keys(this.errors).length > 0) return false;
    this.busy = true;
    try {
      await this.autosave.flush();
      if (this.save.phase === "conflict" || this.save.phase === "refused") return false;
      if (!this.article) throw new Problem(OFFLINE, 0);
      const status = this.published ? {} : ({ status: "published" } as const);
      const change = { ...this.#body(this.fields), ...status, revision: this.#revision };
      const article = await api.changeArticle(this.article.id, change);
      this.autosave.done();
      this.#take(article);
      forgetFeeds();
      return true;
    } catch (error) {
      if (!isProblem(error)) throw error;
      this.#refused(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The working copy is not wanted: what everybody reads is in the fields again. */
  async discard(): Promise<void> {
    if (!this.article) return;
    await api.dropArticleDraft(this.article.id);
    this.autosave.done();
    this.#take({ ...this.article, draft: null });
    this.restored = false;
  }

  /** What was kept on this device is not wanted. */
  forget(category: number): void {
    this.#clientId = newId();
    this.autosave.done();
    this.restored = false;
    this.fields = this.article ? fieldsOf(this.article) : { ...EMPTY, category_id: category };
  }

  /** Of two versions: the one that is here, or the one that the server has. */
  async settle(mine: boolean): Promise<void> {
    if (!this.article) return;
    const article = await api.getArticle(this.article.id);
    if (mine) {
      this.article = article;
      this.#revision = article.revision;
    } else this.#take(article);
    this.restored = false;
    await this.autosave.settle(mine);
  }

  /** Who agrees by now. What is written, here or elsewhere, is left as it is. */
  async refreshQuotes(): Promise<void> {
    if (!this.article) return;
    const { quotes } = await api.getArticle(this.article.id);
    this.article = { ...this.article, quotes: quotes ?? null };
    if (this.problem?.code === "consent_missing") this.problem = null;
  }

  #fail(problem: Problem | null): void {
    this.problem = problem;
    this.phase = "failed";
  }

  #take(article: Article): void {
    this.article = article;
    this.#revision = article.revision;
    this.fields = fieldsOf(article);
  }

  #unfinished({ title, category_id }: Fields): boolean {
    // A working copy may be as it is.
    return !this.published && (title.trim() === "" || category_id === 0);
  }

  #body({ title, summary, ...rest }: Fields) {
    return { ...rest, title: title.trim(), summary: summary.trim() };
  }

  #keep(fields: Fields | null): boolean {
    const kept = fields && { fields, at: Date.now(), revision: this.#revision, client_id: this.#clientId };
    return keepArticle(this.me, this.article?.id ?? 0, kept);
  }

  async #save(fields: Fields): Promise<void> {
    const { article } = this;
    if (!article) return this.#create(fields);
    if (this.published) {
      const { category_id, ...rest } = fields;
      return void (await api.keepArticleDraft(article.id, { ...rest, category_id: category_id || null }));
    }
    const change = { ...this.#body(fields), revision: this.#revision };
    this.article = await api.changeArticle(article.id, change);
    this.#revision = this.article.revision;
  }

  async #create(fields: Fields): Promise<void> {
    const body = this.#body(fields);
    const article = await api.createArticle({ ...body, status: "draft", client_id: this.#clientId });
    keepArticle(this.me, 0, null);
    this.article = article;
    this.#revision = article.revision;
    this.#clientId = newId();
    // From here on a reload finds it by its number.
    renamePlace(href("article_edit", article.id));
    this.#keep(this.fields);
    // An earlier try had come through, with what was written then.
    if (article.text !== body.text || article.title !== body.title) await this.#save(fields);
  }

  #became(state: SaveState): void {
    this.save = state;
    if (state.phase === "saved" || state.phase === "clean") this.restored = false;
    if (state.phase === "refused") this.#refused(state.problem);
  }

  #refused(problem: Problem): void {
    this.errors = { ...problem.errors };
    this.problem = problem;
    if (problem.code === "conflict") this.save = { phase: "conflict" };
  }
}
