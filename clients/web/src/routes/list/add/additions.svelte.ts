/** Artists on their way onto the list, one after the other, while the box takes the next name. */
import { once, type Once } from "@nodrake/client";
import { Patience } from "$lib/api/patience.svelte";
import { troubleOf } from "$lib/api/problems";
import { t } from "$lib/i18n/index.svelte";
import { toasts } from "$lib/ui/toasts.svelte";
import { hitchOf } from "./artist-search.svelte";
import type { Hit } from "./find";
import { add, takeOff } from "./own-list";

type Listed = Pick<Hit, "id" | "name">;

interface Addition {
  hit: Listed;
  /** What was in the box. */
  text: string;
  /** Sent again with it, it has no second effect. */
  key: Once;
}

interface Listeners {
  /** The list is another one now. */
  onchange: () => void;
  /** The artist was there before. */
  onthere: (hit: Listed) => void;
  /** Nothing was added; `text` was in the box. */
  onrefused: (text: string) => void;
  onundone: () => void;
}

export class Additions {
  waiting = $state.raw<Addition[]>([]);
  /** What the hitch is about. */
  failing = $state.raw<Addition | null>(null);
  readonly patience = new Patience();
  readonly #listeners: Listeners;
  #running = false;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  put(hit: Listed, text: string): void {
    this.waiting = [...this.waiting, { hit, text, key: once() }];
    if (this.patience.isWaiting) return;
    this.patience.over();
    void this.#run();
  }

  /** Nobody of those who wait is added. */
  giveUp = (): void => {
    this.waiting = [];
    this.patience.over();
  };

  #run = async (): Promise<void> => {
    if (this.#running) return;
    this.#running = true;
    for (let next; (next = this.waiting[0]) && (await this.#settle(next)); ) {
      this.waiting = this.waiting.slice(1);
    }
    this.#running = false;
  };

  /** Whether it is the next one's turn. */
  async #settle(addition: Addition): Promise<boolean> {
    const { id, name } = addition.hit;
    try {
      await add(id, addition.key);
    } catch (error) {
      return this.#isSettledBy(error, addition);
    }
    this.patience.over();
    toasts.say(t("search.added", { name }), () => void this.#undo(id, name));
    this.#listeners.onchange();
    return true;
  }

  #isSettledBy(error: unknown, addition: Addition): boolean {
    const hitch = hitchOf(error);
    if (hitch.trouble.code === "blocklists.artist_already_blocked") {
      this.patience.over();
      this.#listeners.onthere(addition.hit);
      return true;
    }
    this.failing = addition;
    if (hitch.passes) {
      this.patience.wait(hitch, this.#run);
      return false;
    }
    this.patience.wait(hitch, () => this.put(addition.hit, addition.text));
    this.#listeners.onrefused(addition.text);
    return true;
  }

  async #undo(id: string, name: string): Promise<void> {
    try {
      await takeOff(id);
      toasts.say(t("search.add_undone", { name }));
      this.#listeners.onchange();
    } catch (error) {
      toasts.say(troubleOf(error).message);
    }
    this.#listeners.onundone();
  }
}
