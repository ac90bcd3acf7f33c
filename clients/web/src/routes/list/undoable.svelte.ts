/** Something is done, and an undo of it offered. */
import { Action } from "$lib/api/action.svelte";
import { toasts } from "$lib/ui/toasts.svelte";

type Work = () => Promise<unknown>;

export class Undoable {
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

  /** Whether it was done. */
  async run(text: string, work: Work, undo: Work): Promise<boolean> {
    this.#undoing = null;
    if (!(await this.action.run(work))) return false;
    await this.isDone(text, undo);
    return true;
  }

  /** For what was done elsewhere, in a dialog say. */
  async isDone(text: string, undo: Work): Promise<void> {
    this.#offer(text, undo);
    await this.#again();
  }

  #offer(text: string, undo: Work): void {
    toasts.say(text, () => void this.#undo(undo));
  }

  /** Each has an action of its own, for several may be offered; where it fails it is offered again. */
  async #undo(undo: Work): Promise<void> {
    const undoing = new Action();
    this.action.trouble = null;
    this.#undoing = undoing;
    if (await undoing.run(undo)) await this.#again();
    else if (undoing.trouble) this.#offer(undoing.trouble.message, undo);
  }
}
