/** Short words about what has just happened, and questions before what cannot be undone. */
import { isProblem } from "../api/problem";
import { isKey, t } from "../i18n/i18n.svelte";

/** How long a toast stays. */
const TOAST_MS = 4_500;
/** More at once push out the oldest. */
const MAX_TOASTS = 3;

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

export interface Question {
  title: string;
  text: string;
  action: string;
  danger?: boolean;
  answer: (yes: boolean) => void;
}

let toasts = $state<Toast[]>([]);
let question = $state.raw<Question | null>(null);
let last = 0;

export const feedback = {
  get toasts() {
    return toasts;
  },
  get question() {
    return question;
  },
};

export function toast(text: string, bad = false): void {
  const id = ++last;
  toasts = [...toasts, { id, text, bad }].slice(-MAX_TOASTS);
  setTimeout(() => (toasts = toasts.filter((each) => each.id !== id)), TOAST_MS);
}

/** Resolves to what the reader chose; closing means no. */
export function ask(about: Omit<Question, "answer">): Promise<boolean> {
  return new Promise((resolve) => {
    question = {
      ...about,
      answer: (yes) => {
        question = null;
        resolve(yes);
      },
    };
  });
}

/** A problem's code in the reader's words. */
export function problemText(error: unknown): string {
  if (!isProblem(error)) return t("problem_other");
  const key = `problem_${error.code}`;
  return isKey(key) ? t(key) : t("problem_other");
}

/** Runs an action; its failure is said in a toast. True when it went well. */
export async function attempt(action: () => Promise<unknown>, done = ""): Promise<boolean> {
  try {
    await action();
    if (done) toast(done);
    return true;
  } catch (error) {
    if (!isProblem(error)) throw error;
    if (error.code !== "unauthenticated") toast(problemText(error), true);
    return false;
  }
}
