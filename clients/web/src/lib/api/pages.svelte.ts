/** Pages of anything that is read with a cursor. */
import { Action } from "./action.svelte";

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export class Pages<T> {
  items = $state.raw<readonly T[]>([]);
  cursor = $state<string | null>(null);
  isRead = $state(false);
  /** A new one each time it is read from the top: what an older one still brings is dropped. */
  action = $state.raw(new Action());
  readonly #read: (cursor: string | null) => Promise<Page<T>>;

  /** Reads the first page at once. */
  constructor(read: (cursor: string | null) => Promise<Page<T>>) {
    this.#read = read;
    void this.more();
  }

  more = () => {
    const { action } = this;
    return action.run(async () => {
      const page = await this.#read(this.cursor);
      if (action !== this.action) return;
      this.items = [...this.items, ...page.items];
      this.cursor = page.next_cursor;
      this.isRead = true;
    });
  };

  again = async (): Promise<void> => {
    this.action = new Action();
    this.items = [];
    this.cursor = null;
    await this.more();
  };
}
