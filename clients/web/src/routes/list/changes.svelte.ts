/** What can be done to many entries at once, and taken back. */
import {
  once,
  undoBulkChange,
  unblockArtists,
  unwrap,
  updateBlockedArtists,
  type DnpEntry,
} from "@nodrake/client";
import { Action } from "$lib/api/action.svelte";
import { account } from "$lib/api/session.svelte";
import { t } from "$lib/i18n/index.svelte";
import { toasts } from "$lib/ui/toasts.svelte";
import { counted } from "$lib/i18n/counted";

interface Hooks {
  /** These entries are gone. */
  ongone: (ids: ReadonlySet<string>) => void;
  /** Anything else may be as it is not on the screen. */
  onchanged: () => Promise<unknown>;
}

export class Changes {
  readonly action = new Action();
  readonly #undoing = new Action();
  readonly #hooks: Hooks;
  #toast = -1;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  get trouble() {
    return this.action.trouble ?? this.#undoing.trouble;
  }

  /** One entry goes as many do: so it comes back with its date and where it was from. */
  removeOne(entry: DnpEntry): Promise<boolean> {
    const text = t("list.removed_it", { name: entry.artist.canonical_name });
    return this.#remove([entry.artist_id], () => text);
  }

  remove(ids: readonly string[]): Promise<boolean> {
    return this.#remove(ids, (count) => counted("list.removed", count));
  }

  async #remove(ids: readonly string[], text: (count: number) => string): Promise<boolean> {
    this.#undoing.trouble = null;
    const isDone = await this.action.run(async () => {
      const body = { artist_ids: [...ids] };
      const done = await unwrap(unblockArtists({ client: account.client, body, ...once() }));
      this.#hooks.ongone(new Set(ids));
      this.say(text(done.removed), done.change_id);
    });
    if (isDone) await this.#hooks.onchanged();
    return isDone;
  }

  /** Throws, so that the dialog that asks for it can say why. */
  async tag(ids: readonly string[], add: string[], remove: string[]): Promise<void> {
    const body = { artist_ids: [...ids], add_tags: add, remove_tags: remove };
    const done = await unwrap(updateBlockedArtists({ client: account.client, body, ...once() }));
    const words = [counted("list.changed", done.changed)];
    if (done.too_many_tags > 0) words.push(counted("list.too_many_tags", done.too_many_tags));
    this.say(words.join(" "), done.change_id);
    await this.#hooks.onchanged();
  }

  /** Waits for nothing else that is done here; where it fails it is offered again. */
  undo = async (changeId: string): Promise<boolean> => {
    this.action.trouble = null;
    const isDone = await this.#undoing.run(async () => {
      toasts.dismiss(this.#toast);
      const body = { change_id: changeId };
      const done = await unwrap(undoBulkChange({ client: account.client, body, ...once() }));
      const words = [counted("list.undone", done.restored)];
      if (done.left > 0) words.push(counted("list.left", done.left));
      toasts.say(words.join(" "));
    });
    if (isDone) await this.#hooks.onchanged();
    else if (this.#undoing.trouble) this.say(this.#undoing.trouble.message, changeId);
    return isDone;
  };

  /** Only the last change can be undone, so only its message offers it. */
  say(text: string, changeId: string | null): void {
    toasts.dismiss(this.#toast);
    this.#toast = toasts.say(text, changeId === null ? undefined : () => void this.undo(changeId));
  }
}
