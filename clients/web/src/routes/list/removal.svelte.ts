/** Something is taken away, and an undo of it offered. */
import { Action } from "$lib/api/action.svelte";
import { toasts } from "$lib/ui/toasts.svelte";

type Work = () => Promise<unknown>;

export class Removal {
  readonly action = new Action();
  readonly #again: Work;
  #undoing = $state.raw<Action | null>(null);

  /** `again` reads what is shown, after each change. */
  constructor(again: Work) {
    this.#again = again;
  }

  get trouble() {
    return this.action.trouble ?? this.#undoing?.trouble ?? null;
  }

  async run(text: string, remove: Work, putBack: Work): Promise<void> {
    this.#undoing = null;
    if (!(await this.action.run(remove))) return;
    this.#offer(text, putBack);
    await this.#again();
  }

  #offer(text: string, putBack: Work): void {
    toasts.say(text, () => void this.#undo(putBack));
  }

  /** Each has an action of its own, for several may be offered; where it fails it is offered again. */
  async #undo(putBack: Work): Promise<void> {
    const undoing = new Action();
    this.action.trouble = null;
    this.#undoing = undoing;
    if (await undoing.run(putBack)) await this.#again();
    else if (undoing.trouble) this.#offer(undoing.trouble.message, putBack);
  }
}
