/** Who is logged in here, if anyone; starts and ends the `Live` client. */
import * as accounts from "../api/accounts";
import { whenTokenIsOld, whenUnauthenticated } from "../api/client";
import { isProblem } from "../api/problem";
import type { Limits, LoggedIn, Site } from "../api/types";
import { followAccount } from "../i18n/i18n.svelte";
import { Live } from "./live.svelte";
import { go, goTo, router } from "./router.svelte";
import { isOpen, isPublic, safeNext } from "./routes";

class Session {
  /** `unknown` until the server has said. */
  phase: "unknown" | "out" | "in" = $state("unknown");
  live: Live | null = $state.raw(null);
  site: Site | null = $state.raw(null);
  /** The server could not be reached at the start. */
  unreachable = $state(false);
  #doubting = false;

  async start(): Promise<void> {
    whenUnauthenticated(() => void this.#doubt());
    whenTokenIsOld(() => this.#renew());
    for (let failures = 0; ; failures++) {
      try {
        const answer = await accounts.currentSession();
        this.unreachable = false;
        if (answer.user) this.begin(answer);
        else this.#leave();
        return;
      } catch (error) {
        if (!isProblem(error)) throw error;
        this.unreachable = true;
        await new Promise((resolve) => setTimeout(resolve, Math.min(8_000, 500 * 2 ** failures)));
      }
    }
  }

  /** What the operator has set; null until the server has told. */
  get limits(): Limits | null {
    return this.site?.limits ?? null;
  }

  /** Asks anew each time: the operator may have set something else since. */
  async loadSite(): Promise<void> {
    if (!this.site) await this.refreshSite();
  }

  /** Its name, logo or rules have changed. */
  async refreshSite(): Promise<void> {
    try {
      this.site = await accounts.getSite();
    } catch (error) {
      // All works without it: the server says itself what it does not take.
      if (!isProblem(error)) throw error;
    }
  }

  /** Logged in: at the start, by the form, or by registering. */
  begin(answer: LoggedIn): void {
    if (!answer.user) return;
    this.live?.stop();
    const live = new Live(
      answer.user,
      () => this.ended(),
      () => void this.refreshSite(),
    );
    this.live = live;
    this.phase = "in";
    followAccount(answer.user.locale ?? null);
    const { name } = router.route;
    if (name === "login" || name === "register") goTo(safeNext(router.query.get("next")), true);
    void live.start();
  }

  async logOut(): Promise<void> {
    await accounts.logOut();
    this.live?.announceLogout();
    this.#end();
    go("login");
    // The token of the next session.
    await accounts.currentSession();
  }

  /** A call was refused. It may have crossed a renewal of the session on its way: ask before believing it. */
  async #doubt(): Promise<void> {
    if (this.#doubting || this.phase !== "in") return;
    this.#doubting = true;
    try {
      await this.#isStillOurs();
    } catch (error) {
      // Without an answer nothing is known; the connection asks again by itself.
      if (!isProblem(error)) throw error;
    } finally {
      this.#doubting = false;
    }
  }

  /** A token for writes, if the browser is still logged in as the same person, or as nobody if nobody is here. */
  async #renew(): Promise<boolean> {
    try {
      return await this.#isStillOurs();
    } catch (error) {
      if (!isProblem(error)) throw error;
      return false;
    }
  }

  /** Whether the browser is logged in as who is here. If not, nothing more is written: it would go out as somebody else. */
  async #isStillOurs(): Promise<boolean> {
    const found = await accounts.lookAtSession();
    const isOurs = found.user?.id === this.live?.state.me.id;
    if (isOurs) accounts.keep(found);
    else this.ended();
    return isOurs;
  }

  /** The session is over, here or elsewhere: back to the door, and after it to the same place. */
  ended(): void {
    if (this.phase !== "in") return;
    this.#end();
    this.#leave();
  }

  #end(): void {
    this.live?.stop();
    this.live = null;
    this.phase = "out";
  }

  #leave(): void {
    this.phase = "out";
    if (isPublic(router.route.name) || isOpen(router.route.name)) return;
    const next = location.pathname + location.search + location.hash;
    go("login", undefined, { replace: true, ...(next === "/" ? {} : { query: { next } }) });
  }
}

export const session = new Session();

/** The live client; only for components that are shown while somebody is logged in. */
export function useLive(): Live {
  if (!session.live) throw new Error("nobody is logged in");
  return session.live;
}
