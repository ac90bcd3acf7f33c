/** Short messages that come and go, such as what was just done and how to undo it. */
import { t } from "$lib/i18n/index.svelte";

interface Toast {
  id: number;
  text: string;
  action: { label: string; run: () => void } | null;
}

const SHOWN_MS = 8_000;

class ToastList {
  items = $state<Toast[]>([]);
  #next = 0;

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
    setTimeout(() => this.dismiss(id), SHOWN_MS);
    return id;
  }

  dismiss(id: number): void {
    this.items = this.items.filter((toast) => toast.id !== id);
  }
}

export const toasts = new ToastList();
