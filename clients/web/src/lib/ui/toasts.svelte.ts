/** Short messages that come and go, such as what was just done and how to undo it. */
import { t } from "$lib/i18n/index.svelte";

interface Toast {
  id: number;
  text: string;
  action: { label: string; run: () => void } | null;
}

type Hold = "pointer" | "focus";

const SHOWN_MS = 8_000;

class ToastList {
  items = $state<Toast[]>([]);
  #next = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  /** What keeps a message: the pointer on it, the focus in it. */
  readonly #holds = new Map<number, Set<Hold>>();

  /** The number by which it can be dismissed. */
  say(text: string, undo?: () => void): number {
    return this.#add(text, undo ? { label: t("form.undo"), run: undo } : null);
  }

  /** With something else to do about it than to undo it. */
  offer(text: string, label: string, run: () => void): number {
    return this.#add(text, { label, run });
  }

  #add(text: string, action: Toast["action"]): number {
    const id = this.#next++;
    // Said again, it takes the place of the one before.
    const others = this.items.filter((toast) => toast.text !== text || toast.action !== null);
    this.items = [...others.slice(-2), { id, text, action }];
    this.#start(id);
    return id;
  }

  /** It stays, until all that holds it lets go; then for as long again as a new one. */
  hold(id: number, hold: Hold): void {
    clearTimeout(this.#timers.get(id));
    this.#holds.set(id, (this.#holds.get(id) ?? new Set()).add(hold));
  }

  letGo(id: number, hold: Hold): void {
    const holds = this.#holds.get(id);
    if (holds?.delete(hold) && holds.size === 0) this.#start(id);
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#holds.delete(id);
    this.items = this.items.filter((toast) => toast.id !== id);
  }

  #start(id: number): void {
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), SHOWN_MS),
    );
  }
}

export const toasts = new ToastList();
